import type { Browser, Locator, Page } from "@playwright/test";
import { v7 as uuidv7 } from "uuid";
import { timeText } from "../lib/time";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { checkAccessibility, expect, saveSample, test } from "./fixtures";

const boxOf = (page: Page, id: string): Locator =>
  page
    .getByRole("row")
    .filter({ has: page.locator(`a[href^="/history/${id}"]`) })
    .getByRole("checkbox");

const rowOf = (page: Page, id: string): Locator =>
  page.getByRole("row").filter({ has: page.locator(`a[href^="/history/${id}"]`) });

/** One after the other: the history shows them in this order, last first. */
async function saveSamples(server: AppServer, ...samples: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const sample of samples) ids.push(await saveSample(server, sample));
  return ids;
}

const withoutScript = (browser: Browser, server: AppServer) =>
  browser.newPage({ javaScriptEnabled: false, baseURL: server.url });

/** Nothing but a table in a region of its own scrolls sideways on a phone. */
async function checkPhone(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  if (size !== null) await page.setViewportSize(size);
}

/** The same, and axe finds nothing: for what walk.spec.ts does not come by. */
async function checkPage(page: Page): Promise<void> {
  await checkAccessibility(page);
  await checkPhone(page);
}

test("keeps case code and note, warns of personal data, and shows every edit @postgresql", async ({
  page,
  server,
}) => {
  test.slow();
  const id = await saveSample(server);
  await page.goto(`/history/${id}`);
  const notes = page.getByRole("region", { name: "Case", exact: true });
  const changes = notes.locator("details");
  const code = notes.getByRole("textbox", { name: "Case code" });
  const note = notes.getByRole("textbox", { name: "Note" });
  await expect(changes).toContainText("0 changes");
  await code.fill("A-17");
  await note.fill("Focus is poor in two fields.");
  await expect(notes.getByText("This may be personal data.")).toHaveCount(0);
  await note.fill("Mrs Roe, born 12.03.1958");
  await expect(notes).toContainText("Mrs Roe looks like a name");
  await notes.getByRole("button", { name: "Save notes" }).click();
  await expect(notes.getByText("Saved.")).toBeVisible();
  await expect(changes).toContainText("2 changes");
  await changes.locator("summary").click();
  await expect(changes.getByRole("listitem")).toHaveCount(2);
  await checkPage(page);

  await page.reload();
  await expect(code).toHaveValue("A-17");
  await expect(note).toHaveValue("Mrs Roe, born 12.03.1958");
  await expect(notes.getByText("This may be personal data.")).toBeVisible();
  await note.fill("");
  await notes.getByRole("button", { name: "Save notes" }).click();
  await expect(changes).toContainText("3 changes");
  await changes.locator("summary").click();
  await expect(changes.getByRole("listitem").first()).toContainText("BeforeMrs Roe, born 12.03.1958After");
  await notes.getByRole("button", { name: "Save notes" }).click();
  await expect(notes.getByText("Nothing had changed.")).toBeVisible();
});

test("keeps what was typed where it cannot be saved, without JavaScript too", async ({
  page,
  browser,
  server,
}) => {
  const id = await saveSample(server);
  const plain = await withoutScript(browser, server);
  await plain.goto(`/history/${id}`);
  await plain.getByRole("textbox", { name: "Case code" }).fill("A-17");
  await plain.getByRole("textbox", { name: "Note" }).fill("first\nsecond");
  await plain.getByRole("button", { name: "Save notes" }).click();
  await expect(plain.getByText("Saved.")).toBeVisible();
  await expect(plain.getByText("2 changes")).toBeVisible();
  // What the browser would not let be typed may come from elsewhere.
  for (const browserPage of [plain, page]) {
    await browserPage.goto(`/history/${id}`);
    const code = browserPage.getByRole("textbox", { name: "Case code" });
    await browserPage.locator("#case-code").evaluate((input) => input.removeAttribute("maxlength"));
    await code.fill("x".repeat(65));
    await browserPage.getByRole("textbox", { name: "Note" }).fill("typed, and not lost");
    await browserPage.getByRole("button", { name: "Save notes" }).click();
    await expect(browserPage.getByText("The case code can have 64 characters; this has 65.")).toBeVisible();
    await expect(code).toHaveValue("x".repeat(65));
    await expect(browserPage.getByRole("textbox", { name: "Note" })).toHaveValue("typed, and not lost");
  }
  await plain.close();
});

test("selects, deletes after a confirmation, undoes it, and empties the bin @postgresql", async ({
  page,
  server,
}) => {
  test.slow();
  const [a, b, c] = (await saveSamples(server, "Malignant", "Benign", "Borderline")) as [
    string,
    string,
    string,
  ];
  await page.goto("/history");
  const bar = page.getByRole("region", { name: "With the selected predictions" });
  await expect(bar).toHaveCount(0);
  await boxOf(page, a).check();
  await expect(bar).toContainText("1 selected");
  await expect(bar.getByRole("button", { name: "Compare" })).toBeDisabled();
  const all = page.getByRole("checkbox", { name: "Select all on this page" });
  const rows = page.locator("tbody").getByRole("checkbox");
  await all.check();
  const count = await rows.count();
  await expect(bar).toContainText(`${count} selected`);
  await all.uncheck();
  await expect(boxOf(page, a)).not.toBeChecked();
  for (const id of [a, b, c]) await boxOf(page, id).check();
  await bar.getByRole("button", { name: "Delete…" }).click();
  await expect(page.getByRole("heading", { name: "Delete 3 predictions?" })).toBeVisible();
  await checkPhone(page);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(rowOf(page, a)).toBeVisible();

  await page.goto(`/history/delete?ids=${[a, b, c].join()}`);
  await page.getByRole("button", { name: "Delete 3 predictions" }).click();
  await expect(page.getByRole("status").filter({ hasText: "3 predictions deleted." })).toBeVisible();
  await expect(rowOf(page, b)).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Restored." })).toBeVisible();
  for (const id of [a, b, c]) await expect(rowOf(page, id)).toBeVisible();

  await page.goto(`/history/delete?ids=${[a, b, c].join()}`);
  await page.getByRole("button", { name: "Delete 3 predictions" }).click();
  await page.getByRole("link", { name: /^Bin/ }).click();
  await expect(rowOf(page, a)).toContainText("30");
  await checkPhone(page);
  await boxOf(page, a).check();
  await page.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Restored." })).toBeVisible();
  await expect(rowOf(page, a)).toHaveCount(0);

  await expect(page.getByRole("button", { name: "Delete for ever" })).toBeHidden();
  await page.getByText("Delete for ever…").click();
  await page.getByRole("button", { name: "Delete for ever" }).click();
  await expect(page.getByText("No prediction is selected.")).toBeVisible();
  await boxOf(page, b).check();
  await page.getByText("Delete for ever…").click();
  await page.getByRole("button", { name: "Delete for ever" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Deleted for ever." })).toBeVisible();
  await expect(rowOf(page, b)).toHaveCount(0);
  await expect(rowOf(page, c)).toBeVisible();
  expect((await page.request.get(`/history/${b}`)).status()).toBe(404);
});

test("deletes, restores and purges a selection without JavaScript", async ({ browser, server }) => {
  const [a, b] = (await saveSamples(server, "Malignant", "Benign")) as [string, string];
  const plain = await withoutScript(browser, server);
  await plain.goto("/history");
  await plain.getByRole("button", { name: "Delete…" }).click();
  await expect(plain.getByRole("main").getByRole("alert")).toContainText("No prediction is selected.");
  await plain.getByRole("link", { name: /Back to the history/ }).click();
  await boxOf(plain, a).check();
  await boxOf(plain, b).check();
  await plain.getByRole("button", { name: "Delete…" }).click();
  await plain.getByRole("button", { name: "Delete 2 predictions" }).click();
  await expect(plain.getByRole("status").filter({ hasText: "2 predictions deleted." })).toBeVisible();
  await plain.getByRole("button", { name: "Undo" }).click();
  await expect(rowOf(plain, a)).toBeVisible();
  await expect(rowOf(plain, b)).toBeVisible();

  // The one box stands for the whole page.
  await plain.getByRole("checkbox", { name: "Select all on this page" }).check();
  const rows = await plain.locator("tbody").getByRole("checkbox").count();
  await plain.getByRole("button", { name: "Delete…" }).click();
  await expect(plain.getByRole("heading", { name: `Delete ${rows} predictions?` })).toBeVisible();
  await plain.goto(`/history/delete?ids=${a},${b}`);
  await plain.getByRole("button", { name: "Delete 2 predictions" }).click();

  await plain.goto("/history/bin");
  await boxOf(plain, a).check();
  await plain.getByRole("button", { name: "Restore" }).click();
  await expect(plain.getByRole("status")).toContainText("Restored.");
  await boxOf(plain, b).check();
  await plain.getByText("Delete for ever…").click();
  await plain.getByRole("button", { name: "Delete for ever" }).click();
  await expect(plain.getByRole("status")).toContainText("Deleted for ever.");
  await plain.goto("/history");
  await expect(rowOf(plain, a)).toBeVisible();
  expect((await plain.request.get(`/history/${b}`)).status()).toBe(404);
  await plain.close();
});

test("selects and compares with the keyboard alone", async ({ page, server }) => {
  test.slow();
  await saveSamples(server, "Malignant", "Benign");
  // Newest first: the two of this test.
  await page.goto("/history");
  const boxes = page.locator("tbody").getByRole("checkbox");
  await page.getByRole("checkbox", { name: "Select all on this page" }).focus();
  for (const box of [boxes.nth(0), boxes.nth(1)]) {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      if (await box.evaluate((element) => element === document.activeElement)) break;
    }
    await page.keyboard.press("Space");
    await expect(box).toBeChecked();
  }
  const compare = page.getByRole("button", { name: "Compare" });
  for (let presses = 0; presses < 200; presses++) {
    // The bar is above the rows.
    await page.keyboard.press("Shift+Tab");
    if (await compare.evaluate((element) => element === document.activeElement)) break;
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Compare predictions" })).toBeVisible();
  await expect(page).toHaveURL(/\/history\/compare\?ids=[^,]+,[^,]+$/);
});

test("compares with differences to the first, and prints", async ({ page, server }) => {
  test.slow();
  const ids = await saveSamples(server, "Malignant", "Benign", "Borderline");
  await page.goto(`/history/compare?ids=${ids.slice(0, 2).join()}`);
  const values = page.getByRole("table", { name: /^Measurements, and what each adds/ });
  const row = values.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "Radius, mean" }) });
  await expect(row).toContainText("17.99");
  await expect(row.getByRole("cell").nth(1)).toContainText("8.196+0.74difference to A: −9.794 (−54 %)");
  const first = page.getByRole("list", { name: "The predictions" }).getByRole("listitem").first();
  await expect(first).toContainText(/^A.*Malignant> 0\.999/);
  await expect(page.getByRole("table", { name: /^Reasons/ }).getByRole("row")).toHaveCount(6);
  await page.goto(`/history/compare?ids=${ids.join()}`);
  await expect(values.getByRole("columnheader")).toHaveCount(3);
  await checkPhone(page);
  const pdf = await page.pdf({ format: "A4" });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(3);
  // On a phone the table scrolls under its first column.
  await page.setViewportSize({ width: 360, height: 740 });
  await row.scrollIntoViewIfNeeded();
  await page.getByRole("region", { name: /^Measurements/ }).evaluate((region) => region.scrollBy(200, 0));
  await expect(row.getByRole("rowheader")).toBeInViewport();
});

for (const [ids, message] of [
  ["", "No prediction is selected."],
  ["A", "It takes at least 2 predictions"],
  ["A,A", "A prediction is named more than once."],
  ["A,0190c8a0-0000-7000-8000-00000000dead", "There is no prediction 0190c8a0-0000-7000-8000-00000000dead."],
  ["A,x", '"x" is not the id of a prediction.'],
] as const) {
  test(`explains a comparison of "${ids}"${ids === "A" ? "" : " @long"}`, async ({ page, server }) => {
    const id = await saveSample(server);
    await page.goto(`/history/compare?ids=${ids.replaceAll("A", id)}`);
    await expect(page.getByRole("main").getByRole("alert")).toContainText(message);
    await page.getByRole("link", { name: /Back to the history/ }).click();
    await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  });
}

test("re-scores a selection and the latest, and changes nothing", async ({ page, server }) => {
  test.slow();
  const [a, b] = (await saveSamples(server, "Malignant", "Borderline")) as [string, string];
  const text = async (id: string) => (await page.request.get(`/history/${id}/text`)).text();
  const before = [await text(a), await text(b)];
  await page.goto("/history");
  await boxOf(page, a).check();
  await boxOf(page, b).check();
  await page.getByRole("button", { name: "Re-score" }).click();
  await expect(page.getByText("2 predictions", { exact: true })).toBeVisible();
  await expect(page.getByText("No answer changes.")).toBeVisible();
  await checkPhone(page);
  await page.getByRole("link", { name: "1,000" }).click();
  await expect(page).toHaveURL(/\?latest=1000$/);
  await expect(page.getByText("No answer changes.")).toBeVisible();
  expect([await text(a), await text(b)]).toEqual(before);
  await page.goto("/history/rescore?latest=7");
  await expect(page.getByRole("main").getByRole("alert")).toContainText('"latest" can be 100, 1000, 5000.');
});

test("says why where the present model does not answer", async ({ page, server }) => {
  const [id] = await saveSamples(server, "Malignant");
  const gone = await AppServer.start(server.databaseUrl, { MODEL_URL: "https://127.0.0.1:9/" });
  try {
    await page.goto(`${gone.url}/history/rescore?ids=${id}`);
    await expect(page.getByRole("main").getByRole("alert")).toContainText(
      "The model service cannot be reached. Nothing was stored or changed.",
    );
  } finally {
    await page.goto("about:blank");
    await gone.stop();
  }
});

test("sets the retention, and refuses what it cannot be", async ({ page, browser, server }) => {
  test.slow();
  await page.goto("/path");
  const days = page.getByRole("textbox", { name: "Days after which predictions are deleted" });
  const save = page.getByRole("button", { name: "Save", exact: true });
  await days.fill("7");
  await save.click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "a whole number of days from 30 to 3,650",
  );
  await expect(days).toHaveValue("7");
  await checkPage(page);
  await days.fill("3650");
  await save.click();
  await expect(page.getByText("Saved: predictions are deleted after 3650 days.")).toBeVisible();
  await expect(page.getByText("Predictions go to the bin 3650 days after they were made.")).toBeVisible();
  const plain = await withoutScript(browser, server);
  await plain.goto("/path");
  await plain.getByRole("textbox", { name: "Days after which predictions are deleted" }).fill("");
  await plain.getByRole("button", { name: "Save", exact: true }).click();
  await expect(plain.getByText("Saved: predictions are not deleted by age.")).toBeVisible();
  await plain.close();
});

test("asks before a retention that would delete some now, and does it once confirmed @postgresql", async ({
  page,
  server,
}) => {
  const made = new Date(Date.now() - 45 * 24 * 60 * 60 * 1000);
  const old = uuidv7({ msecs: made.getTime() });
  const id = await saveSample(server);
  await askDatabase(
    server.databaseUrl,
    `UPDATE prediction SET id = '${old}', created_at = '${timeText(made)}' WHERE id = '${id}'`,
  );
  await page.goto("/path");
  const days = page.getByRole("textbox", { name: "Days after which predictions are deleted" });
  const save = page.getByRole("button", { name: "Save", exact: true });
  const alert = page.getByRole("main").getByRole("alert");
  await days.fill("40");
  await save.click();
  await expect(alert).toContainText("This moves 1 prediction to the bin now.");
  await expect(alert).toContainText("Nothing has been changed yet.");
  await checkPage(page);
  // An answer about 40 days is none about 30.
  await days.fill("30");
  await expect(alert).toHaveCount(0);
  await page.goto(`/history/${old}`);
  await expect(page.getByText("Delete…", { exact: true })).toBeVisible();

  await page.goto("/path");
  await expect(days).toHaveValue("30");
  await expect(page.getByText("Not saved yet")).toBeVisible();
  await page.getByRole("button", { name: "Drop it" }).click();
  await expect(days).toHaveValue("");
  await days.fill("40");
  await save.click();
  await alert.getByRole("button", { name: "Delete after 40 days, 1 prediction now" }).click();
  await expect(page.getByText("Saved: predictions are deleted after 40 days.")).toBeVisible();
  await page.goto("/history/bin");
  await expect(rowOf(page, old)).toBeVisible();

  await page.goto("/path");
  await days.fill("");
  await save.click();
  await expect(page.getByText("Saved: predictions are not deleted by age.")).toBeVisible();
});
