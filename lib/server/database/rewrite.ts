import "server-only";
import { log } from "@/lib/server/log";
import { kindOfDatabase } from "./dialect";
import { rebuildInThread } from "./write-thread";

/**
 * Has what was deleted out of the file of the team that asks, too; whether it is. Null of PostgreSQL, whose VACUUM is its
 * administrator's. Where it fails the rows are gone all the same, so that it is no failure of what deleted them.
 */
export async function rewriteFile(): Promise<boolean | null> {
  if (kindOfDatabase() !== "sqlite") return null;
  return rebuildInThread().catch((error: unknown) => {
    log("error", "database_not_rewritten", {}, error);
    return false;
  });
}
