import "server-only";
import { type AuditFields, canonicalJson } from "@/lib/access/audit";
import type { DatabaseKind } from "@/lib/database-url";
import { timeText } from "@/lib/time";

/** The statement that adds entries to the audit, on both kinds of database; threads use it too. */

const COLUMNS = [
  ...["at", "actor_kind", "actor_id", "act", "object", "object_id", "model_hash", "request_id", "detail"],
] as const;
const OBJECT_ID = `value ->> ${COLUMNS.indexOf("object_id")}`;
const CANONICAL = `value ->> ${COLUMNS.length}`;

/** The values of COLUMNS, then what is hashed of them. */
function valuesOf(entry: AuditFields): (string | null)[] {
  const { at, actorKind, actorId, act, object, objectId, modelHash, requestId, detail } = entry;
  const columns = [timeText(at), actorKind, actorId, act, object, objectId, modelHash, requestId, detail];
  return [...columns, canonicalJson(entry)];
}

/** The condition that an entry's object is a row of this table for which `condition` holds. */
export const ofRow = (table: "prediction" | "batch" | "saved_view", condition = "TRUE") =>
  `EXISTS (SELECT 1 FROM ${table} WHERE id = ${OBJECT_ID} AND ${condition})`;

/**
 * What adds entries for which `condition` holds, each after the one before it: a statement, and the one parameter of each of
 * its runs, in this order. The chain is made in the statement, so that nobody comes between reading the last hash and writing
 * the next: on SQLite it has the writer's lock, on PostgreSQL LOCK comes before it in the same transaction.
 */
export function insertEntries(
  kind: DatabaseKind,
  entries: readonly AuditFields[],
  condition = "TRUE",
): { sql: string; parameters: string[] } {
  const values = entries.map(valuesOf);
  return kind === "sqlite"
    ? { sql: sqliteInsert(condition), parameters: values.map((one) => JSON.stringify(one)) }
    : { sql: postgresInsert(condition), parameters: values.length === 0 ? [] : [JSON.stringify(values)] };
}

const INSERT = `INSERT INTO audit_entry (place, ${COLUMNS.join(", ")}, hash)`;
const LAST_PLACE = "coalesce((SELECT place FROM audit_entry ORDER BY place DESC LIMIT 1), 0)";
const LAST_HASH = "coalesce((SELECT hash FROM audit_entry ORDER BY place DESC LIMIT 1), '')";
/** As hashedText of lib/access/audit.ts has it. */
const HASHED = `hash || ' ' || CAST(place + 1 AS TEXT) || ' ' || (${CANONICAL})`;

/** One entry a run. The thread keeps it prepared, and runs it in half the time that one for many takes. */
const sqliteInsert = (condition: string) => `${SQLITE_INSERT} WHERE ${condition}`;
const SQLITE_INSERT = `
  ${INSERT}
  SELECT place + 1, ${COLUMNS.map((_, at) => `value ->> ${at}`).join(", ")}, sha256(${HASHED})
  FROM (SELECT ? AS value), (SELECT ${LAST_PLACE} AS place, ${LAST_HASH} AS hash)`;

/** All entries in one run, and one round trip. */
function postgresInsert(condition: string): string {
  const cells = COLUMNS.map((name, at) => `(value ->> ${at})${name === "at" ? "::timestamptz(3)" : ""}`);
  return `
    WITH RECURSIVE entry AS MATERIALIZED (
      SELECT row_number() OVER (ORDER BY key) AS number, value
      FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(value, key) WHERE ${condition}
    ), chain (number, place, hash) AS (
      SELECT CAST(0 AS BIGINT), ${LAST_PLACE}, ${LAST_HASH}
      UNION ALL
      SELECT entry.number, place + 1, encode(sha256(convert_to(${HASHED}, 'UTF8')), 'hex')
      FROM chain JOIN entry ON entry.number = chain.number + 1
    )
    ${INSERT} SELECT place, ${cells.join(", ")}, hash FROM chain JOIN entry ON entry.number = chain.number`;
}

/** Waits on PostgreSQL until no other transaction adds entries, and keeps them waiting until this one ends. */
export const LOCK = "SELECT pg_advisory_xact_lock('audit_entry'::regclass::oid::bigint)";
