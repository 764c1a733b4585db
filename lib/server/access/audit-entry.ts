import "server-only";
import { type AuditFields, canonicalJson } from "@/lib/access/audit";
import type { DatabaseKind } from "@/lib/database-url";
import { timeText } from "@/lib/time";

/** The statement that adds entries to the audit, on both kinds of database; threads use it too. */

/** What the statement's one parameter is: entries in their order, as JSON. */
export const entriesJson = (entries: readonly AuditFields[]): string =>
  JSON.stringify(
    entries.map((entry) => {
      const { at, actorKind, actorId, act, object, objectId, modelHash, requestId, detail } = entry;
      return [
        ...[timeText(at), actorKind, actorId, act, object, objectId, modelHash, requestId, detail],
        canonicalJson(entry),
      ];
    }),
  );

const COLUMNS = [
  ...["at", "actor_kind", "actor_id", "act", "object", "object_id", "model_hash", "request_id", "detail"],
] as const;
const OBJECT_ID = `value ->> ${COLUMNS.indexOf("object_id")}`;
const CANONICAL = `value ->> ${COLUMNS.length}`;

/** The condition that an entry's object is a row of this table for which `condition` holds. */
export const ofRow = (table: "prediction" | "batch", condition = "TRUE") =>
  `EXISTS (SELECT 1 FROM ${table} WHERE id = ${OBJECT_ID} AND ${condition})`;

/**
 * Adds those entries of its parameter for which `condition` holds, each after the one before it. The chain is made in the
 * statement, so that nobody is between reading the last hash and writing the next: on SQLite since it has the writer's lock,
 * on PostgreSQL since LOCK comes before it in the same transaction.
 */
export function insertEntries(kind: DatabaseKind, condition = "TRUE"): string {
  const isSqlite = kind === "sqlite";
  const given = isSqlite
    ? "json_each(?) AS given"
    : "jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(value, key)";
  const sha256 = (text: string) =>
    isSqlite ? `sha256(${text})` : `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
  const cells = COLUMNS.map((name, at) =>
    name === "at" && !isSqlite ? `(value ->> ${at})::timestamptz(3)` : `value ->> ${at}`,
  );
  const last = (column: string) => `(SELECT ${column} FROM audit_entry ORDER BY place DESC LIMIT 1)`;
  // As hashedText of lib/access/audit.ts has it.
  const hashed = `hash || ' ' || CAST(place + 1 AS TEXT) || ' ' || (${CANONICAL})`;
  return `
    WITH RECURSIVE entry AS MATERIALIZED (
      SELECT row_number() OVER (ORDER BY key) AS number, value FROM ${given} WHERE ${condition}
    ), chain (number, place, hash) AS (
      SELECT CAST(0 AS BIGINT), coalesce(${last("place")}, 0), coalesce(${last("hash")}, '')
      UNION ALL
      SELECT entry.number, place + 1, ${sha256(hashed)} FROM chain JOIN entry ON entry.number = chain.number + 1
    )
    INSERT INTO audit_entry (place, ${COLUMNS.join(", ")}, hash)
    SELECT place, ${cells.join(", ")}, hash FROM chain JOIN entry ON entry.number = chain.number`;
}

/** Waits on PostgreSQL until no other transaction adds entries, and keeps them waiting until this one ends. */
export const LOCK = "SELECT pg_advisory_xact_lock('audit_entry'::regclass::oid::bigint)";
