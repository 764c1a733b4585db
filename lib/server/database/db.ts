import "server-only";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { PrismaPg } from "@prisma/adapter-pg";
import { databaseKind, schemaOf, shownDatabaseUrl, sqlitePath } from "@/lib/database-url";
import { openPool } from "@/lib/postgres/connect";
import { HOME } from "@/lib/server/access/actor";
import { PrismaClient as PostgresClient } from "@/lib/server/generated/postgresql/client";
import { type Prisma, PrismaClient } from "@/lib/server/generated/sqlite/client";
import { log } from "@/lib/server/log";
import { assertSameFile, type FileIdentity, fileAt } from "./file";
import { lockLine } from "./lock";
import { CONNECT_TIMEOUT_MS, OWN_BUSY_TIMEOUT_MS, postgresSettings, STATEMENT_TIMEOUT_MS } from "./settings";
import { addSha256 } from "./sha256";
import { databaseUrl, databaseUrlOf } from "./team-database";

/** Opens the database of a DATABASE_URL and makes it durable; throws where it cannot be opened or is not durable. */
export function openDatabase(url: string): Promise<PrismaClient> {
  return databaseKind(url) === "postgresql" ? openPostgres(url) : openSqlite(url);
}

/** With a write-ahead log, and a sync to disk at every commit. */
async function openSqlite(url: string): Promise<PrismaClient> {
  const adapter = new SqliteOfOneFile({ url, timeout: OWN_BUSY_TIMEOUT_MS, fileMustExist: true });
  const client = new PrismaClient({ adapter });
  const pragma = (text: string) => queryOne(client, `PRAGMA ${text}`);
  await pragma("journal_mode = WAL");
  await pragma("synchronous = FULL");
  if (adapter.opened !== undefined) openedFiles().set(client, adapter.opened);
  return assertSettings(client, url, {
    journal_mode: [await pragma("journal_mode"), "wal"],
    synchronous: [await pragma("synchronous"), "2"],
    busy_timeout: [await pragma("busy_timeout"), String(OWN_BUSY_TIMEOUT_MS)],
  });
}

/**
 * Prisma's adapter, which waits for another's lock without holding up the process, and answers nothing from a file that
 * no longer stands at its path.
 */
class SqliteOfOneFile extends PrismaBetterSqlite3 {
  readonly #path: string;
  opened?: FileIdentity;

  constructor(options: ConstructorParameters<typeof PrismaBetterSqlite3>[0]) {
    super(options);
    this.#path = sqlitePath(options.url);
  }

  override async connect() {
    const waitForLock = lockLine();
    const adapter = await super.connect();
    // The driver's connection, which the adapter does not show in its type.
    addSha256((adapter as unknown as { client: Parameters<typeof addSha256>[0] }).client);
    const opened = fileAt(this.#path);
    this.opened = opened;
    const checked =
      <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const result = await run(...args);
        assertSameFile(this.#path, opened);
        return result;
      };
    const queryRaw = checked(adapter.queryRaw.bind(adapter));
    const executeRaw = checked(adapter.executeRaw.bind(adapter));
    const startTransaction = adapter.startTransaction.bind(adapter);
    adapter.queryRaw = (query) => waitForLock(() => queryRaw(query), query.sql);
    adapter.executeRaw = (query) => waitForLock(() => executeRaw(query), query.sql);
    // A lock is waited for before a transaction begins: within it, other requests' statements would join it meanwhile.
    adapter.startTransaction = (isolation) =>
      waitForLock(async () => {
        const transaction = await startTransaction(isolation);
        try {
          await transaction.executeRaw(statement("END"));
          await transaction.executeRaw(statement(BEGIN));
        } catch (error) {
          await transaction.rollback();
          throw error;
        }
        transaction.commit = checked(transaction.commit.bind(transaction));
        return transaction;
      }, BEGIN);
    return adapter;
  }
}

/** Takes the lock of a writer at once; Prisma's own takes none before the first write. */
const BEGIN = "BEGIN IMMEDIATE";
const statement = (sql: string) => ({ sql, args: [], argTypes: [] });

async function openPostgres(url: string): Promise<PrismaClient> {
  const schema = schemaOf(url);
  const adapter = new PrismaPg(await openPool(url, postgresSettings(url)), {
    schema: schema ?? undefined,
    disposeExternalPool: true,
    onPoolError: ({ message }) => log("warn", "database_connection_lost", { cause: message }),
  });
  // The two clients differ in what PostgreSQL can do beyond SQLite, of which nothing is used.
  const client = new PostgresClient({
    adapter,
    transactionOptions: { maxWait: CONNECT_TIMEOUT_MS, timeout: STATEMENT_TIMEOUT_MS },
  }) as unknown as PrismaClient;
  const setting = (name: string) => queryOne(client, `SHOW ${name}`);
  return assertSettings(client, url, {
    server_encoding: [await setting("server_encoding"), "UTF8"],
    TimeZone: [await setting("TimeZone"), "UTC"],
    synchronous_commit: [await setting("synchronous_commit"), "on"],
    fsync: [await setting("fsync"), "on"],
    // An option in DATABASE_URL would stand in the place of ours.
    ...(schema !== null && { search_path: [await setting("search_path"), schema] }),
  });
}

/** The first value of a statement's first row, as text. */
async function queryOne(client: PrismaClient, statement: string): Promise<string | undefined> {
  const rows = await client.$queryRawUnsafe<Record<string, unknown>[]>(statement);
  return rows[0] === undefined ? undefined : String(Object.values(rows[0])[0]);
}

async function assertSettings(
  client: PrismaClient,
  url: string,
  settings: Record<string, [found: string | undefined, wanted: string]>,
): Promise<PrismaClient> {
  for (const [name, [found, wanted]] of Object.entries(settings)) {
    if (found !== wanted) {
      await client.$disconnect();
      throw new Error(`The database ${shownDatabaseUrl(url)}: ${name} is ${found}, not ${wanted}.`);
    }
  }
  return client;
}

/**
 * The client without transactions by callback. SQLite has one connection: while a callback waits for anything, another
 * request's statement joins its transaction, is acknowledged, and is rolled back with it. A transaction is a list of
 * statements.
 */
export type Database = Omit<PrismaClient, "$transaction"> & {
  $transaction<P extends Prisma.PrismaPromise<unknown>[]>(
    statements: [...P],
  ): Promise<{ [K in keyof P]: Awaited<P[K]> }>;
};

// Next compiles instrumentation and pages apart, so a module variable would open one connection for each.
const shared = globalThis as typeof globalThis & {
  cytodeskDatabases?: Map<string, Promise<Database>>;
  cytodeskDatabaseFiles?: WeakMap<object, FileIdentity>;
};

/** The database of the team that asks. Rejects with NotAllowed where nobody is signed in, but has to be. */
export async function database(): Promise<Database> {
  return databaseAt(databaseUrl());
}

/** The home team's database, where accounts are, whoever asks. */
export const homeDatabase = (): Promise<Database> => databaseAt(databaseUrlOf(HOME));

/** The process's one client of a database, opened on first use; a failed opening is tried again by the next caller. */
export function databaseAt(url: string): Promise<Database> {
  shared.cytodeskDatabases ??= new Map();
  const databases = shared.cytodeskDatabases;
  const open = databases.get(url);
  if (open !== undefined) return open;
  const opening = openDatabase(url).catch((error: unknown) => {
    databases.delete(url);
    throw error;
  });
  databases.set(url, opening);
  return opening;
}

function openedFiles(): WeakMap<object, FileIdentity> {
  shared.cytodeskDatabaseFiles ??= new WeakMap();
  return shared.cytodeskDatabaseFiles;
}

/** The SQLite file that the process's client of the team's database has open, for a thread that opens it too. */
export async function openedFile(): Promise<FileIdentity> {
  const file = openedFiles().get(await database());
  if (file === undefined) throw new Error("The database that is open is no file.");
  return file;
}
