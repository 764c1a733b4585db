import "server-only";
import { HOME, runForTeam } from "@/lib/server/access/actor";
import { isDatabaseDamaged } from "@/lib/server/database/damage";
import { database } from "@/lib/server/database/db";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { isDatabaseFileGone } from "@/lib/server/database/file";
import { writing } from "@/lib/server/database/store";
import { env } from "@/lib/server/env";
import { warningsOf } from "@/lib/server/exposure";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { inference } from "@/lib/server/inference/inference";
import { log } from "@/lib/server/log";
import packageJson from "@/package.json";

/** `schemaFits`: it has the tables and columns of this version. */
type DatabaseHealth = { writable: boolean; schemaFits: boolean; detail?: string };

/** A process that answers. */
export function checkProcess() {
  return { status: "ok" as const, version: packageJson.version, node: process.versions.node };
}

/** Whether what this process is asked to keep would be kept. */
export async function checkReady() {
  const database = await checkDatabase();
  return { ...checkProcess(), status: statusOf(database.writable && database.schemaFits), database };
}

/** Whether this server can do its job now: a database that takes writes, a model that answers, and their versions. */
export async function checkHealth() {
  const [ready, model] = await Promise.all([checkReady(), inference().health()]);
  const warnings = warningsOf(env());
  return {
    ...ready,
    status: statusOf(ready.status === "ok" && model.ok),
    model,
    ...(warnings.length > 0 && { warnings }),
  };
}

const statusOf = (ok: boolean): "ok" | "failing" => (ok ? "ok" : "failing");

/** As an answer: 200 where it is well, 503 where it is not. */
export const answerHealth = <Health extends { status: "ok" | "failing" }>(health: Health) =>
  Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  });

/** As long a result is given to whoever asks, so that many who ask cost no more than one. */
const KEPT_MS = 1_000;
// Next compiles the routes apart, so that a module variable would be one for each.
const shared = globalThis as {
  cytodeskDatabaseHealth?: { until: number; result: Promise<DatabaseHealth> };
  /** What `stateOfSchema` said when nothing was lacking. */
  cytodeskSchemaThatFits?: string;
};

function checkDatabase(): Promise<DatabaseHealth> {
  const kept = shared.cytodeskDatabaseHealth;
  if (kept !== undefined && performance.now() < kept.until) return kept.result;
  // Whoever asks, and before anybody has signed in: of the home team's database.
  const result = runForTeam(HOME, async () => {
    const lacking = await lackingInSchema();
    const written = await writeRow();
    return { ...written, schemaFits: lacking === null, ...(lacking !== null && { detail: lacking }) };
  });
  // Until then for those who ask meanwhile, however long it takes.
  const health = { until: Number.POSITIVE_INFINITY, result };
  shared.cytodeskDatabaseHealth = health;
  void result.finally(() => {
    health.until = performance.now() + KEPT_MS;
  });
  return result;
}

/** Writes a row and reads the newest prediction. A write that touches no row succeeds on a full disk, too. */
async function writeRow(): Promise<Pick<DatabaseHealth, "writable" | "detail">> {
  const written = await writing("database_not_writable", async (db) => {
    // What is remembered of the file would hide that it is damaged.
    if (kindOfDatabase() === "sqlite") await db.$queryRaw`PRAGMA shrink_memory`;
    const value = new Date().toISOString();
    await db.$executeRaw`INSERT INTO setting (name, value) VALUES (${HEALTH_CHECK}, ${value})
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
    await db.prediction.findFirst({ select: { id: true }, orderBy: { id: "desc" } });
  });
  if (written.ok) return { writable: true };
  const { cause } = written.error;
  const isExplained = isDatabaseFileGone(cause) || isDatabaseDamaged(cause);
  const detail = isExplained ? cause.message : "The database takes no writes; the log says why.";
  return { writable: false, detail };
}

/** Prisma's codes for a table and for a column that is not there. */
const LACKING: readonly unknown[] = ["P2021", "P2022"];

/** Which table lacks something that this version knows of it, as a sentence; null where none does, or none can be read. */
async function lackingInSchema(): Promise<string | null> {
  const db = await database().catch(() => null);
  const state = db === null ? null : await stateOfSchema(db).catch(() => null);
  if (db === null || state === null || state === shared.cytodeskSchemaThatFits) return null;
  for (const name of Object.values(Prisma.ModelName)) {
    const table = db[`${name[0]?.toLowerCase()}${name.slice(1)}` as "setting"];
    try {
      await table.findFirst();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && LACKING.includes(error.code))) return null;
      log("error", "schema_drifted", { table: name }, error);
      return `The database lacks what this version keeps in "${name}". Stop the server, and start it with npm start, which brings the database up to date.`;
    }
  }
  shared.cytodeskSchemaThatFits = state;
  return null;
}

/** What is another as soon as a table or a column is: one question, where asking each table takes twenty. */
async function stateOfSchema(db: Awaited<ReturnType<typeof database>>): Promise<string> {
  const rows =
    kindOfDatabase() === "sqlite"
      ? await db.$queryRaw<object[]>`PRAGMA schema_version`
      : await db.$queryRaw<object[]>`
          SELECT md5(string_agg(table_name || ' ' || column_name, ',' ORDER BY table_name, column_name))
          FROM information_schema.columns WHERE table_schema = current_schema()`;
  return rows.map((row) => Object.values(row).join()).join();
}

const HEALTH_CHECK = "health_checked_at";
