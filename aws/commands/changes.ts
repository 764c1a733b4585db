import { paidWhenIdle, partsOf } from "../cdk/idle";
import type { Part } from "../cdk/project";
import { SETTING_NAMES, type SettingName, type Settings, writeSettings } from "../cdk/settings";
import { toRange } from "../cdk/web/viewer-filter";

/** `weakens`: what is less safe, or told to fewer, afterwards. */
export type Change = { name: SettingName; from: string; to: string; weakens: string | null };

type Weakens = (before: Settings, after: Settings) => string | false;

const hasReader = ({ alarmEmail }: Settings) => alarmEmail !== undefined && alarmEmail !== "none";

const WEAKENS: Partial<Record<SettingName, Weakens>> = {
  alarmEmail: (before, after) =>
    hasReader(before) && !hasReader(after) && "nobody is told of alarms and budget any more",
  budgetUsd: (before, after) => after.budgetUsd > before.budgetUsd && "what is spent is told of later",
  apiKey: (before, after) => before.apiKey && !after.apiKey && "callers need no API key any more",
  olderCallers: (before, after) =>
    before.olderCallers === "sign" &&
    after.olderCallers === "apiKey" &&
    "whoever has a key may call the older route without signing",
  destroyData: (before, after) =>
    !before.destroyData && after.destroyData && "removing the stacks removes data and models, too",
  customerKey: (before, after) =>
    before.customerKey &&
    !after.customerKey &&
    "new files are under S3's own key, and those under yours can be read here no more: copy them over first (docs/aws.md)",
  invokers: (before, after) => {
    if (before.invokers === undefined) return false;
    if (after.invokers === undefined) return "the API's policy goes: every identity with the right may call";
    return (
      after.invokers.some((arn) => !before.invokers?.includes(arn)) && "others may call than those until now"
    );
  },
  vpcSubnets: (before, after) =>
    before.vpcSubnets !== undefined &&
    after.vpcSubnets === undefined &&
    "Lambda and SageMaker leave your VPC and reach AWS over the internet's addresses",
  webAllowedIps: (before, after) =>
    before.web !== "none" &&
    after.web !== "none" &&
    before.webAllowedIps !== undefined &&
    (after.webAllowedIps?.some((range) => !isWithin(range, before.webAllowedIps ?? [])) ?? true) &&
    "other addresses reach the web application than until now",
};

function isWithin(range: string, ranges: readonly string[]): boolean {
  const [network, mask] = toRange(range);
  return ranges.map(toRange).some(([into, wide]) => (network & wide) === into && (mask & wide) === wide);
}

/** What differs between two settings, by name. */
export function compareSettings(before: Settings, after: Settings): Change[] {
  const [from, to] = [writeSettings(before), writeSettings(after)];
  return SETTING_NAMES.filter((name) => from[name] !== to[name]).map((name) => ({
    name,
    from: from[name] ?? "unset",
    to: to[name] ?? "unset",
    weakens: WEAKENS[name]?.(before, after) || null,
  }));
}

/** What is paid for when idle, a line for each kind of thing: " " before what stays, "-" what goes, "+" what comes. */
export function compareIdle(before: Settings | null, after: Settings): string[] {
  const [from, to] = [before === null ? [] : totalOf(before), totalOf(after)];
  const kinds = new Set([...from, ...to].map(([what]) => what));
  return [...kinds].flatMap((what) => {
    const [old, now] = [from, to].map((total) => new Map(total).get(what) ?? 0) as [number, number];
    const line = (sign: string, count: number) => `${sign} ${count} × ${what}`;
    if (before === null) return [line(" ", now)];
    if (old === now) return [line(" ", now)];
    return [...(old > 0 ? [line("-", old)] : []), ...(now > 0 ? [line("+", now)] : [])];
  });
}

/** What of one stack is paid for when idle, in a line. */
export const idleOf = (part: Part, settings: Settings): string =>
  paidWhenIdle(part, settings)
    .map(([count, what]) => `${count} × ${what}`)
    .join(", ");

function totalOf(settings: Settings): [what: string, count: number][] {
  const total = new Map<string, number>();
  for (const part of partsOf(settings)) {
    for (const [count, what] of paidWhenIdle(part, settings)) total.set(what, (total.get(what) ?? 0) + count);
  }
  return [...total];
}
