import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, type SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg";
import Database from "better-sqlite3";
import type { Pool } from "pg";
import {
  DATABASE_KINDS,
  type DatabaseKind,
  databaseKind,
  SQLITE_FORM,
  schemaOf,
  shownDatabaseUrl,
  sqlitePath,
  teamDatabaseUrl,
} from "../../lib/database-url";
import { connectionFailure, openPool } from "../../lib/postgres/connect";
import { PREDICTION_COLUMNS } from "../../lib/prediction/columns";
import { FEATURE_KEYS } from "../../tables/current";
import { appliedMigrations, knownMigrations, runCommand, teamsIn, UserError } from "./database-file";
import { ensurePostgres, runSql, startPostgres } from "./postgres.mjs";
import { SCHEMA_PATH, schemaFor } from "./schema-for.mjs";
import { applyWhole, settleFile, settleSchema } from "./whole-migrations";
import { requireAlone, withFile } from "./writable";

/**
 * Migrations by Prisma's own schema engine, the WebAssembly build from npm: the CLI's `migrate` downloads a binary
 * engine when first run, which a machine without that host cannot do. `_prisma_migrations` is what the CLI writes.
 * A command and not a module: in one process with the generated client, the engine's and the client's WebAssembly
 * share a global and the engine never answers.
 */

const migrationsOf = (kind: DatabaseKind) =>
  fileURLToPath(new URL(`../../prisma/migrations/${kind}`, import.meta.url));
const filters = { externalTables: [], externalEnums: [] };

/** The package's own entry imports its .wasm file, which only bundlers can; Node instantiates it by hand. */
async function loadEngine(): Promise<typeof engineModule.SchemaEngine> {
  const file = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = readFileSync(join(dirname(file), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": engineModule });
  const start = instance.exports.__wbindgen_start;
  engineModule.__wbg_set_wasm(instance.exports);
  if (typeof start === "function") start();
  return engineModule.SchemaEngine;
}

let engineClass: ReturnType<typeof loadEngine> | undefined;

const schemaFile = (kind: DatabaseKind) => ({ path: SCHEMA_PATH, content: schemaFor(kind) });

function migrationsList(kind: DatabaseKind) {
  const folder = migrationsOf(kind);
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: folder,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(join(folder, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok" as const,
          value: readFileSync(join(folder, name, "migration.sql"), "utf8"),
        },
      },
    })),
  };
}

const namesOfScripts = (kind: DatabaseKind) =>
  new Map(
    migrationsList(kind).migrationDirectories.map(({ path, migrationFile }) => [
      migrationFile.content.value,
      path,
    ]),
  );

/**
 * Bytes. A scan of a million entries takes two thirds of the time that it takes with SQLite's own 4096, which writes
 * less for a row saved alone; a file keeps the size that it was made with. docs/decisions/0013
 */
const PAGE_SIZE = 16_384;

function createFile(path: string): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  const file = new Database(path);
  file.pragma(`page_size = ${PAGE_SIZE}`);
  file.exec("VACUUM");
  file.close();
}

/** For its shadow database the engine runs a whole script as one statement, which better-sqlite3 refuses. */
function sqliteAdapter(url: string): PrismaBetterSqlite3 {
  const path = sqlitePath(url);
  // A new team has an empty file already, which nobody else can have made.
  if (path !== ":memory:" && !(existsSync(path) && statSync(path).size > 0)) createFile(path);
  const factory = new PrismaBetterSqlite3({ url });
  const connect = factory.connectToShadowDb.bind(factory);
  factory.connectToShadowDb = async () => {
    const adapter = await connect();
    const executeRaw = adapter.executeRaw.bind(adapter);
    adapter.executeRaw = async (query) => {
      if (query.args.length > 0) return executeRaw(query);
      await adapter.executeScript(query.sql);
      return 0;
    };
    return adapter;
  };
  return factory;
}

/**
 * The adapter's own shadow database would be the database of the URL once more; and it cannot read columns of the
 * catalogue's one-byte type "char", which the engine asks for as soon as there is a foreign key.
 */
function postgresAdapter(pools: Record<"main" | "shadow", Pool>, schema: string | null): PrismaPg {
  const factory = new PrismaPg(pools.main, { schema: schema ?? undefined });
  factory.connectToShadowDb = async () => {
    const adapter = await new PrismaPg(pools.shadow).connect();
    // It divides a script at every semicolon, also in the body of a function.
    adapter.executeScript = async (script) => void (await pools.shadow.query(script));
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = (query) =>
      queryRaw({
        ...query,
        sql: query.sql.replace(/\b\w+\.con(?:f(?:del|upd))?type(?=,|\s+AS\b)/g, "$&::text"),
      });
    return adapter;
  };
  return factory;
}

const SHADOW = "shadow";

/** Connections that see a team's tables alone where the URL is a team's. */
function poolOf(url: string): Promise<Pool> {
  const schema = schemaOf(url);
  return openPool(url, schema === null ? {} : { options: `-c search_path=${schema}` });
}

async function postgresPools(url: string) {
  const shadow = new URL(url);
  shadow.pathname = `/${SHADOW}`;
  return {
    main: await poolOf(url),
    shadow: await openPool(shadow.href),
  };
}

async function withEngine<T>(
  kind: DatabaseKind,
  url: string,
  use: (engine: engineModule.SchemaEngine) => Promise<T>,
): Promise<T> {
  const pools = kind === "postgresql" ? await postgresPools(url) : null;
  const factory = pools === null ? sqliteAdapter(url) : postgresAdapter(pools, schemaOf(url));
  // The engine never closes its connection to a SQLite file, which it has locked for itself.
  const opened: SqlDriverAdapter[] = [];
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const connection = await connect();
    applyWhole(connection, namesOfScripts(kind), pools?.main ?? null);
    opened.push(connection);
    return connection;
  };
  engineClass ??= loadEngine();
  const engine = await (await engineClass).new(
    { datamodels: [[SCHEMA_PATH, schemaFor(kind)]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
    if (pools === null) await Promise.all(opened.map((connection) => connection.dispose()));
    // The lock against other migrations is the session's: it would last as long as an idle connection.
    if (pools !== null) await Promise.all([pools.main.end(), pools.shadow.end()]);
  }
}

/**
 * Applies the pending migrations to the database at `url`, creating a SQLite file; returns their names.
 * @throws UserError that names DATABASE_URL and what is wrong
 */
async function migrate(url: string): Promise<string[]> {
  const kind = databaseKind(url);
  if (kind === null) throw new UserError(`DATABASE_URL must be ${SQLITE_FORM}, or postgresql://…/database.`);
  try {
    if (kind === "sqlite" && existsSync(sqlitePath(url)) && !preparesFile(sqlitePath(url))) {
      await fitColumns(kind, url);
      return [];
    }
    if (kind === "postgresql") await makeSchema(url);
    if (kind === "postgresql") await settleSchema(await poolOf(url));
    else if (existsSync(sqlitePath(url))) settleFile(sqlitePath(url));
    const { appliedMigrationNames } = await withEngine(kind, url, (engine) =>
      engine.applyMigrations({ migrationsList: migrationsList(kind), filters }),
    );
    await fitColumns(kind, url);
    if (kind === "sqlite") giveBackRoom(sqlitePath(url));
    return appliedMigrationNames;
  } catch (cause) {
    throw new UserError(
      `The database of DATABASE_URL (${shownDatabaseUrl(url)}) cannot be used: ${connectionFailure(cause)}`,
    );
  }
}

/** Makes the schema of a team's URL, where it is not there. */
async function makeSchema(url: string): Promise<void> {
  const schema = schemaOf(url);
  if (schema === null) return;
  const pool = await poolOf(url);
  try {
    await pool.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
  } finally {
    await pool.end();
  }
}

/** The ids of the teams beside the home team, whose database this is; none where it is a team's. */
async function teamsOf(url: string): Promise<string[]> {
  if (databaseKind(url) === "sqlite") return teamsIn(sqlitePath(url));
  const pool = await poolOf(url);
  try {
    const { rows } = await pool.query<{ id: string }>("SELECT id FROM team WHERE id <> 'home' ORDER BY id");
    return rows.map(({ id }) => id);
  } finally {
    await pool.end();
  }
}

/**
 * Whether a file needs the engine, which then finds it with nobody else. It locks the file for itself even where nothing
 * is left to do, and its own words for one that it cannot lock or write name neither the file nor the reason.
 */
function preparesFile(path: string): boolean {
  const pending = withFile(path, (database) => {
    const applied = appliedMigrations(database);
    if (applied === null && !isEmpty(database)) throw new Error("It holds the tables of another program.");
    const finished = applied?.flatMap(({ name, finished }) => (finished === null ? [] : [name])) ?? [];
    return knownMigrations().filter((name) => !finished.includes(name));
  });
  if (pending.length === 0) return false;
  requireAlone(path);
  return true;
}

/** A migration that was killed at its very beginning leaves the engine's own table. */
const isEmpty = (database: Database.Database) =>
  database.prepare("SELECT 1 FROM sqlite_schema WHERE tbl_name <> '_prisma_migrations'").get() === undefined;

/** What a prediction has in the database beside its measurements. */
const BESIDE = new Set<string>(
  PREDICTION_COLUMNS.flatMap(({ name }) => (FEATURE_KEYS.some((key) => key === name) ? [] : name)),
);

/**
 * Gives a database without predictions the present table's columns, in place of those that the migrations made for
 * another. One with predictions stays as it is: the start refuses it by the name of its table.
 */
async function fitColumns(kind: DatabaseKind, url: string): Promise<void> {
  const pool = kind === "postgresql" ? await poolOf(url) : null;
  const file = kind === "sqlite" ? new Database(sqlitePath(url)) : null;
  type Row = { name: string };
  const ask = async (sql: string): Promise<Row[]> =>
    file === null ? ((await pool?.query<Row>(sql))?.rows ?? []) : file.prepare<[], Row>(sql).all();
  try {
    const present = await ask(
      kind === "sqlite"
        ? "SELECT name FROM pragma_table_info('prediction')"
        : "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'prediction' AND table_schema = current_schema()",
    );
    const found = present.map(({ name }) => name).filter((name) => !BESIDE.has(name));
    const drop = found.filter((name) => !FEATURE_KEYS.some((key) => key === name));
    const add = FEATURE_KEYS.filter((key) => !found.includes(key));
    if (drop.length + add.length === 0) return;
    if ((await ask("SELECT 'one' AS name FROM prediction LIMIT 1")).length > 0) return;
    const statements = [
      "BEGIN",
      ...drop.map((name) => `ALTER TABLE prediction DROP COLUMN "${name}"`),
      // What may not be missing is checked before it is saved; SQLite adds no column that must have a value.
      ...add.map(
        (name) =>
          `ALTER TABLE prediction ADD COLUMN "${name}" ${kind === "sqlite" ? "REAL" : "DOUBLE PRECISION"}`,
      ),
      "COMMIT",
    ].join(";\n");
    if (file === null) await pool?.query(statements);
    else file.exec(statements);
  } finally {
    file?.close();
    await pool?.end();
  }
}

/** Gives back the room that a migration freed, where that is a quarter of the file or more. */
function giveBackRoom(path: string): void {
  const database = new Database(path);
  try {
    const [free, pages] = ["freelist_count", "page_count"].map((name) =>
      Number(database.pragma(name, { simple: true })),
    ) as [number, number];
    if (free * 4 > pages) database.exec("VACUUM");
  } finally {
    database.close();
  }
}

/** SQL that leads from the committed migrations to the schema; empty when they agree. */
async function drift(kind: DatabaseKind): Promise<string> {
  const server = kind === "postgresql" ? await startPostgres() : null;
  try {
    if (server !== null) runSql(server.url, `CREATE DATABASE ${SHADOW}`);
    return await withEngine(kind, server?.url ?? "file::memory:", async (engine) => {
      const difference = await engine.diff({
        from: { tag: "migrations", ...migrationsList(kind) },
        to: { tag: "schemaDatamodel", files: [schemaFile(kind)] },
        script: true,
        exitCode: null,
        filters,
      });
      const sql = (difference.stdout ?? "").replace(/^--.*\n/gm, "").trim();
      return kind === "sqlite" ? sql : sortedByBytes(sql);
    });
  } finally {
    server?.stop();
  }
}

/** Text in the order of its bytes, as SQLite has it, whatever the database's own order; the schema cannot say so. */
function sortedByBytes(sql: string): string {
  return sql.replace(/("\w+" (?:SET DATA TYPE )?TEXT)\b/g, '$1 COLLATE "C"');
}

/** Writes the migration that brings the committed ones up to the schema; returns its folder's name, or null. */
async function createMigration(kind: DatabaseKind, name: string): Promise<string | null> {
  const sql = await drift(kind);
  if (sql === "") return null;
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = `${stamp}_${name}`;
  mkdirSync(join(migrationsOf(kind), folder));
  writeFileSync(join(migrationsOf(kind), folder, "migration.sql"), `${sql}\n`);
  return folder;
}

async function main([command, argument]: string[]) {
  if (command === "new" && argument !== undefined && /^[a-z0-9_]+$/.test(argument)) {
    const lacking = ensurePostgres();
    if (lacking !== null) throw new UserError(`Both kinds of database get a migration, but ${lacking}.`);
    for (const kind of DATABASE_KINDS) {
      const folder = await createMigration(kind, argument);
      console.log(
        folder === null ? `${kind}: ${AGREE}` : `${kind}: wrote prisma/migrations/${kind}/${folder}.`,
      );
    }
  } else if (command === "deploy") {
    const url = process.env.DATABASE_URL || "file:./data/cytodesk.db";
    const applied = await migrate(url);
    console.log(applied.length === 0 ? "Database is up to date." : `Applied ${applied.join(", ")}.`);
    for (const team of await teamsOf(url)) {
      const ofTeam = await migrate(teamDatabaseUrl(url, team));
      if (ofTeam.length > 0) console.log(`Team ${team}: applied ${ofTeam.join(", ")}.`);
    }
  } else if (command === "check") {
    for (const kind of DATABASE_KINDS) {
      const lacking = kind === "postgresql" ? ensurePostgres() : null;
      const sql = lacking === null ? await drift(kind) : "";
      if (sql !== "") process.exitCode = 1;
      console.log(`${kind}: ${lacking ?? (sql === "" ? AGREE : `not in a migration yet:\n${sql}`)}`);
    }
  } else {
    console.error("Usage: npm run migrate -- deploy | check | new NAME   (NAME: a-z, 0-9, _)");
    process.exitCode = 2;
  }
}

const AGREE = "schema.prisma and the migrations agree.";

await runCommand(() => main(process.argv.slice(2)));
// The engine's timer for its lock would keep the process for another ten seconds.
process.exit();
