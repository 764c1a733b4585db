import "server-only";
import { database } from "@/lib/server/db";
import { inference } from "@/lib/server/inference/inference";
import { log } from "@/lib/server/log";
import packageJson from "@/package.json";

/** Whether Cytodesk can do its job now: a database that takes writes, a model that answers, and their versions. */
export async function checkHealth() {
  const [writable, model] = await Promise.all([isWritable(), inference().health()]);
  return {
    status: writable && model.ok ? "ok" : "failing",
    version: packageJson.version,
    node: process.versions.node,
    database: { writable },
    model,
  };
}

async function isWritable(): Promise<boolean> {
  try {
    // Touches no row, but takes the lock of a writer, needs the table, and fails on a standby that only reads.
    await (await database()).$executeRaw`UPDATE prediction SET id = id WHERE 1 = 0`;
    return true;
  } catch (error) {
    log("error", "database_not_writable", { cause: String(error) });
    return false;
  }
}
