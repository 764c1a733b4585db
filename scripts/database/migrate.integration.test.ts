import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { Client } from "pg";
import { afterAll, expect, it } from "vitest";
import { sqlitePath } from "../../lib/database-url";
import { createPostgres, createThrowawayDatabase, runMigrate, TEST_DATABASE } from "../../test/throwaway";

const folder = mkdtempSync(join(tmpdir(), "cytodesk-migrate-"));
const whole = createThrowawayDatabase();
const removers = [whole.remove, () => rmSync(folder, { recursive: true, force: true })];
afterAll(() => {
  for (const remove of removers) remove();
});

function emptyDatabase(): string {
  if (TEST_DATABASE === "sqlite") return `file:${join(folder, "killed.db")}`;
  const { url, remove } = createPostgres("");
  removers.push(remove);
  return url;
}

/** Every table, index and trigger, as the database describes it. */
async function schemaOf(url: string): Promise<unknown[]> {
  if (TEST_DATABASE === "sqlite") {
    const database = new Database(sqlitePath(url));
    const found = database.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name").all();
    database.close();
    return found;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION SELECT trigger_name FROM information_schema.triggers ORDER BY 1`);
  await client.end();
  return rows;
}

it("comes to the same schema although its process is killed again and again", async () => {
  const url = emptyDatabase();
  const args = ["--import", "tsx", "scripts/database/migrate.ts", "deploy"];
  let kills = 0;
  // Each begins where the one before was killed; one that nobody kills is through after half a second, or a second.
  for (const wait of [250, 300, 350, 400, 450, 500, 600, 700]) {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, DATABASE_URL: url },
      stdio: "ignore",
    });
    const over = once(child, "exit");
    await Promise.race([pause(wait), over]);
    if (child.kill("SIGKILL")) kills++;
    await over;
  }
  expect(kills).toBeGreaterThan(0);
  runMigrate("deploy", url);
  expect(runMigrate("deploy", url)).toBe("Database is up to date.");
  expect(await schemaOf(url)).toEqual(await schemaOf(whole.url));
});
