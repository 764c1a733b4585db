import { closeSync, openSync, statSync, writeSync } from "node:fs";
import Database from "better-sqlite3";
import { sqlitePath } from "../lib/database-url";
import { AppServer } from "../test/app-server";
import { countPredictions } from "../test/database";
import { createFailingDisk } from "../test/failing-disk";
import { submitForm } from "../test/submit-form";
import { createSqlite } from "../test/throwaway";
import { test as base, checkAccessibility, expect } from "./fixtures";

/** One server whose disk can be made to fail, and its own database. */
const test = base.extend<object, { disk: ReturnType<typeof createFailingDisk>; own: AppServer }>({
  disk: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const disk = createFailingDisk();
      await use(disk);
      disk.remove();
    },
    { scope: "worker" },
  ],
  own: [
    async ({ disk }, use) => {
      const database = createSqlite();
      const server = await AppServer.start(database.url, disk.settings);
      await use(server);
      await server.stop();
      database.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ own }, use) => use(own.url),
});
test.describe.configure({ mode: "serial" });

test("a disk that fails as a result is saved: it is said not to be known, and saved again it is one", async ({
  page,
  own,
  disk,
}) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  disk.fail();
  await page.getByRole("button", { name: "Make prediction" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "It is not known whether this result is saved." });
  await expect(alert).toBeVisible();
  disk.mend();
  await page.getByRole("button", { name: "Save again" }).click();
  await expect(page.getByRole("link", { name: "Open this prediction" })).toBeVisible();
  expect(await countPredictions(own.databaseUrl)).toBe(1);
});

test.describe("a browser that goes offline while a form is under way", () => {
  test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });

  test("says that nobody answered, keeps what was typed, and the same form is saved once", async ({
    page,
    own,
  }) => {
    const before = await countPredictions(own.databaseUrl);
    await page.goto("/");
    await page.getByRole("button", { name: "Benign", exact: true }).click();
    // The server saves it, and its answer is lost.
    await page.route("**/*", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await route.fetch();
      await route.abort("internetdisconnected");
    });
    await page.getByRole("button", { name: "Make prediction" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "The server did not answer." })).toBeVisible();
    await expect(page.getByLabel("Radius, mean")).toHaveValue("8.196");
    await page.unrouteAll();
    await page.getByRole("button", { name: "Make prediction" }).click();
    await expect(page.getByRole("link", { name: "Open this prediction" })).toBeVisible();
    expect(await countPredictions(own.databaseUrl)).toBe(before + 1);
  });
});

test("two servers on one file save beside each other, and lose nothing", async ({ own }) => {
  const before = await countPredictions(own.databaseUrl);
  const other = await AppServer.start(own.databaseUrl);
  const saved = await Promise.all(
    Array.from({ length: 60 }, (_, form) =>
      submitForm(form % 2 === 0 ? own : other, crypto.randomUUID(), form),
    ),
  );
  await other.stop();
  expect(new Set(saved).size).toBe(60);
  expect(await countPredictions(own.databaseUrl)).toBe(before + 60);
});

test("a damaged page is found at the start: what is there is shown, and nothing more is saved @long", async ({
  page,
  own,
}) => {
  await own.stop();
  damage(own.databaseUrl);
  await own.start();
  await expect(async () => expect(own.log).toContain("database_damaged")).toPass();
  const health = await page.request.get("/api/health");
  expect([health.status(), await health.text()]).toEqual([503, expect.stringContaining("is damaged")]);
  await page.goto("/history");
  await expect(page.getByRole("alert").filter({ hasText: "The database file is damaged" })).toBeVisible();
  await checkAccessibility(page);
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "This result is not saved." });
  await expect(alert).toContainText("restores the last backup");
});

/** Writes noise over a page of the table of edits' index, which the history does not need. */
function damage(url: string): void {
  const path = sqlitePath(url);
  const database = new Database(path);
  database.pragma("wal_checkpoint(TRUNCATE)");
  const root = database
    .prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name = 'saved_view'")
    .pluck()
    .get();
  const size = Number(database.pragma("page_size", { simple: true }));
  database.close();
  expect(statSync(path).size).toBeGreaterThan(Number(root) * size);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(size, 0x5a), 0, size, (Number(root) - 1) * size);
  closeSync(file);
}
