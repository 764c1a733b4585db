import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import Database from "better-sqlite3";
import type { Pool } from "pg";
import { bringingUp } from "./former-migrations";

/**
 * Has each migration applied whole or not at all. Prisma's adapters run a script statement by statement, and write down
 * only afterwards that it is through: a process that is killed meanwhile leaves a half of it, which the engine then
 * refuses for ever. Here the script and the note that it has run are one transaction.
 */

/** In the column `logs` of _prisma_migrations, which the engine itself uses for failures only. */
const NOTE = "The script has run.";
/** By which the engine keeps two processes from migrating one PostgreSQL database; given back as the connection ends. */
const ENGINE_LOCK = 72_707_369;
const LOCK_WAIT_MS = 60_000;
const UNFINISHED = "finished_at IS NULL AND rolled_back_at IS NULL";

/**
 * @param adapter through which the engine applies migrations
 * @param names of the migrations by their scripts; other scripts are run as they are
 */
export function applyWhole(
  adapter: SqlDriverAdapter,
  names: ReadonlyMap<string, string>,
  pool: Pool | null,
): void {
  const runAsItIs = adapter.executeScript.bind(adapter);
  adapter.executeScript = async (script) => {
    const name = names.get(script);
    if (name === undefined) return runAsItIs(script);
    const noted = `${script}
;UPDATE _prisma_migrations SET logs = '${NOTE}' WHERE migration_name = '${name}' AND ${UNFINISHED};`;
    // Several statements in one query are one transaction.
    if (pool !== null) {
      await pool.query(noted);
      return;
    }
    // Within a transaction it cannot be switched: a table that is made anew would take the rows along that refer to it.
    await runAsItIs("PRAGMA foreign_keys = OFF");
    try {
      await runAsItIs(`BEGIN IMMEDIATE;\n${noted}\nCOMMIT`);
    } catch (error) {
      await runAsItIs("ROLLBACK");
      throw error;
    } finally {
      await runAsItIs("PRAGMA foreign_keys = ON");
    }
  };
}

/** A migration that was broken off is finished where its script has run; where it has not, it is forgotten. */
const SETTLING = [
  `UPDATE _prisma_migrations SET finished_at = current_timestamp, applied_steps_count = 1 WHERE logs = '${NOTE}' AND ${UNFINISHED}`,
  `DELETE FROM _prisma_migrations WHERE ${UNFINISHED}`,
];

const FINISHED = "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL";

/** Settles what was broken off in a SQLite file, which nobody else has open, and brings up what had another form. */
export function settleFile(path: string): void {
  const database = new Database(path);
  try {
    const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = '_prisma_migrations'").get();
    if (table === undefined) return;
    for (const statement of SETTLING) database.exec(statement);
    const applied = database.prepare<[], string>(FINISHED).pluck().all();
    for (const script of bringingUp("sqlite", applied)) database.transaction(() => database.exec(script))();
  } finally {
    database.close();
  }
}

/** The same in the schema that connections of this pool see; ends the pool. */
export async function settleSchema(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
    await client.query(`SELECT pg_advisory_lock(${ENGINE_LOCK})`);
    const { rows } = await client.query("SELECT to_regclass('_prisma_migrations') AS found");
    if (rows[0].found === null) return;
    for (const statement of SETTLING) await client.query(statement);
    const applied = await client.query<{ name: string }>(FINISHED);
    for (const script of bringingUp(
      "postgresql",
      applied.rows.map(({ name }) => name),
    )) {
      // Several statements in one query are one transaction.
      await client.query(script);
    }
  } finally {
    client.release();
    await pool.end();
  }
}
