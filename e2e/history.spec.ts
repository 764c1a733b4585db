import type { Locator, Page } from "@playwright/test";
import { databaseKind } from "../lib/database-url";
import { timeText } from "../lib/time";
import { FAMILIES, FEATURE_KEYS, FEATURES, SAMPLES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { createThrowawayDatabase } from "../test/throwaway";
import { checkAccessibility, expect, predictSample, saveSample, test, untilListening } from "./fixtures";

// A worker's database also holds what other tests predict, so rows are known by their id.
const rowOf = (page: Page, id: string) =>
  page.getByRole("row").filter({ has: page.locator(`a[href^="/history/${id}"]`) });

const header = (page: Page, name: string) => page.getByRole("columnheader", { name, exact: true });

async function numbersOf(cells: Locator): Promise<number[]> {
  return (await cells.allTextContents()).map((text) => Number(text.replace(/[<>]/, "")));
}

const malignantValues = SAMPLES[0]?.values.map(String) ?? [];

test("lists both samples with word and probability, sorted by probability both ways @postgresql", async ({
  page,
}) => {
  const malignant = await predictSample(page, "Malignant");
  const benign = await predictSample(page, "Benign");
  await page.getByRole("link", { name: "History", exact: true }).click();
  await expect(rowOf(page, malignant)).toContainText("Malignant");
  await expect(rowOf(page, malignant)).toContainText("> 0.999");
  await expect(rowOf(page, benign)).toContainText("Benign");
  await expect(rowOf(page, benign)).toContainText("< 0.001");
  await expect(rowOf(page, malignant).getByRole("cell", { name: "17.99", exact: true })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: /^Today, / })).toBeVisible();
  const summary = page.getByRole("region", { name: "Summary" });
  await expect(
    summary.getByRole("img", { name: /^Probability of malignant of \d+ predictions/ }),
  ).toBeVisible();

  const probabilities = page.locator("tbody .pr");
  await header(page, "Probability of malignant").getByRole("link").click();
  await expect(page).toHaveURL(/\?sort=-probability$/);
  await expect(header(page, "Probability of malignant")).toHaveAttribute("aria-sort", "descending");
  const descending = await numbersOf(probabilities);
  expect(descending).toEqual(descending.toSorted((a, b) => b - a));
  await header(page, "Probability of malignant").getByRole("link").click();
  await expect(header(page, "Probability of malignant")).toHaveAttribute("aria-sort", "ascending");
  const ascending = await numbersOf(probabilities);
  expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
  await expect(page.locator("th[aria-sort]")).toHaveCount(1);
});

test("shows the columns chosen, and keeps the sort", async ({ page, server }) => {
  await saveSample(server);
  await page.goto("/history?sort=-radius_mean");
  await page.getByText("Display", { exact: true }).click();
  await page.getByRole("checkbox", { name: "Radius, mean" }).uncheck();
  await page.getByRole("checkbox", { name: "Fractal dimension, worst" }).check();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(header(page, "Fractal dimension, worst")).toBeVisible();
  await expect(header(page, "Radius, mean")).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Predictions by Radius, mean, largest first" })).toBeVisible();
  await header(page, "Texture, mean").getByRole("link").click();
  await expect(header(page, "Fractal dimension, worst")).toBeVisible();
  await expect(header(page, "Texture, mean")).toHaveAttribute("aria-sort", "descending");
});

test("shows one prediction whole, and its values go back into the form @postgresql", async ({
  page,
  server,
}) => {
  const id = await saveSample(server);
  await page.goto(`/history/${id}`);
  await expect(page.getByRole("heading", { level: 1, name: `…${id.slice(-6)}` })).toBeVisible();
  await expect(page.getByText("Not a medical device")).toBeVisible();
  await expect(page.getByRole("img", { name: /^Probability > 0\.999 of malignant/ })).toBeVisible();
  await expect(
    page.getByRole("img", { name: "Nucleus drawn from the numbers: as large as a typical malignant one" }),
  ).toBeVisible();
  const cells = page.getByRole("table", { name: /30 measurements/ }).getByRole("cell");
  const shown = await cells.allTextContents();
  expect(shown).toHaveLength(30);
  // The table goes by property, the dataset by statistic.
  expect(shown).toEqual(FEATURE_KEYS.map((_, i) => malignantValues[(i % 3) * 10 + Math.floor(i / 3)]));

  const steps = page.getByRole("table", { name: /^What each family added/ });
  expect(await steps.getByRole("rowheader").allTextContents()).toEqual([
    "Average case",
    ...FAMILIES.map(({ label }) => label),
    "This case",
  ]);
  await page.getByText("All 30 contributions").click();
  const all = page.getByRole("table", { name: /^What each measurement added/ });
  const pushes = (await all.getByRole("cell").allTextContents()).map((text) =>
    Math.abs(Number(text.replace("−", "-"))),
  );
  expect(pushes).toHaveLength(30);
  expect(pushes).toEqual(pushes.toSorted((a, b) => b - a));
  const provenance = page.getByRole("region", { name: "Provenance" });
  await provenance.locator("summary").click();
  for (const name of ["Model", "Model hash", "Cut-off", "Path", "Id"]) {
    await expect(provenance.getByRole("term").filter({ hasText: new RegExp(`^${name}$`) })).toBeVisible();
  }
  await expect(provenance.getByRole("definition").filter({ hasText: id })).toBeVisible();

  await page.getByRole("link", { name: "Use these values" }).click();
  for (const { label, index } of FEATURES) {
    await expect(page.getByLabel(label, { exact: true })).toHaveValue(malignantValues[index] ?? "");
  }
});

test("deletes after a confirmation, and undoes it", async ({ page, server }) => {
  test.slow();
  const id = await saveSample(server);
  await page.goto(`/history/${id}`);
  await expect(page.getByRole("button", { name: "Delete this prediction" })).toBeHidden();
  await page.getByText("Delete…").click();
  await page.getByRole("button", { name: "Delete this prediction" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Deleted." })).toBeVisible();
  await expect(rowOf(page, id)).toHaveCount(0);

  await page.goto(`/history/${id}`);
  await expect(page.getByRole("status").filter({ hasText: "This prediction is deleted." })).toBeVisible();
  await page.goto(`/history?notice=deleted&id=${id}`);
  await expect(page.getByRole("button", { name: "Undo" })).toHaveAttribute("aria-keyshortcuts", "z");
  await page.keyboard.press("z");
  await expect(page.getByRole("status").filter({ hasText: "Restored." })).toBeVisible();
  await expect(rowOf(page, id)).toBeVisible();
  await page.getByRole("link", { name: "Open it" }).click();
  await expect(page.getByText("This prediction is deleted.")).toHaveCount(0);
  await page.goto(`/history?notice=deleted&id=${id}`);
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await expect(page.getByText("Deleted.")).toHaveCount(0);
});

test("sorts, filters, chooses columns, deletes and undoes without JavaScript", async ({
  browser,
  server,
}) => {
  const id = await saveSample(server);
  const plain = await browser.newPage({ javaScriptEnabled: false, baseURL: server.url });
  await plain.goto("/history");
  await header(plain, "Case").getByRole("link").click();
  await expect(header(plain, "Case")).toHaveAttribute("aria-sort", "ascending");
  await plain.getByText("Display", { exact: true }).click();
  await plain.getByRole("combobox", { name: "Sorted by" }).selectOption("Area, mean, largest first");
  await plain.getByRole("checkbox", { name: "Area, SE" }).check();
  await plain.getByRole("button", { name: "Show", exact: true }).click();
  await expect(header(plain, "Area, SE")).toBeVisible();
  await expect(plain).toHaveURL(/sort=-area_mean/);
  await plain.getByText("Filter", { exact: true }).click();
  await plain.getByRole("checkbox", { name: "uncertain" }).check();
  await plain.getByRole("button", { name: "Apply filters" }).click();
  await expect(plain).toHaveURL(/sort=-area_mean.*answer=uncertain|answer=uncertain.*sort=-area_mean/);
  await expect(rowOf(plain, id)).toHaveCount(0);
  await plain.goto(`/history/${id}`);
  await plain.getByText("Delete…").click();
  await plain.getByRole("button", { name: "Delete this prediction" }).click();
  await expect(plain.getByRole("status").filter({ hasText: "Deleted." })).toBeVisible();
  await plain.getByRole("button", { name: "Undo" }).click();
  await expect(rowOf(plain, id)).toBeVisible();
  await plain.close();
});

for (const [address, message] of [
  ["/history?sort=id", '"sort" cannot be "id". It can be date, diagnosis, probability, model'],
  ["/history?sort=-date&cursor=bm9uc2Vuc2U", '"cursor" is not a place in the history sorted by -date.'],
  ["/history?size=1000000", '"size" cannot be "1000000". It can be 25, 50, 100.'],
  ["/history?columns=idempotency_key", '"columns" cannot be "idempotency_key".'],
  ["/history?sort=date&sort=model", '"sort" is in the address more than once.'],
] as const) {
  test(`explains ${address}${address.includes("cursor") ? "" : " @long"}`, async ({ page }) => {
    await page.goto(address);
    await expect(page.getByRole("main").getByRole("alert")).toContainText(message);
    await expect(page.getByRole("table")).toHaveCount(0);
    await page.getByRole("link", { name: "Show the history from the start" }).click();
    await expect(page).toHaveURL(/\/history$/);
    await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
  });
}

test.describe("an unknown prediction", () => {
  test.use({ expectedErrors: [/404/] });

  test("is not found", async ({ page }) => {
    for (const id of ["0190c8a0-0000-7000-8000-00000000dead", "abc"]) {
      expect((await page.goto(`/history/${id}`))?.status()).toBe(404);
      await expect(page.getByRole("heading", { name: "This prediction is not here" })).toBeVisible();
    }
    await checkAccessibility(page);
  });
});

for (const width of [1280, 360]) {
  test(`scrolls nothing but the table sideways at ${width} pixels, and is accessible on a phone${width === 360 ? "" : " @long"}`, async ({
    page,
    server,
  }) => {
    // Three runs of axe, each of which takes seconds on a busy machine; of wide pages it is walk.spec.ts's.
    test.slow();
    const id = await saveSample(server);
    await page.setViewportSize({ width, height: 740 });
    for (const address of ["/history", `/history/${id}`, "/history?sort=id"]) {
      await page.goto(address);
      // Of those with one name a browser keeps one open.
      for (const summary of await page.getByRole("main").locator("summary").all())
        if (await summary.isVisible()) await summary.click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      if (width === 360) await checkAccessibility(page);
    }
  });
}

test("prints a prediction on one page", async ({ page, server }) => {
  const id = await saveSample(server);
  await page.goto(`/history/${id}`);
  const pdf = await page.pdf({ format: "A4" });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test.describe("a history of its own", () => {
  test("leads from the empty state to the form, then pages forwards and back", async ({ page }) => {
    const database = createThrowawayDatabase();
    const server = await AppServer.start(database.url);
    try {
      await page.goto(`${server.url}/history`);
      await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
      await checkAccessibility(page);
      await page.getByRole("link", { name: "New prediction" }).click();
      await page.getByRole("button", { name: "Benign", exact: true }).click();
      await page.getByRole("button", { name: "Make prediction" }).click();
      await page.getByRole("link", { name: "Open this prediction" }).click();
      await expect(page.getByText("Not a medical device")).toBeVisible();

      await copyOnlyPrediction(database.url, 60);
      await page.goto(`${server.url}/history?sort=area_worst`);
      await expect(page.getByText("61 predictions", { exact: true })).toBeVisible();
      const links = page.getByRole("rowheader").getByRole("link");
      const read = () => links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      const pages = [await read()];
      for (const length of [25, 11]) {
        const before = page.url();
        await page.getByRole("link", { name: "Next →" }).click();
        await expect(page).not.toHaveURL(before);
        await expect(links).toHaveCount(length);
        pages.push(await read());
      }
      expect(new Set(pages.flat()).size).toBe(61);
      await expect(page.getByRole("link", { name: "Next →" })).toHaveCount(0);
      await page.getByRole("link", { name: "← Previous" }).click();
      await expect(links).toHaveCount(25);
      expect(await read()).toEqual(pages[1]);
      await page.getByRole("link", { name: "First page" }).click();
      await expect(page.getByRole("link", { name: "← Previous" })).toHaveCount(0);
      // No link either while the next page is on its way.
      await expect.poll(read).toEqual(pages[0]);
      await page.getByText("Display", { exact: true }).click();
      await page.getByRole("radio", { name: "100" }).check();
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await expect(links).toHaveCount(61);

      // From case to case in the same order, and back to it.
      const all = await read();
      await links.first().click();
      await expect(page.getByText("1 of 61")).toBeVisible();
      await expect(page.getByRole("link", { name: "Previous case" })).toHaveCount(0);
      await untilListening(page);
      await page.keyboard.press("]");
      await expect(page.getByText("2 of 61")).toBeVisible();
      expect(new URL(page.url()).pathname).toBe(all[1]?.split("?")[0]);
      await page.getByRole("link", { name: "Previous case" }).click();
      await expect(page.getByText("1 of 61")).toBeVisible();
      await page.getByRole("main").getByRole("link", { name: "History" }).click();
      await expect(page).toHaveURL(/sort=area_worst/);
    } finally {
      // A page that is still loading would log the end of its server as an error.
      await page.goto("about:blank");
      await server.stop();
      database.remove();
    }
  });
});

/** Fills the history with `count` copies of its one row, their ids numbered and their dates in the past. */
async function copyOnlyPrediction(url: string, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, (i + 1) % 60));
    return `('01900000-0000-7000-8000-${String(i + 1).padStart(12, "0")}', '${timeText(at)}')`;
  });
  const kept = `diagnosis, probability, model_id, model_version, backend, latency_ms, source, deleted_at, ${FEATURE_KEYS.join(", ")}`;
  // Given as text, which only PostgreSQL has to be told is a date.
  const createdAt = databaseKind(url) === "sqlite" ? "created_at" : "created_at::timestamptz";
  await askDatabase(
    url,
    `INSERT INTO prediction (id, created_at, idempotency_key, ${kept})
     WITH copies (copy_id, created_at) AS (VALUES ${numbers.join(", ")})
     SELECT copy_id, copies.${createdAt}, copy_id, ${kept} FROM prediction CROSS JOIN copies`,
  );
}
