import * as z from "zod";
import { explain, given, parsed, type SearchParams, setPairs, writePairs } from "../list-address";
import { fail, ok, type Result } from "../result";
import { ACT_NAMES, ACTS, type Act } from "./audit";

/** What the page of the audit shows, as its address says it. */

export type AuditFilters = {
  act: Act | null;
  /** The id of a person or a key. */
  who: string | null;
  /** The id of what it was done to. */
  object: string | null;
  /** Days in UTC, "2026-11-24", both included. */
  from: string | null;
  to: string | null;
};

/** `cursor`: the page is of what comes before a place, or after it; null is the newest. */
export type AuditQuery = { filters: AuditFilters; cursor: AuditCursor | null };
export type AuditCursor = { towards: "older" | "newer"; place: number };

const id = (name: string) => z.string().max(100, `"${name}" is at most 100 characters long.`);

const day = (name: string) =>
  parsed(name, "It is a day, such as 2026-11-24.", (text) =>
    /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
      ? text
      : null,
  );

const cursor = parsed("cursor", "It is a place, such as older-100.", (text): AuditCursor | null => {
  const [, towards, place] = /^(older|newer)-(\d{1,15})$/.exec(text) ?? [];
  return towards === undefined ? null : { towards: towards as AuditCursor["towards"], place: Number(place) };
});

const parameters = z.strictObject(
  {
    act: given("act", z.enum(ACT_NAMES, { error: explain("act", "It is the name of an act.") })),
    who: given("who", id("who")),
    object: given("object", id("object")),
    from: given("from", day("from")),
    to: given("to", day("to")),
    cursor: given("cursor", cursor),
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `There is no parameter "${String(issue.keys[0]).slice(0, 40)}". It can be act, who, object, from, to and cursor.`
        : undefined,
  },
);

/** Reads an address; the error is a sentence for the reader. */
export function parseAuditQuery(params: SearchParams): Result<AuditQuery, string> {
  const read = parameters.safeParse(params);
  if (!read.success) return fail(read.error.issues[0]?.message ?? "The address cannot be read.");
  const { act = null, who = null, object = null, from = null, to = null, cursor = null } = read.data;
  return ok({ filters: { act, who, object, from, to }, cursor });
}

/** The parameters that filter. */
export const auditPairs = ({ act, who, object, from, to }: AuditFilters) =>
  setPairs([
    ["act", act],
    ["who", who],
    ["object", object],
    ["from", from],
    ["to", to],
  ]);

/** The address of `path` that shows this. */
export function auditHref(
  { filters, cursor }: AuditQuery,
  path = "/audit",
  more: [string, string][] = [],
): string {
  const place = cursor === null ? [] : setPairs([["cursor", `${cursor.towards}-${cursor.place}`]]);
  const pairs = [...auditPairs(filters), ...place, ...more];
  return pairs.length === 0 ? path : `${path}?${writePairs(pairs)}`;
}

/** What is filtered by, in words, each with the filters without it. */
export function auditChips(filters: AuditFilters): { label: string; without: AuditFilters }[] {
  const { act, who, object, from, to } = filters;
  const labels: Record<keyof AuditFilters, string | null> = {
    act: act && ACTS[act],
    who: who && `by ${who}`,
    object: object && `to ${object}`,
    from: from && `from ${from}`,
    to: to && `until ${to}`,
  };
  return Object.entries(labels).flatMap(([name, label]) =>
    label === null ? [] : [{ label, without: { ...filters, [name]: null } }],
  );
}
