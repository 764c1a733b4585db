import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg";

/**
 * Migrations by Prisma's own schema engine, the WebAssembly build from npm: the CLI's `migrate` downloads a binary
 * engine when first run, which a machine without that host cannot do. `_prisma_migrations` is what the CLI writes.
 * A command and not a module: in one process with the generated client, the engine's and the client's WebAssembly
 * share a global and the engine never answers.
 */

const here = dirname(fileURLToPath(import.meta.url));
const schemaPath = join(here, "schema.prisma");
const migrationsDir = join(here, "migrations");
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

const schemaFile = () => ({ path: schemaPath, content: readFileSync(schemaPath, "utf8") });

function migrationsList() {
  const names = readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: migrationsDir,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(join(migrationsDir, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok" as const,
          value: readFileSync(join(migrationsDir, name, "migration.sql"), "utf8"),
        },
      },
    })),
  };
}

/** For its shadow database the engine runs a whole script as one statement, which better-sqlite3 refuses. */
function scriptable(factory: PrismaBetterSqlite3): PrismaBetterSqlite3 {
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

async function withEngine<T>(
  url: string,
  use: (engine: engineModule.SchemaEngine) => Promise<T>,
): Promise<T> {
  const path = url.replace(/^file:/, "");
  if (path !== ":memory:") mkdirSync(dirname(resolve(path)), { recursive: true });
  const factory = bindMigrationAwareSqlAdapterFactory(scriptable(new PrismaBetterSqlite3({ url })));
  const engine = await (await loadEngine()).new(
    { datamodels: [[schemaPath, schemaFile().content]] },
    () => {},
    factory,
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}

/** Applies the pending migrations to the SQLite database at `url` (`file:…`), creating it; returns their names. */
async function migrate(url: string): Promise<string[]> {
  return withEngine(url, async (engine) => {
    const applied = await engine.applyMigrations({ migrationsList: migrationsList(), filters });
    return applied.appliedMigrationNames;
  });
}

/** SQL that leads from the committed migrations to schema.prisma; empty when they agree. */
async function drift(): Promise<string> {
  return withEngine(":memory:", async (engine) => {
    const difference = await engine.diff({
      from: { tag: "migrations", ...migrationsList() },
      to: { tag: "schemaDatamodel", files: [schemaFile()] },
      script: true,
      exitCode: null,
      filters,
    });
    return (difference.stdout ?? "").replace(/^--.*\n/gm, "").trim();
  });
}

/** Writes the migration that brings the committed ones up to schema.prisma; returns its folder's name, or null. */
async function createMigration(name: string): Promise<string | null> {
  const sql = await drift();
  if (sql === "") return null;
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = `${stamp}_${name}`;
  mkdirSync(join(migrationsDir, folder));
  writeFileSync(join(migrationsDir, folder, "migration.sql"), `${sql}\n`);
  return folder;
}

async function main([command, argument]: string[]) {
  if (command === "new" && argument !== undefined && /^[a-z0-9_]+$/.test(argument)) {
    const folder = await createMigration(argument);
    console.log(
      folder === null ? "schema.prisma and the migrations agree." : `Wrote prisma/migrations/${folder}.`,
    );
  } else if (command === "deploy") {
    const url = process.env.DATABASE_URL ?? "file:./data/cytodesk.db";
    const applied = await migrate(url);
    console.log(applied.length === 0 ? "Database is up to date." : `Applied ${applied.join(", ")}.`);
  } else if (command === "check") {
    const sql = await drift();
    console.log(sql === "" ? "schema.prisma and the migrations agree." : `Not in a migration yet:\n${sql}`);
    process.exitCode = sql === "" ? 0 : 1;
  } else {
    console.error("Usage: tsx prisma/migrate.ts deploy | check | new NAME   (NAME: a-z, 0-9, _)");
    process.exitCode = 2;
  }
}

await main(process.argv.slice(2));
