import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { type Account, findStacks, resourcesOf } from "./account";
import { askAws } from "./aws-api";

const events = z.object({
  events: z.array(z.object({ eventId: z.string(), timestamp: z.number(), message: z.string() })).default([]),
  nextToken: z.string().optional(),
});

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "30m", "2h" or "7d" in milliseconds. */
export function parseSpan(text: string): Result<number, string> {
  const [, count, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  return unit === undefined
    ? fail(`--since takes minutes, hours or days, such as 30m, 2h or 7d, and not ${text}.`)
    : ok(Number(count) * UNITS[unit as keyof typeof UNITS]);
}

type LogsOptions = {
  account: Account;
  /** Part of a log group's name; undefined for the Lambda's. */
  group: string | undefined;
  sinceMs: number;
  /** CloudWatch's filter pattern. */
  pattern: string | undefined;
  /** Goes on until it is aborted; undefined: stops with what there is. */
  follow: AbortSignal | undefined;
  say: (line: string) => void;
  pollMs?: number;
};

/** Says what a log group of the stage holds, oldest first. */
export async function sayLogs(options: LogsOptions): Promise<Result<void, string>> {
  const { account, sinceMs, pattern, follow, say, pollMs = 2_000 } = options;
  const chosen = await chooseGroup(account, options.group ?? account.names.lambda);
  if (!chosen.ok) return chosen;
  say(`${chosen.value}, since ${new Date(Date.now() - sinceMs).toISOString()}`);
  let startTime = Date.now() - sinceMs;
  /** The events of the last millisecond that was shown: the next look begins at it. */
  let seen = new Set<string>();
  for (;;) {
    let nextToken: string | undefined;
    // A token goes on with the look that it came of.
    const from = startTime;
    do {
      const page = await askAws(
        account.region,
        "logs",
        "FilterLogEvents",
        { logGroupName: chosen.value, startTime: from, filterPattern: pattern, nextToken },
        events,
      );
      if (!page.ok) return page;
      for (const { eventId, timestamp, message } of page.value.events) {
        if (seen.has(eventId)) continue;
        say(`${new Date(timestamp).toISOString()}  ${message.trimEnd()}`);
        if (timestamp > startTime) {
          startTime = timestamp;
          seen = new Set();
        }
        seen.add(eventId);
      }
      nextToken = page.value.nextToken;
    } while (nextToken !== undefined);
    if (follow === undefined || follow.aborted) return ok(undefined);
    await sleep(pollMs, undefined, { signal: follow }).catch(() => {});
  }
}

async function chooseGroup(account: Account, part: string): Promise<Result<string, string>> {
  const resources = await resourcesOf(account, await findStacks(account));
  const groups = resources.filter(({ type }) => type === "AWS::Logs::LogGroup").map(({ id }) => id);
  const found = groups.filter((name) => name.includes(part));
  const [group] = found;
  if (group !== undefined && found.length === 1) return ok(group);
  if (groups.length === 0) return fail(`There is no log group: nothing is deployed in ${account.region}.`);
  return fail(
    `--group ${part} is part of ${found.length === 0 ? "no" : "more than one"} log group. There are:\n  ${groups.join("\n  ")}`,
  );
}
