import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { Client } from "pg";
import { v7 as uuidv7 } from "uuid";
import { databaseKind, sqlitePath } from "../lib/database-url";
import { timeText } from "../lib/time";
import { FEATURE_KEYS } from "../tables/current";
import { AppServer } from "../test/app-server";
import { createPostgres, runMigrate, TEST_DATABASE } from "../test/throwaway";
import { expect, test } from "./fixtures";

const folder = fileURLToPath(new URL(`../prisma/migrations/${TEST_DATABASE}`, import.meta.url));
const migrations = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const MIGRATIONS_TABLE = `CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL,
  finished_at ${TEST_DATABASE === "sqlite" ? "DATETIME" : "TIMESTAMPTZ"}, migration_name VARCHAR(255) NOT NULL, logs TEXT,
  rolled_back_at ${TEST_DATABASE === "sqlite" ? "DATETIME" : "TIMESTAMPTZ"},
  started_at ${TEST_DATABASE === "sqlite" ? "DATETIME" : "TIMESTAMPTZ"} NOT NULL DEFAULT current_timestamp,
  applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

type Value = string | number | null;
type Row = Record<string, Value>;
/** A connection: `rows` of one statement with values, and `script` for many without. */
type Connection = {
  rows: (sql: string, values?: Value[]) => Promise<Row[]>;
  script: (sql: string) => Promise<void>;
  close: () => Promise<void>;
};

async function connect(url: string): Promise<Connection> {
  if (databaseKind(url) === "sqlite") {
    const database = new Database(sqlitePath(url));
    return {
      rows: async (sql, values = []) => {
        const statement = database.prepare<Value[], Row>(sql);
        if (statement.reader) return statement.all(...values);
        statement.run(...values);
        return [];
      },
      script: async (sql) => {
        database.exec(sql);
      },
      close: async () => {
        database.close();
      },
    };
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    rows: async (sql, values = []) => {
      let place = 0;
      return (
        await client.query<Row>(
          sql.replaceAll("?", () => `$${++place}`),
          values,
        )
      ).rows;
    },
    script: async (sql) => {
      await client.query(sql);
    },
    close: () => client.end(),
  };
}

/** Numbers of which a text with fewer digits would be another. */
const NUMBERS = [0.006193, 0.1 + 0.2, 2.5e15, 1e-7, 1001, 0, 1 / 3, 122.8, 17.99, 4.9e-300];
const measurements = (row: number): Row =>
  Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, NUMBERS[(row + at) % NUMBERS.length] as number]));
const CONTRIBUTIONS = JSON.stringify(FEATURE_KEYS.map((_, at) => (at - 15) / 7));

/** All that any schema keeps of three predictions, by table; a schema takes the columns that it has. */
function rowsOf(ids: readonly string[]): Record<string, Row[]> {
  const at = timeText(new Date("2026-11-20T10:00:00.123Z"));
  const model = { name: "quadratic", version: "1.0", hash: "a".repeat(64), threshold: 0.5, uncertain: null };
  const prediction = ids.map((id, row) => ({
    id,
    ...measurements(row),
    created_at: at,
    deleted_at: row === 2 ? at : null,
    diagnosis: row === 0 ? "M" : "B",
    label: null,
    cautions: null,
    probability: row === 0 ? 0.1 + 0.7 : 1 / 3,
    threshold: model.threshold,
    model_id: 1,
    model_name: model.name,
    model_version: model.version,
    model_hash: model.hash,
    uncertain: null,
    backend: "embedded",
    latency_ms: 1 / 7,
    source: "form",
    base: -1 / 9,
    contributions: CONTRIBUTIONS,
    typicality: null,
    outcome: row === 0 ? "B" : null,
    outcome_on: row === 0 ? at : null,
    idempotency_key: `key ${row}`,
  }));
  const identity = JSON.stringify(Object.values(model));
  const [first = ""] = ids;
  return {
    model: [{ id: 1, ...model, identity }],
    prediction,
    prediction_detail: ids.map((id) => ({
      prediction_id: id,
      contributions: CONTRIBUTIONS,
      typicality: null,
    })),
    annotation: [{ prediction_id: first, case_code: "FNA-1", note: "kept" }],
    edit: [{ id: uuidv7(), prediction_id: first, at, field: "note", before: null, after: "kept" }],
  };
}

async function columnsOf(connection: Connection, table: string): Promise<string[]> {
  const sql =
    TEST_DATABASE === "sqlite"
      ? "SELECT name FROM pragma_table_info(?)"
      : "SELECT column_name AS name FROM information_schema.columns WHERE table_name = ? AND table_schema = 'public'";
  return (await connection.rows(sql, [table])).map(({ name }) => String(name));
}

/** Brings an empty database to the schema after `names`, as Prisma would, and puts in what it can keep. */
async function fill(url: string, names: readonly string[], ids: readonly string[]): Promise<void> {
  const connection = await connect(url);
  await connection.script(MIGRATIONS_TABLE);
  for (const name of names) {
    const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
    await connection.script(sql);
    await connection.rows(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
        VALUES (?, ?, current_timestamp, ?, 1)`,
      [crypto.randomUUID(), createHash("sha256").update(sql).digest("hex"), name],
    );
  }
  for (const [table, rows] of Object.entries(rowsOf(ids))) {
    const columns = await columnsOf(connection, table);
    for (const row of columns.length === 0 ? [] : rows) {
      const given = columns.filter((column) => column in row);
      await connection.rows(
        `INSERT INTO ${table} (${given.join(", ")}) VALUES (${given.map(() => "?").join(", ")})`,
        given.map((column) => row[column] ?? null),
      );
    }
  }
  await connection.close();
}

async function createEmpty(): Promise<{ url: string; remove: () => void }> {
  if (TEST_DATABASE === "postgresql") return createPostgres("");
  const own = mkdtempSync(join(tmpdir(), "cytodesk-earlier-"));
  return { url: `file:${join(own, "earlier.db")}`, remove: () => rmSync(own, { recursive: true }) };
}

for (let applied = 1; applied <= migrations.length; applied++) {
  const last = migrations[applied - 1] ?? "";
  const isEnd = applied === 1 || applied === migrations.length;
  test(`a database of the schema ${last} is brought up to date to the bit, and every page answers @postgresql${isEnd ? "" : " @long"}`, async ({
    request,
  }) => {
    const database = await createEmpty();
    const ids = [0, 1, 2].map(() => uuidv7());
    try {
      await fill(database.url, migrations.slice(0, applied), ids);
      runMigrate("deploy", database.url);
      const connection = await connect(database.url);
      const predictions = await connection.rows("SELECT * FROM prediction ORDER BY idempotency_key");
      const [detail] = await connection.rows("SELECT * FROM prediction_detail WHERE prediction_id = ?", [
        ids[0] ?? "",
      ]);
      await connection.close();
      expect(predictions).toHaveLength(3);
      for (const [place, row] of predictions.entries()) {
        expect(row).toMatchObject(measurements(place));
        expect([row.id, row.latency_ms, row.probability]).toEqual([
          ids[place],
          1 / 7,
          place === 0 ? 0.1 + 0.7 : 1 / 3,
        ]);
      }
      expect(detail?.contributions).toBe(CONTRIBUTIONS);

      // The rows are the same to the bit, and so is what pages show of them: the oldest schema changes most.
      if (applied > 1) return;
      const server = await AppServer.start(database.url);
      try {
        const [a, b] = ids;
        for (const path of [
          ...["/", "/history", "/history?sort=area_worst", "/history?radius_mean=0..2000", "/history/bin"],
          ...[`/history/${a}`, `/history/${a}/text`, `/history/compare?ids=${a},${b}`, "/history/import"],
          ...[`/history/delete?ids=${a}`, `/history/rescore?ids=${a}`, "/model", "/path"],
          ...["/history/export?format=csv", "/history/export?format=jsonl"],
        ]) {
          const answer = await request.get(`${server.url}${path}`);
          expect([path, answer.status()]).toEqual([path, 200]);
          expect(await answer.text()).not.toContain("cannot be read");
        }
        expect(server.log).not.toContain('"level":"error"');
      } finally {
        await server.stop();
      }
    } finally {
      database.remove();
    }
  });
}
