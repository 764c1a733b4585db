import "server-only";
import { database } from "@/lib/server/database/db";
import { isDatabaseFileGone } from "@/lib/server/database/file";
import { inference } from "@/lib/server/inference/inference";
import { log } from "@/lib/server/log";
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
  try {
    // Touches no row, but takes the lock of a writer, needs the table, and fails on a standby that only reads.
    await (await database()).$executeRaw`UPDATE prediction SET id = id WHERE 1 = 0`;
    return { writable: true };
  } catch (error) {
    log("error", "database_not_writable", { cause: String(error) });
    const detail = isDatabaseFileGone(error)
      ? error.message
      : "The database takes no writes; the log says why.";
    return { writable: false, detail };
  }
}
