import "server-only";
import * as z from "zod";
import { filterNames } from "@/lib/access/audit";
import { type AuditCursor, type AuditFilters, type AuditQuery, auditPairs } from "@/lib/access/audit-query";
import { csvCell, guardFormula } from "@/lib/exchange/spreadsheet-text";
import type { Result } from "@/lib/result";
import { homeDatabase } from "@/lib/server/database/db";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { readOffThread } from "@/lib/server/database/read-threads";
import { reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { timeText } from "@/lib/time";
import { actor, askedAs, runAs } from "./actor";
import { audit } from "./audit";

/** Reads the audit of the team that asks, for its administrators. Who looked is in it, too. */

const text = z.string().nullable();
const COLUMNS = {
  place: z.union([z.number(), z.bigint()]).transform(Number),
  at: z.union([z.string(), z.date()]).transform((at) => new Date(at)),
  ...{ actor_kind: z.string(), actor_id: text, act: z.string(), object: text, object_id: text },
  ...{ model_hash: text, request_id: text, detail: text, hash: z.string() },
};
const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const row = z.object(COLUMNS);
type Row = z.infer<typeof row>;

/** An entry as its page shows it. `name`: of the person or key, null where they are no longer there, or it is neither. */
type AuditRow = Row & { name: string | null };

export type AuditPage = { rows: AuditRow[]; newer: AuditCursor | null; older: AuditCursor | null };

const PAGE = 50;

/** A page of the entries, newest first. */
export const listAudit = ({ filters, cursor }: AuditQuery): Promise<Result<AuditPage, StoreError>> =>
  reading(
    "audit_not_read",
    async () => {
      await audit("audit_viewed", { detail: { filters: filterNames(auditPairs(filters)) } });
      const found = await findRows(filters, cursor, PAGE + 1);
      const hasMore = found.length > PAGE;
      const rows = found.slice(0, PAGE);
      const isBack = cursor?.towards === "newer";
      if (isBack) rows.reverse();
      const [first, last] = [rows[0], rows.at(-1)];
      const isFirst = cursor === null || (isBack && !hasMore);
      const names = await namesOf(rows);
      return {
        rows: rows.map((one) => ({ ...one, name: names.get(one.actor_id) ?? null })),
        newer: isFirst || first === undefined ? null : { towards: "newer", place: first.place },
        older: last === undefined || !(isBack || hasMore) ? null : { towards: "older", place: last.place },
      };
    },
    undefined,
    "administer",
  );

/** Without an index: the audit is written with every act, and looked into now and then, in a thread of its own. */
async function findRows(filters: AuditFilters, cursor: AuditCursor | null, most: number): Promise<Row[]> {
  const { act, who, object, from, to } = filters;
  const time = (at: Date) => (kindOfDatabase() === "sqlite" ? timeText(at) : at);
  const is = (condition: boolean, sql: () => Prisma.Sql) => (condition ? [sql()] : []);
  const conditions = [
    Prisma.sql`TRUE`,
    ...is(act !== null, () => Prisma.sql`act = ${act}`),
    ...is(who !== null, () => Prisma.sql`actor_id = ${who}`),
    ...is(object !== null, () => Prisma.sql`object_id = ${object}`),
    ...is(from !== null, () => Prisma.sql`at >= ${time(new Date(`${from}T00:00:00Z`))}`),
    ...is(to !== null, () => Prisma.sql`at <= ${time(new Date(`${to}T23:59:59.999Z`))}`),
    ...is(cursor?.towards === "older", () => Prisma.sql`place < ${cursor?.place}`),
    ...is(cursor?.towards === "newer", () => Prisma.sql`place > ${cursor?.place}`),
  ];
  const order = Prisma.raw(cursor?.towards === "newer" ? "ASC" : "DESC");
  const found = await readOffThread(Prisma.sql`
    SELECT ${Prisma.raw(NAMES.join(", "))} FROM audit_entry WHERE ${Prisma.join(conditions, " AND ")}
    ORDER BY place ${order} LIMIT ${most}`);
  return found.map((values) => row.parse(Object.fromEntries(NAMES.map((name, at) => [name, values[at]]))));
}

/** Names by the ids of persons and keys, which are in the home team's database. */
async function namesOf(rows: readonly Row[]): Promise<Map<string | null, string>> {
  const ids = [...new Set(rows.flatMap(({ actor_id }) => (actor_id === null ? [] : [actor_id])))];
  if (ids.length === 0) return new Map();
  const { user, apiKey } = await homeDatabase();
  const asked = { where: { id: { in: ids } }, select: { id: true, name: true } };
  const found = await Promise.all([user.findMany(asked), apiKey.findMany(asked)]);
  return new Map(found.flat().map(({ id, name }) => [id, name]));
}

export const AUDIT_FORMATS = ["csv", "jsonl"] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

const PIECE = 1_000;

/** The entries that the filters show, newest first, as a file, piece by piece; what is written meanwhile is not in it. */
export const exportAudit = (
  filters: AuditFilters,
  format: AuditFormat,
): Promise<Result<AsyncGenerator<string, void>, StoreError>> =>
  reading(
    "audit_not_exported",
    async () => {
      await audit("audit_exported", { detail: { format, filters: filterNames(auditPairs(filters)) } });
      const first = await findRows(filters, null, PIECE);
      const [who, requestId] = [actor(), askedAs() ?? undefined];
      // What takes the pieces may do so outside the request.
      const next = (after: Row) =>
        runAs(who, () => findRows(filters, { towards: "older", place: after.place }, PIECE), requestId);
      return pieces(first, next, format);
    },
    undefined,
    "administer",
  );

async function* pieces(
  first: Row[],
  next: (after: Row) => Promise<Row[]>,
  format: AuditFormat,
): AsyncGenerator<string, void> {
  if (format === "csv") yield `${NAMES.join(",")}\r\n`;
  for (let rows = first; ; ) {
    yield rows.map(format === "csv" ? csvLine : jsonLine).join("");
    const last = rows.at(-1);
    if (last === undefined || rows.length < PIECE) return;
    rows = await next(last);
  }
}

const csvLine = (one: Row) =>
  `${NAMES.map((name) => {
    const value = one[name];
    if (value instanceof Date) return value.toISOString();
    return typeof value === "string" ? csvCell(guardFormula(value)) : (value ?? "");
  }).join(",")}\r\n`;

const jsonLine = ({ detail, ...one }: Row) =>
  `${JSON.stringify({ ...one, detail: detail === null ? null : JSON.parse(detail) })}\n`;
