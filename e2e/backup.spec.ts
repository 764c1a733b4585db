import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { submitForm } from "../test/submit-form";
import { createThrowawayDatabase } from "../test/throwaway";
import { expect, test } from "./fixtures";

const CONNECTIONS = 4;

const npm = (script: string, args: string[], url: string) =>
  promisify(execFile)("npm", ["run", "--silent", script, "--", ...args], {
    env: { ...process.env, DATABASE_URL: url },
    shell: process.platform === "win32",
  });

test("a backup made while the server saves has every prediction that was answered, and can be restored @long", async ({
  page,
}, { outputDir }) => {
  const database = createThrowawayDatabase();
  const empty = createThrowawayDatabase();
  const servers = [await AppServer.start(database.url)];
  try {
    const answered: string[] = [];
    let going = true;
    const saving = Promise.all(
      Array.from({ length: CONNECTIONS }, async (_, form) => {
        while (going) answered.push(await submitForm(servers[0] as AppServer, crypto.randomUUID(), form));
      }),
    );
    await expect.poll(() => answered.length).toBeGreaterThan(50);
    const before = [...answered];
    const file = join(outputDir, "backup.db");
    await npm("backup", [file], database.url);
    const meanwhile = answered.length - before.length;
    going = false;
    await saving;
    // It was made while predictions were saved, and none of them failed for it.
    expect(meanwhile).toBeGreaterThan(0);

    await npm("restore", [file], empty.url);
    const rows = await askDatabase<{ id: string }>(empty.url, "SELECT id FROM prediction");
    const restored = new Set(rows.map(({ id }) => id));
    expect(before.filter((id) => !restored.has(id))).toEqual([]);
    const server = await AppServer.start(empty.url);
    servers.push(server);
    await page.goto(`${server.url}/history/${before[0]}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.getByText("Provenance", { exact: true }).click();
    await expect(page.getByText(before[0] as string, { exact: true })).toBeVisible();
  } finally {
    // A page that is still loading would log the end of its server as an error.
    await page.goto("about:blank");
    await Promise.all(servers.map((server) => server.stop()));
    database.remove();
    empty.remove();
  }
});
