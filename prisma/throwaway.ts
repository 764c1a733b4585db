import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A migrated SQLite database in a folder of its own, for tests and benchmarks; `remove` deletes the folder. */
export function createThrowawayDatabase(): { url: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-"));
  const url = `file:${join(folder, "throwaway.db")}`;
  runMigrate("deploy", url);
  return { url, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs `prisma/migrate.ts` and returns what it printed; throws when it fails. */
export function runMigrate(command: "deploy" | "check", url: string): string {
  const script = fileURLToPath(new URL("./migrate.ts", import.meta.url));
  return execFileSync(process.execPath, ["--import", "tsx", script, command], {
    env: { ...process.env, DATABASE_URL: url },
    encoding: "utf8",
  }).trim();
}
