import { existsSync, renameSync, rmSync } from "node:fs";
import { sqlitePath } from "../lib/database-url";
import { AppServer } from "../test/app-server";
import { countPredictions } from "../test/database";
import { createThrowawayDatabase } from "../test/throwaway";
import { test as base, expect, predict, predictSample } from "./fixtures";

/** A server of its own, whose database file a test takes away while it is open. */
const test = base.extend<{ alone: AppServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
  alone: async ({}, use) => {
    const database = createThrowawayDatabase();
    const server = await AppServer.start(database.url);
    await use(server);
    await server.stop();
    database.remove();
  },
  baseURL: async ({ alone }, use) => use(alone.url),
});

test.use({ expectedErrors: [/500|503/] });

const FILES = ["", "-wal", "-shm"];

test("saves nothing into a file that was removed, says so, and makes no other @long", async ({
  page,
  alone,
}) => {
  const path = sqlitePath(alone.databaseUrl);
  await predictSample(page);
  for (const suffix of FILES) rmSync(path + suffix, { force: true });

  await page.getByRole("button", { name: "Benign", exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This result is not saved." })).toBeVisible();
  await expect(page.getByLabel("Radius, mean")).toHaveValue("8.196");

  // An answer of health is kept for a second.
  await expect(async () => {
    const health = await page.request.get("/api/health");
    expect(health.status()).toBe(503);
    expect(await health.json()).toMatchObject({
      status: "failing",
      database: { writable: false, detail: expect.stringContaining("removed while it was open") },
    });
  }).toPass();

  await page.goto("/history/import");
  await page.getByLabel("File").setInputFiles({
    name: "history.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("id,created_at\n"),
  });
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("Not all of it could be saved.")).toBeVisible();
  expect(FILES.filter((suffix) => existsSync(path + suffix))).toEqual([]);
});

test("saves nothing into a file that was replaced, and saves again once it is back", async ({
  page,
  alone,
}) => {
  const path = sqlitePath(alone.databaseUrl);
  const other = createThrowawayDatabase();
  await predictSample(page);
  for (const suffix of FILES)
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.aside${suffix}`);
  renameSync(sqlitePath(other.url), path);

  await page.getByRole("button", { name: "Benign", exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
  await expect(page.getByRole("link", { name: "Open this prediction" })).toBeHidden();
  await expect(page.getByRole("alert").filter({ hasText: "This result is not saved." })).toBeVisible();
  // An answer of health is kept for a second.
  await expect(async () => {
    const health = await page.request.get("/api/health");
    expect(await health.json()).toMatchObject({
      database: { detail: expect.stringContaining("replaced while it was open") },
    });
  }).toPass();

  for (const suffix of FILES) {
    rmSync(path + suffix, { force: true });
    if (existsSync(`${path}.aside${suffix}`)) renameSync(`${path}.aside${suffix}`, path + suffix);
  }
  await page.getByRole("button", { name: "Borderline", exact: true }).click();
  await predict(page);
  expect(await countPredictions(alone.databaseUrl)).toBeGreaterThanOrEqual(2);
  other.remove();
});
