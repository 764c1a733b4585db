import { v7 as uuidv7 } from "uuid";
import { timeText } from "../lib/time";
import { FEATURES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { createThrowawayDatabase } from "../test/throwaway";
import { checkAccessibility, expect, predict, saveSample, test } from "./fixtures";

test("records an outcome with the keyboard, says whether it agrees, changes and removes it @postgresql", async ({
  page,
}) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByRole("textbox", { name: "Texture, mean" }).fill("10.5");
  const id = await predict(page);
  await page.goto(`/history/${id}`);
  const card = page.getByRole("region", { name: "Biopsy outcome" });
  await expect(card).toContainText("Not recorded yet.");

  await card.getByRole("radio", { name: "malignant" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await expect(card.getByLabel("Confirmed on")).toHaveValue(/^\d{4}-\d\d-\d\d$/);
  await page.keyboard.type("11202024");
  await page.keyboard.press("Enter");
  await expect(card).toContainText("Biopsy: malignant, confirmed on 2024-11-20. The prediction agrees");
  await expect(card.getByRole("status")).toHaveText("✓ Recorded.");
  await checkAccessibility(page);
  const pdf = await page.pdf({ format: "A4" });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);

  await page.goto("/history");
  await expect(
    page.getByText(/In use here: \d+ outcomes? recorded: sensitivity needs \d+ more/),
  ).toBeVisible();
  await page.getByRole("link", { name: "All figures" }).click();
  const inUse = page.getByRole("region", { name: "In use here" });
  await expect(inUse).toContainText("Training cases are left out");
  await expect(inUse.getByRole("row", { name: /^Sensitivity needs \d more/ })).toBeVisible();

  await page.goto(`/history/${id}`);
  await expect(card.getByLabel("Confirmed on")).toHaveValue("2024-11-20");
  await card.getByRole("radio", { name: "malignant" }).focus();
  await page.keyboard.press("ArrowLeft");
  await card.getByRole("button", { name: "Change outcome" }).press("Enter");
  await expect(card).toContainText("Biopsy: benign, confirmed on 2024-11-20. The prediction disagrees");

  await card.getByRole("button", { name: "Remove outcome" }).press("Enter");
  await expect(card).toContainText("Not recorded yet.");
  await expect(card.getByRole("status")).toBeFocused();
  await expect(card.getByRole("radio", { checked: true })).toHaveCount(0);
});

test("says beside each field what is wrong, and keeps what was chosen", async ({ page, server }) => {
  const id = await saveSample(server);
  await page.goto(`/history/${id}`);
  const card = page.getByRole("region", { name: "Biopsy outcome" });
  await card.getByLabel("Confirmed on").fill("");
  await card.getByRole("button", { name: "Record outcome" }).click();
  await expect(card.getByRole("radiogroup")).toHaveAccessibleDescription("Choose malignant or benign.");
  await expect(card.getByLabel("Confirmed on")).toHaveAccessibleDescription("Enter the day.");
  await expect(card.getByRole("radio", { name: "benign" })).toBeFocused();

  await card.getByRole("radio", { name: "benign" }).check();
  await card.getByLabel("Confirmed on").fill("2099-01-01");
  await card.getByRole("button", { name: "Record outcome" }).click();
  await expect(card.getByLabel("Confirmed on")).toHaveAccessibleDescription(
    "The day must not be in the future.",
  );
  await expect(card.getByLabel("Confirmed on")).toBeFocused();
  await expect(card.getByLabel("Confirmed on")).toHaveValue("2099-01-01");
  await expect(card.getByRole("radio", { name: "benign" })).toBeChecked();
  await checkAccessibility(page);
});

test("records without JavaScript too", async ({ browser, server }) => {
  const id = await saveSample(server);
  const plain = await browser.newPage({ javaScriptEnabled: false, baseURL: server.url });
  await plain.goto(`/history/${id}`);
  const card = plain.getByRole("region", { name: "Biopsy outcome" });
  await card.getByRole("radio", { name: "benign" }).check();
  await card.getByLabel("Confirmed on").fill("1979-12-31");
  await card.getByRole("button", { name: "Record outcome" }).click();
  await expect(card).toContainText("The day must not be before 1980.");
  await expect(card.getByRole("radio", { name: "benign" })).toBeChecked();
  await card.getByLabel("Confirmed on").fill("2024-11-20");
  await card.getByRole("button", { name: "Record outcome" }).click();
  await expect(card).toContainText("The prediction disagrees: it said malignant.");
  await expect(card).toContainText("A training case: its outcome stays out of the figures.");
  await card.getByRole("button", { name: "Remove outcome" }).click();
  await expect(card).toContainText("Not recorded yet.");
  await plain.close();
});

test("leaves rows of the training data out of the figures in use, and says so", async ({ page }) => {
  const database = createThrowawayDatabase();
  const server = await AppServer.start(database.url);
  try {
    const ids = [await saveSample(server), await saveSample(server, "Borderline")];
    await askDatabase(
      database.url,
      `UPDATE prediction SET outcome = 'M', source = 'form' WHERE id = '${ids[0]}'`,
    );
    await page.goto(`${server.url}/model#in-use`);
    const inUse = page.getByRole("region", { name: "In use here", exact: true });
    await expect(inUse).toContainText(
      "No outcome of a new case is recorded yet; 1 outcome is of a training case.",
    );
    await expect(page.getByRole("region", { name: "Input drift" })).toContainText(
      /No case in the last 90 days; 100 more are needed\..* Training cases, here 1,/,
    );
    await page.goto(`${server.url}/history`);
    await expect(page.getByText("In use here: No outcome of a new case is recorded yet.")).toBeVisible();
  } finally {
    await server.stop();
    database.remove();
  }
});

test("says what an address of the model page can have", async ({ page }) => {
  await page.goto("/model?drift=31");
  await expect(page.getByRole("alert").filter({ hasText: "drift" })).toContainText(
    '"drift" cannot be "31". It can be 30, 90, 365: days.',
  );
  await page.getByRole("link", { name: "Show the usual window" }).click();
  await expect(page.getByRole("region", { name: "Input drift" })).toContainText(
    /in the last 90 days; \d+ more are needed/,
  );
});

/** 120 cases of today whose texture is far above the training cases'; one in three confirmed, all but two as said. */
async function fill(url: string): Promise<void> {
  const keys = FEATURES.map(({ key }) => key);
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [id, diagnosis] = [uuidv7(), i % 2 === 0 ? "M" : "B"];
    const truth = i === 0 ? "B" : i === 3 ? "M" : diagnosis;
    const values = FEATURES.map(({ key, range: { low, high } }) =>
      key === "texture_mean" ? 30 : low + ((high - low) * (i % 10)) / 9,
    );
    const now = timeText(new Date());
    const confirmed = i % 3 === 0 ? `'${truth}', '${now}'` : "NULL, NULL";
    const probability = diagnosis === "M" ? 0.95 : 0.05;
    return `('${id}', '${now}', ${values.join(", ")}, ${probability}, '${diagnosis}', '${diagnosis}', 'form', 1, '1',
      'embedded', 1, ${confirmed}, '${id}')`;
  });
  await askDatabase(url, "INSERT INTO model (id, name, version, identity) VALUES (1, 'test', '1', 'test')");
  await askDatabase(
    url,
    `INSERT INTO prediction (id, created_at, ${keys.join(", ")}, probability, diagnosis, label, source, model_id,
      model_version, backend, latency_ms, outcome, outcome_on, idempotency_key) VALUES ${rows.join(", ")}`,
  );
}

test.describe("with outcomes and cases enough", () => {
  let database: ReturnType<typeof createThrowawayDatabase>;
  let server: AppServer;
  test.beforeAll(async () => {
    database = createThrowawayDatabase();
    await fill(database.url);
    server = await AppServer.start(database.url);
  });
  test.afterAll(async () => {
    await server.stop();
    database.remove();
  });

  for (const width of [1280, 360]) {
    test(`shows figures in use apart from the training data's, and drift, at ${width} pixels${width === 360 ? " @long" : ""}`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height: 740 });
      await page.goto(`${server.url}/model?drift=30#in-use`);
      const inUse = page.getByRole("region", { name: "In use here", exact: true });
      await expect(inUse).toContainText("40 have a recorded outcome: 20 malignant and 20 benign");
      await expect(
        inUse.getByRole("row", { name: /^Sensitivity 95\.0 % 76\.4–99\.1 % 19 of 20/ }),
      ).toBeVisible();
      await expect(inUse.getByRole("row", { name: "▲ malignant 19 1" })).toBeVisible();
      await expect(inUse.getByRole("img", { name: /^In use: share of malignant/ })).toBeVisible();
      await expect(inUse).toContainText("Outcomes are recorded by choice");
      const drift = page.getByRole("region", { name: "Input drift" });
      const first = drift.getByRole("row").nth(1);
      await expect(first).toContainText("Texture, mean");
      await expect(first).toContainText("marked");
      await expect(drift.getByRole("link", { name: "Last 30 days" })).toHaveAttribute("aria-current", "page");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      if (width === 360) await checkAccessibility(page);
      await page.goto(`${server.url}/history`);
      await expect(page.getByText("In use here: 40 outcomes recorded: sensitivity 95.0 %")).toBeVisible();
    });
  }
});
