import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { AppServer } from "../test/app-server";
import { createThrowawayDatabase } from "../test/throwaway";
import { checkAccessibility, expect, saveSample, test } from "./fixtures";

/** Follows an export link of the history and gives the file's name and content. */
async function download(page: Page, link: string): Promise<{ name: string; content: string }> {
  await page.goto("/history");
  await page.getByRole("main").getByText("Export", { exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: link, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), content: await readFile(await file.path(), "utf8") };
}

/** Chooses a file on the import page and sends it. */
async function importFile(page: Page, url: string, name: string, content: string): Promise<void> {
  await page.goto(`${url}/history/import`);
  await page.getByLabel("File").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page).toHaveURL(/\/history\/import\?report=/);
}

test("exports the history, and a second server imports it without JavaScript @postgresql @long", async ({
  page,
  browser,
  server,
}) => {
  test.slow();
  const ids = [await saveSample(server, "Malignant"), await saveSample(server, "Benign")];
  const lines = await download(page, "Export JSON lines");
  expect(lines.name).toMatch(/^cytodesk-predictions-\d{8}-\d{6}\.jsonl$/);
  const csv = await download(page, "Export CSV");
  expect(csv.name).toMatch(/\.csv$/);
  expect(csv.content.startsWith("\uFEFFid,created_at,")).toBe(true);
  const exported = lines.content.trim().split("\n");
  for (const id of ids) {
    expect(exported.filter((line) => line.startsWith(`{"id":"${id}"`))).toHaveLength(1);
    expect(csv.content.split("\r\n").filter((line) => line.startsWith(`${id},`))).toHaveLength(1);
  }

  const database = createThrowawayDatabase();
  const second = await AppServer.start(database.url);
  const plain = await browser.newPage({ javaScriptEnabled: false });
  try {
    await importFile(plain, second.url, csv.name, csv.content);
    await expect(plain.getByRole("status")).toContainText(
      `${exported.length} new, 0 there already, 0 refused.`,
    );
    await importFile(plain, second.url, lines.name, `${lines.content}{"id":1}\n`);
    await expect(plain.getByRole("status")).toContainText(
      `0 new, ${exported.length} there already, 1 refused.`,
    );
    await expect(plain.getByRole("row").nth(1)).toContainText(String(exported.length + 1));
    await expect(plain.getByRole("row").nth(1)).toContainText("id has to be a UUID.");
    await plain.goto(`${second.url}/history/${ids[0]}`);
    await plain.getByRole("region", { name: "Provenance" }).locator("summary").click();
    await expect(plain.getByText("from a file", { exact: true })).toBeVisible();
    const again = await plain.request.get(`${second.url}/history/export?format=csv&bom=1`);
    expect(await again.text()).toBe(csv.content);
  } finally {
    await plain.close();
    await second.stop();
    database.remove();
  }
});

test("says which predictions of a file are not as they are kept, and takes a person's changes where asked to", async ({
  page,
  server,
}) => {
  const id = await saveSample(server, "Benign");
  const { content } = await download(page, "Export CSV with ; and 0,5");
  const [head = "", ...lines] = content.split("\r\n");
  const line = lines.find((each) => each.startsWith(`${id};`)) ?? "";
  expect(line).toContain(";8,196;16,84;");
  // As a spreadsheet leaves it: an outcome, a note, and lines of empty cells below.
  const edited = line.replace(/;;;;;8,196;/, ";B;31.01.2026;;seen again;8,196;");
  const file = [head, edited, head.replaceAll(/[^;]/g, ""), ""].join("\r\n");
  await importFile(page, server.url, "edited.csv", file);
  await expect(page.getByRole("status")).toContainText("0 new, 1 there already, 0 refused.");
  await expect(page.getByRole("status")).toContainText("1 prediction differs from the history");
  await expect(page.getByRole("table", { name: "Different, and not taken" })).toContainText("outcome, note");
  await checkAccessibility(page);
  await page.goto("/history/import");
  await page
    .getByLabel("File")
    .setInputFiles({ name: "edited.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.getByRole("button", { name: /^Import and update/ }).click();
  await expect(page.getByRole("status")).toContainText("was taken from the file");
  await page.goto(`/history/${id}`);
  await expect(page.getByRole("textbox", { name: "Note" })).toHaveValue("seen again");
  await expect(page.getByRole("region", { name: "Case", exact: true })).toContainText(
    "benign, confirmed on 2026-01-31",
  );
});

test("the import page fits a phone and has no accessibility violation, empty and with refusals", async ({
  page,
  server,
}) => {
  test.slow();
  await page.setViewportSize({ width: 360, height: 800 });
  const expectFit = async () =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.goto("/history/import");
  await expect(page.getByRole("heading", { name: "Import predictions" })).toBeVisible();
  await expectFit();
  await checkAccessibility(page);
  await importFile(page, server.url, "bad.csv", "id,diagnosis\n1,M\n");
  await expect(page.getByRole("table", { name: "Refused" })).toContainText(
    "The first line has to name the columns.",
  );
  await expectFit();
  await checkAccessibility(page);
});

test("offers an example on the import page, which is what an export has and can be imported", async ({
  page,
  request,
}) => {
  await page.goto("/history/import");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "An example with two predictions" }).click(),
  ]);
  const example = await readFile(await file.path(), "utf8");
  const exported = await (await request.get("/history/export?format=csv&bom=0")).text();
  expect(example.split("\r\n")[0]).toBe(exported.split("\r\n")[0]);
  await importFile(page, "", "example.csv", example);
  // The second time, in a worker that is used again, they are there.
  await expect(page.getByRole("status")).toContainText(/[02] new, [02] there already, 0 refused\./);
});

test("says what is wrong with an export's address", async ({ request }) => {
  const answer = await request.get("/history/export?format=xlsx");
  expect(answer.status()).toBe(400);
  expect(await answer.text()).toBe('"format" has to be csv or jsonl.\n');
});

test("takes no file from another site's page", async ({ request }) => {
  const file = { name: "x.csv", mimeType: "text/csv", buffer: Buffer.from("x") };
  for (const headers of [{ origin: "http://evil.example" }, {}] as Record<string, string>[]) {
    const answer = await request.post("/history/import/file", {
      headers,
      multipart: { file },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(403);
  }
});

test("says that no file was sent", async ({ request, server }) => {
  const answer = await request.post("/history/import/file", {
    headers: { origin: server.url },
    multipart: { other: "x" },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  expect(answer.headers().location).toBe("/history/import?notice=no_file");
});
