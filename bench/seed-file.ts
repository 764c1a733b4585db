import { copyFileSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { sqlitePath } from "../lib/database-url";
import { createSqlite } from "../test/throwaway";
import { loadCases } from "./cases";
import { seedPredictions } from "./seed";

/** `npm run bench:seed -- FILE [ROWS]`: a new SQLite history of so many seeded predictions, to look at or to measure. */

const [file, rowsText = "1000000"] = process.argv.slice(2);
const rows = Number(rowsText);

async function main(): Promise<void> {
  if (file === undefined || !(Number.isSafeInteger(rows) && rows > 0))
    throw new Error("npm run bench:seed -- FILE [ROWS, 1000000 unless told]");
  if (existsSync(file)) throw new Error(`${file} is there already; nothing was changed.`);
  const begun = performance.now();
  const migrated = createSqlite();
  try {
    copyFileSync(sqlitePath(migrated.url), file);
  } finally {
    migrated.remove();
  }
  await seedPredictions(file, rows, await loadCases());
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${rows.toLocaleString("en")} predictions in ${seconds.toFixed(0)} s. To look at them:`);
  console.log(`  DATABASE_URL=file:${resolve(file)} npm start`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
