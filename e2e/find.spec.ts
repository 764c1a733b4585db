import type { Page } from "@playwright/test";
import { checkAccessibility, expect, saveSample, test } from "./fixtures";

const table = (page: Page) => page.getByRole("table", { name: /Predictions by/ });
const rows = (page: Page) => table(page).getByRole("rowheader");

test("filters by what is on, shows it as chips, and a click takes one off @postgresql", async ({
  page,
  server,
}) => {
  await saveSample(server, "Malignant");
  await saveSample(server, "Benign");
  await page.goto("/history");
  const all = await rows(page).count();
  await page.getByText("Filters", { exact: true }).click();
  await page.getByRole("checkbox", { name: "malignant" }).check();
  await page.getByRole("combobox", { name: "Measurement" }).selectOption("radius_mean");
  const measurement = page.getByRole("group", { name: "One more measurement between" });
  await measurement.getByLabel("from").fill("17");
  await page.getByRole("button", { name: "Apply filters" }).click();
  await expect(page).toHaveURL(/answer=malignant/);
  await expect(table(page)).not.toContainText("Benign");
  const chips = page.getByRole("navigation", { name: "Filters that are on" });
  await expect(chips.getByRole("link")).toHaveText([/malignant/, /Radius, mean at least 17/, "Clear all"]);
  await checkAccessibility(page);
  await chips.getByRole("link", { name: "Take off: malignant" }).click();
  await expect(page).not.toHaveURL(/answer=/);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(rows(page)).toHaveCount(all);
});

test("says so where nothing passes, and leads back", async ({ page, server }) => {
  await saveSample(server);
  await page.goto("/history?pmin=0.5&pmax=0.5000001");
  await expect(page.getByText("No prediction passes these filters.")).toBeVisible();
  await page.getByRole("link", { name: "Show all predictions" }).click();
  await expect(rows(page).first()).toBeVisible();
});

test("explains a filter that cannot be", async ({ page }) => {
  await page.goto("/history?radius_mean=20..10");
  await expect(page.getByRole("alert").filter({ hasText: "ends before it begins" })).toBeVisible();
});

test("saves a view under a name, opens it and deletes it @postgresql", async ({ page, server }) => {
  await saveSample(server);
  await page.goto("/history?answer=malignant&sort=-radius_mean&density=compact");
  await page.getByText("Views", { exact: false }).first().click();
  await page.getByLabel("Save what is shown now as").fill("Large ones");
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByRole("status")).toContainText("The view is saved.");
  await page.goto("/history");
  await page.getByText("Views", { exact: false }).first().click();
  await page.getByRole("link", { name: "Large ones", exact: true }).click();
  await expect(page).toHaveURL(/answer=malignant.*sort=-radius_mean.*density=compact/);
  await page.getByText("Views", { exact: false }).first().click();
  await page.getByRole("button", { name: "Delete the view Large ones" }).click();
  await expect(page.getByRole("status")).toContainText("The view is deleted.");
});

test("is used with the keyboard: slash to search, arrows and Enter to open", async ({ page, server }) => {
  await saveSample(server);
  await saveSample(server, "Benign");
  await page.goto("/history");
  // A key that is pressed before the page's script runs is nobody's.
  await expect(async () => {
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox")).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.getByRole("region", { name: /Predictions by/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(rows(page).nth(0).getByRole("link")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(rows(page).nth(1).getByRole("link")).toBeFocused();
  const href = await rows(page).nth(1).getByRole("link").getAttribute("href");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${href}$`));
});
