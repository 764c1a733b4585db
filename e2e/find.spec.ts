import type { Page } from "@playwright/test";
import { checkAccessibility, expect, saveSample, test } from "./fixtures";

const table = (page: Page) => page.getByRole("table", { name: /Predictions by/ });
const rows = (page: Page) =>
  table(page)
    .getByRole("rowheader")
    .filter({ has: page.getByRole("link") });

test("filters by what is on, shows it as chips, and a click takes one off", async ({ page, server }) => {
  await saveSample(server, "Malignant");
  await saveSample(server, "Benign");
  await page.goto("/history");
  const all = await rows(page).count();
  await page.getByText("Filter", { exact: true }).click();
  await page.getByRole("checkbox", { name: "malignant" }).check();
  await page.getByRole("combobox", { name: "Measurement" }).selectOption("radius_mean");
  const measurement = page.getByRole("group", { name: "One more measurement between" });
  await measurement.getByLabel("from").fill("17");
  await page.getByRole("button", { name: "Apply filters" }).click();
  await expect(page).toHaveURL(/answer=malignant/);
  await expect(table(page)).not.toContainText("Benign");
  const chips = page.getByRole("navigation", { name: "Filters that are on" });
  await expect(chips.getByRole("link")).toHaveText([
    /malignant/,
    /Radius, mean at least 17/,
    "Clear the filters",
  ]);
  await checkAccessibility(page);
  await chips.getByRole("link", { name: "Take off: malignant" }).click();
  await expect(page).not.toHaveURL(/answer=/);
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await expect(rows(page)).toHaveCount(all);
});

test("says so where nothing passes, and leads back", async ({ page, server }) => {
  await saveSample(server);
  await page.goto("/history?pmin=0.5&pmax=0.5000001");
  await expect(page.getByText("Looked for: probability 0.5 to 0.5000001.")).toBeVisible();
  await page.getByRole("link", { name: "Show all predictions" }).click();
  await expect(rows(page).first()).toBeVisible();
});

test("explains a filter that cannot be", async ({ page }) => {
  await page.goto("/history?radius_mean=20..10");
  await expect(page.getByRole("alert").filter({ hasText: "ends before it begins" })).toBeVisible();
});

test("leads to views by tabs, which say how many they hold, and to what the summary counts", async ({
  page,
  server,
}) => {
  await saveSample(server, "Borderline");
  const views = page.getByRole("navigation", { name: "Views" });
  await page.goto("/history?text=");
  await views.getByRole("link", { name: /^To review \d+$/ }).click();
  await expect(page).toHaveURL(/answer=uncertain,no%20answer$/);
  await expect(views.locator("[aria-current]")).toHaveText(/^To review/);
  await expect(page.getByRole("navigation", { name: "Filters that are on" })).toHaveCount(0);
  await expect(rows(page).first()).toBeVisible();
  await expect(page.locator("tbody .an").filter({ hasNotText: /Uncertain|No answer/ })).toHaveCount(0);
  await page
    .getByRole("region", { name: "Summary" })
    .getByRole("link", { name: /malignant$/ })
    .click();
  await expect(page).toHaveURL(/answer=malignant$/);
});

test("saves a view under a name, opens it and deletes it @postgresql", async ({ page, server }) => {
  await saveSample(server);
  await page.goto("/history?answer=malignant&sort=-radius_mean&density=compact");
  await page.getByText("+ Save view").click();
  await page.getByLabel("Name of the view").fill("Large ones");
  await page.getByRole("button", { name: "Save view", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "The view is saved." })).toBeVisible();
  await page.goto("/history");
  await page.getByRole("link", { name: "Large ones", exact: true }).click();
  await expect(page).toHaveURL(/answer=malignant.*sort=-radius_mean.*density=compact/);
  await page.getByText("+ Save view").click();
  await page.getByRole("button", { name: "Delete the view Large ones" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The view is deleted." })).toBeVisible();
});

test("is used with the keyboard: slash, J and K, X, Space and Enter, until these are switched off", async ({
  page,
  server,
}) => {
  await saveSample(server);
  await saveSample(server, "Benign");
  await page.goto("/history");
  const link = (at: number) => rows(page).nth(at).getByRole("link");
  // A key that is pressed before the page's script runs is nobody's.
  await expect(async () => {
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox")).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.getByRole("searchbox").blur();
  await page.keyboard.press("j");
  await expect(link(0)).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("ArrowDown");
  await expect(link(1)).toBeFocused();
  await page.keyboard.press("Shift+X");
  const selected = page.getByRole("region", { name: "With the selected predictions" });
  await expect(selected).toContainText("2 selected");
  await page.keyboard.press("Escape");
  await expect(selected).toHaveCount(0);
  await page.keyboard.press("Space");
  const sheet = page.getByRole("dialog", { name: "One prediction" });
  await expect(sheet.getByRole("region", { name: "Answer" })).toContainText("Malignant");
  await checkAccessibility(page);
  await page.keyboard.press("k");
  await expect(sheet.getByRole("region", { name: "Answer" })).toContainText("Benign");
  await page.keyboard.press("Escape");
  await expect(link(0)).toBeFocused();

  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: /single keys/ }).uncheck();
  await page.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("j");
  await expect(link(1)).not.toBeFocused();
  await link(1).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/history\/[0-9a-f-]{36}$/);
});
