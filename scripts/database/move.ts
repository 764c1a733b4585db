import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { type Client, types } from "pg";
import {
  databaseKind,
  schemaOf,
  shownDatabaseUrl,
  sqlitePath,
  teamDatabaseUrl,
} from "../../lib/database-url";
import { connectClient } from "../../lib/postgres/connect";
import { runCommand, teamsIn, UserError } from "./database-file";

/**
 * Copies a SQLite history, and that of every team, into an empty, migrated PostgreSQL database: one transaction, which is committed only when
 * every table has the same rows on both sides, compared one by one in the order of their keys. docs/database.md
 */

const BATCH_ROWS = 1000;
/** Tables of which a row may have megabytes. */
const LARGE = ["measurement", "measured_image"];
const rowsAtOnce = ({ name }: Table) => (LARGE.includes(name) ? 1 : BATCH_ROWS);

/** Which migrations were applied is each database's own. */
const NOT_MOVED = /^(?:_prisma_migrations|sqlite_.*)$/;

type Column = { name: string; type: string };
type Table = { name: string; columns: Column[]; key: string[]; refersTo: string[] };
type Value = string | number | boolean | Buffer | null;
type Row = Value[];
/** A checksum over all rows of a table in the order of their keys. */
type Sum = { rows: number; checksum: string };

const quoted = (name: string) => `"${name}"`;
const list = (names: readonly string[]) => names.map(quoted).join(", ");

function readArguments(): { from: string; to: string } {
  const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" } } });
  const { from = "", to = "" } = values;
  if (databaseKind(from) !== "sqlite" || databaseKind(to) !== "postgresql") {
    throw new UserError(
      "Usage: npm run move -- --from file:./data/cytodesk.db --to postgresql://user:password@host:port/database",
    );
  }
  return { from, to };
}

/** The tables of PostgreSQL, each after those it refers to. */
async function tablesOf(target: Client): Promise<Table[]> {
  const { rows: columns } = await target.query<{ table: string; name: string; type: string }>(`
    SELECT table_name AS table, column_name AS name, udt_name AS type FROM information_schema.columns
    WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`);
  const { rows: constraints } = await target.query<{
    table: string;
    kind: string;
    refersTo: string | null;
    key: string[];
  }>(`
    SELECT conrelid::regclass::text AS table, contype::text AS kind, nullif(confrelid, 0)::regclass::text AS "refersTo",
      ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = k.number ORDER BY k.place) AS key
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype IN ('p', 'f')`);
  const names = [...new Set(columns.map(({ table }) => table))].filter((name) => !NOT_MOVED.test(name));
  const waiting = names.map((name): Table => {
    const own = constraints.filter(({ table }) => table === name);
    return {
      name,
      columns: columns.filter(({ table }) => table === name),
      key: own.find(({ kind }) => kind === "p")?.key ?? [],
      refersTo: own.flatMap(({ refersTo }) => (refersTo === null || refersTo === name ? [] : [refersTo])),
    };
  });
  const ordered: Table[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ refersTo }) =>
      refersTo.every((other) => ordered.some(({ name }) => name === other)),
    );
    if (next === -1) throw new Error("The tables refer to each other in a circle.");
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

function requireSameTables(source: Database.Database, tables: readonly Table[]): void {
  const inSource = source
    .prepare<[], { table: string; name: string }>(
      `SELECT m.name AS "table", c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'`,
    )
    .all()
    .filter(({ table }) => !NOT_MOVED.test(table))
    .map(({ table, name }) => `${table}.${name}`);
  const inTarget = tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`));
  const only = (here: string[], there: string[]) => here.filter((name) => !there.includes(name)).join(", ");
  const [sourceOnly, targetOnly] = [only(inSource, inTarget), only(inTarget, inSource)];
  if (sourceOnly === "" && targetOnly === "") return;
  throw new UserError(
    `The two databases are not of the same migration. Only in SQLite: ${sourceOnly || "nothing"}; only in PostgreSQL: ${targetOnly || "nothing"}.
Bring each up to date with DATABASE_URL=… npm run migrate -- deploy, then move again.`,
  );
}

/**
 * A value so that the two sides are equal exactly where they mean the same: moments as milliseconds, whole numbers of eight
 * bytes as text, as PostgreSQL's client gives them, true and false as SQLite's 1 and 0, bytes as their SHA-256.
 */
function comparable(value: Value, type: string): Value {
  if (type === "int8" && value !== null) return String(value);
  if (type === "bool" && value !== null) return Number(value);
  if (Buffer.isBuffer(value)) return createHash("sha256").update(value).digest("hex");
  if (value === null || type !== "timestamptz") return value;
  const moment = typeof value === "number" ? value : Date.parse(String(value));
  if (Number.isNaN(moment)) throw new UserError(`"${value}" in a column of dates is no date.`);
  return moment;
}

class Summer {
  readonly #hash = createHash("sha256");
  #rows = 0;

  constructor(private readonly columns: readonly Column[]) {}

  add(row: Row): void {
    this.#rows += 1;
    // JSON writes a number with as many digits as tell it from every other.
    this.#hash.update(JSON.stringify(row.map((value, i) => comparable(value, this.columns[i]?.type ?? ""))));
  }

  sum(): Sum {
    return { rows: this.#rows, checksum: this.#hash.digest("hex") };
  }
}

async function copy(source: Database.Database, target: Client, table: Table): Promise<Sum> {
  const names = table.columns.map(({ name }) => name);
  const summer = new Summer(table.columns);
  const arrays = table.columns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(", ");
  const insert = `INSERT INTO ${quoted(table.name)} (${list(names)}) SELECT * FROM unnest(${arrays})`;
  let batch: Row[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    await target.query(
      insert,
      names.map((_, i) => batch.map((row) => row[i] ?? null)),
    );
    batch = [];
  };
  const select = source.prepare<[], Row>(
    `SELECT ${list(names)} FROM ${quoted(table.name)} ORDER BY ${list(table.key)}`,
  );
  for (const row of select.raw().iterate() as IterableIterator<Row>) {
    summer.add(row);
    batch.push(row);
    if (batch.length === rowsAtOnce(table)) await flush();
  }
  await flush();
  return summer.sum();
}

/** Numbers given on copying do not advance the sequence that numbers the next row. */
async function advanceSequences(target: Client, { name, columns }: Table): Promise<void> {
  for (const column of columns.filter(({ type }) => type.startsWith("int"))) {
    await target.query(
      `SELECT setval(sequence::regclass, highest) FROM pg_get_serial_sequence($1, $2) AS sequence,
         (SELECT max(${quoted(column.name)}) AS highest FROM ${quoted(name)}) AS given
       WHERE sequence IS NOT NULL AND highest IS NOT NULL`,
      [quoted(name), column.name],
    );
  }
}

async function sumOf(target: Client, table: Table): Promise<Sum> {
  const summer = new Summer(table.columns);
  const names = list(table.columns.map(({ name }) => name));
  await target.query(
    `DECLARE moved NO SCROLL CURSOR FOR SELECT ${names} FROM ${quoted(table.name)} ORDER BY ${list(table.key)}`,
  );
  for (;;) {
    const most = rowsAtOnce(table);
    const { rows } = await target.query<Row>({ text: `FETCH ${most} FROM moved`, rowMode: "array" });
    for (const row of rows) summer.add(row);
    if (rows.length < most) break;
  }
  await target.query("CLOSE moved");
  return summer.sum();
}

async function requireEmpty(target: Client, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables) {
    // A running application would otherwise add rows in between.
    await target.query(`LOCK TABLE ${quoted(name)} IN EXCLUSIVE MODE`);
    const { rowCount } = await target.query(`SELECT FROM ${quoted(name)} LIMIT 1`);
    if (rowCount !== 0)
      throw new UserError(`The target's table "${name}" holds rows; move into an empty database.`);
  }
}

/** Copies the tables of one database, within the target's transaction. */
async function move(source: Database.Database, target: Client): Promise<void> {
  const tables = await tablesOf(target);
  requireSameTables(source, tables);
  // One moment of the source, whatever is still written to it.
  source.exec("BEGIN");
  await requireEmpty(target, tables);
  const shown: Record<string, { rows: number; "in PostgreSQL": number; "SHA-256": string; equal: string }> =
    {};
  for (const table of tables) {
    const sent = await copy(source, target, table);
    await advanceSequences(target, table);
    const found = await sumOf(target, table);
    shown[table.name] = {
      rows: sent.rows,
      "in PostgreSQL": found.rows,
      "SHA-256": found.checksum.slice(0, 16),
      equal: sent.rows === found.rows && sent.checksum === found.checksum ? "yes" : "NO",
    };
  }
  console.table(shown);
  const different = Object.keys(shown).filter((name) => shown[name]?.equal !== "yes");
  if (different.length > 0) {
    throw new UserError(`Nothing is moved: ${different.join(", ")} arrived otherwise than sent.`);
  }
}

/** Makes the schema of a team and its tables, by a process of its own as every migration is. */
function migrate(url: string): void {
  const script = fileURLToPath(new URL("../../dist/database/migrate.mjs", import.meta.url));
  execFileSync(process.execPath, [script, "deploy"], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function moveFile(path: string, target: Client): Promise<void> {
  const source = new Database(path, { readonly: true, fileMustExist: true });
  try {
    await move(source, target);
  } finally {
    source.close();
  }
}

async function main(): Promise<void> {
  const { from, to } = readArguments();
  // As the server writes them, in UTC: JavaScript's dates are no finer than its milliseconds.
  types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => text);
  const target = await connectClient(to, { options: "-c TimeZone=UTC -c synchronous_commit=on" });
  try {
    const home = sqlitePath(from);
    const teams = teamsIn(home).map((id) => {
      const path = sqlitePath(teamDatabaseUrl(from, id));
      if (!existsSync(path)) throw new UserError(`There is no database of the team ${id} at ${path}.`);
      return { id, path, url: teamDatabaseUrl(to, id) };
    });
    for (const { url } of teams) migrate(url);
    await target.query("BEGIN");
    await moveFile(home, target);
    for (const { id, path, url } of teams) {
      console.log(`Team ${id}:`);
      await target.query(`SET LOCAL search_path TO ${schemaOf(url)}`);
      await moveFile(path, target);
    }
    await target.query("COMMIT");
    console.log(`Moved ${from} to ${shownDatabaseUrl(to)}; the SQLite file is as it was.`);
  } finally {
    // An open transaction ends with its connection, undone.
    await target.end();
  }
}

await runCommand(main);
