import "server-only";
import { createHash } from "node:crypto";
import { shownDatabaseUrl } from "@/lib/database-url";
import { FEATURES, table } from "@/tables/current";
import type { Database } from "./db";

/** The key of the setting that says which table the predictions are of: its name, and a hash of its columns where it is known. */
const SETTING = "table";

const columns = createHash("sha256")
  .update(JSON.stringify(FEATURES.map(({ key, type }) => [key, type])))
  .digest("hex")
  .slice(0, 16);
const OWN = `${table.name} ${columns}`;

/** Throws where the database has predictions of another table, or of other columns; one without any becomes this table's. */
export async function requireOwnTable(db: Database, url: string): Promise<void> {
  const found = (await db.setting.findUnique({ where: { name: SETTING } }))?.value;
  if (found === OWN) return;
  const count = await db.prediction.count();
  // A migration noted the name alone for databases that are older than the setting.
  if (found === undefined || found === table.name || count === 0) {
    await db.$executeRaw`
      INSERT INTO setting (name, value) VALUES (${SETTING}, ${OWN})
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
    return;
  }
  const [name] = found.split(" ");
  const holds = `The database of DATABASE_URL (${shownDatabaseUrl(url)}) holds ${count} ${count === 1 ? "prediction" : "predictions"} of`;
  throw new Error(
    name === table.name
      ? `${holds} "${name}" with other columns than it has now. Set DATABASE_URL to another database.`
      : `${holds} "${name}", and this application is for "${table.name}". Set DATABASE_URL to another database, or go back: npm run adopt -- --use ${name}`,
  );
}
