import { execFileSync } from "node:child_process";
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
import { checkDatabase } from "../scripts/database/database-file";
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
  test(`a database of the schema ${last} is brought up to date to the bit @postgresql${isEnd ? "" : " @long"}`, async () => {
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
    } finally {
      database.remove();
    }
  });
}

/** What the application itself wrote under each schema that it has had: test/schemas/README.md. */
const kept = fileURLToPath(new URL("../test/schemas", import.meta.url));
const ENDING = `.${TEST_DATABASE}.sql`;
const dumps = readdirSync(kept)
  .filter((name) => name.endsWith(ENDING))
  .sort();

/** What belongs to a prediction and was in its own row once, by the table that has it now. */
const MOVED = {
  prediction_detail: ["contributions", "typicality"],
  model: ["name", "version", "hash", "threshold", "uncertain"],
};

/** The tables of a database that hold what somebody gave or was answered, each with its rows in one order. */
async function everyRow(connection: Connection): Promise<Record<string, Row[]>> {
  const names = await connection.rows(
    TEST_DATABASE === "sqlite"
      ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
  );
  const tables: Record<string, Row[]> = {};
  for (const name of names.map((row) => String(row.name)).filter((name) => name !== "_prisma_migrations"))
    tables[name] = await connection.rows(`SELECT * FROM ${name} ORDER BY 1`);
  return tables;
}

/** The predictions with what other tables hold of them, under the names that the first schema gave it. */
function wholePredictions({ prediction = [], prediction_detail = [], model = [] }: Record<string, Row[]>) {
  return prediction.map((row) => {
    const detail = prediction_detail.find(({ prediction_id }) => prediction_id === row.id);
    const of = model.find(({ id }) => id === row.model_id);
    const whole = { ...row };
    for (const column of MOVED.prediction_detail) whole[column] ??= detail?.[column] ?? null;
    for (const column of MOVED.model) {
      const name = column === "threshold" || column === "uncertain" ? column : `model_${column}`;
      whole[name] ??= of?.[column] ?? null;
    }
    return whole;
  });
}

/** Throws where the chain of the audit is not as it was written. */
const verifyAudit = (url: string) =>
  execFileSync(process.execPath, ["--import", "tsx", "scripts/database/audit-verify.ts"], {
    env: { ...process.env, DATABASE_URL: url },
  });

for (const [place, dump] of dumps.entries()) {
  const isEnd = place === 0 || place === dumps.length - 1;
  test(`a database kept as ${dump.slice(0, -ENDING.length)} loses nothing, and every page answers @postgresql${isEnd ? "" : " @long"}`, async ({
    request,
  }) => {
    const database = await createEmpty();
    try {
      const connection = await connect(database.url);
      await connection.script(readFileSync(join(kept, dump), "utf8"));
      const before = await everyRow(connection);
      await connection.close();
      // As a backup that is restored.
      if (TEST_DATABASE === "sqlite")
        expect(checkDatabase(sqlitePath(database.url)).predictions).toBe(before.prediction?.length);
      runMigrate("deploy", database.url);
      const reopened = await connect(database.url);
      const after = await everyRow(reopened);
      await reopened.close();

      expect(before.prediction?.length).toBeGreaterThan(4);
      const whole = wholePredictions(before);
      expect(wholePredictions(after)).toMatchObject(whole);
      for (const [table, rows] of Object.entries(before))
        if (table !== "prediction")
          expect(after[table]).toEqual(
            expect.arrayContaining(rows.map((row) => expect.objectContaining(row))),
          );
      if ((after.audit_entry ?? []).length > 0) verifyAudit(database.url);

      const server = await AppServer.start(database.url);
      try {
        const rows = after.prediction ?? [];
        const shown = rows.filter(({ deleted_at }) => deleted_at === null).map(({ id }) => String(id));
        const [a, b] = shown;
        const first = (table: string) => after[table]?.[0];
        const answers: Record<string, string> = {};
        const paths = [
          ...["/", "/model", "/path", "/privacy", "/batch", "/api/health", "/history/bin", "/history/import"],
          ...["/history", "/history?sort=area_worst", "/history?radius_mean=0..2000"],
          ...shown.flatMap((id) => [`/history/${id}`, `/history/${id}/text`]),
          ...[`/history/compare?ids=${a},${b}`, `/history/peek?id=${a}`, `/history/rescore?ids=${a}`],
          ...[`/history/delete?ids=${a}`, "/history/export?format=csv", "/history/export?format=jsonl"],
          ...(after.import_report ?? []).map(({ id }) => `/history/import?report=${id}`),
        ];
        for (const path of paths) {
          const answer = await request.get(`${server.url}${path}`);
          answers[path] = await answer.text();
          expect([path, answer.status(), answers[path].includes("cannot be read")]).toEqual([
            path,
            200,
            false,
          ]);
        }
        for (const id of shown) expect(answers["/history/export?format=jsonl"]).toContain(`"id":"${id}"`);
        if (first("annotation") !== undefined)
          expect(answers[`/history/${first("annotation")?.prediction_id}`]).toContain(
            String(first("annotation")?.case_code),
          );
        if (first("saved_view") !== undefined)
          expect(answers["/history"]).toContain(String(first("saved_view")?.name));
        expect(server.log).not.toContain('"level":"error"');
        // The files of a batch are not in its database, and its page says so in their place.
        for (const { id, file_name } of after.batch ?? []) {
          const answer = await request.get(`${server.url}/batch/${id}`);
          expect([answer.status(), (await answer.text()).includes(String(file_name))]).toEqual([200, true]);
        }
      } finally {
        await server.stop();
      }
    } finally {
      database.remove();
    }
  });
}
