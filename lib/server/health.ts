import "server-only";
import { isDatabaseFileGone } from "@/lib/server/database/file";
import { writing } from "@/lib/server/database/store";
import { inference } from "@/lib/server/inference/inference";
import packageJson from "@/package.json";

/** Whether Cytodesk can do its job now: a database that takes writes, a model that answers, and their versions. */
export async function checkHealth() {
  const [database, model] = await Promise.all([checkDatabase(), inference().health()]);
  return {
    status: database.writable && model.ok ? "ok" : "failing",
    version: packageJson.version,
    node: process.versions.node,
    database,
    model,
  };
}

async function checkDatabase(): Promise<{ writable: boolean; detail?: string }> {
  // Touches no row, but takes the lock of a writer, needs the table, and fails on a standby that only reads.
  const written = await writing(
    "database_not_writable",
    (db) => db.$executeRaw`UPDATE prediction SET id = id WHERE 1 = 0`,
  );
  if (written.ok) return { writable: true };
  const { cause } = written.error;
  const detail = isDatabaseFileGone(cause)
    ? cause.message
    : "The database takes no writes; the log says why.";
  return { writable: false, detail };
}
