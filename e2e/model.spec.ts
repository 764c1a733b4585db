import { globSync, readFileSync } from "node:fs";
import evaluation from "../model/evaluation.json" with { type: "json" };
import { card, table, words } from "../tables/current";
import { checkAccessibility, expect, test } from "./fixtures";

test("is reached from the header by keyboard, and says what was measured", async ({ page }) => {
  await page.goto("/history");
  const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Model" });
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Model card" })).toBeVisible();
  const ours = page.getByRole("row", { name: new RegExp(evaluation.model.name) });
  await expect(ours).toContainText(evaluation.figures.accuracy.mean.toFixed(4));
  const { low, high } = evaluation.figures.accuracy;
  const expected = page.getByRole("region", { name: "What to expect on unseen cases" });
  await expect(expected.getByRole("row", { name: /^Accuracy/ })).toContainText(
    `${low.toFixed(4)} to ${high.toFixed(4)}`,
  );
  const certain = page.getByRole("table", { name: "Certain answers and how many of them are wrong" });
  await expect(certain.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("region", { name: "For, and not for" })).toContainText("75 % accuracy");
  await expect(page.getByRole("img", { name: /ROC curve/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /Reliability/ })).toBeVisible();
  for (const row of ["40", "73", "135", "297"]) {
    await expect(page.getByRole("row", { name: new RegExp(`^${row} ▲ malignant`) })).toBeVisible();
  }
  await expect(page.getByRole("region", { name: "Identity" })).toContainText(evaluation.model.hash);
  await expect(page.getByText("of another version")).toHaveCount(0);
});

for (const width of [1280, 360]) {
  test(`has no accessibility violation at ${width} pixels, and only its widest table scrolls`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 740 });
    await page.goto("/model");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await checkAccessibility(page);
  });
}

test("works without JavaScript", async ({ browser, server }) => {
  const plain = await browser.newPage({ javaScriptEnabled: false, baseURL: server.url });
  await plain.goto("/model");
  await expect(plain.getByRole("table")).toHaveCount(6);
  await plain.close();
});

test("has its text and the dataset in no browser's script", () => {
  const rows = readFileSync(table.dataFile, "utf8").split("\n");
  const scripts = globSync(".next/static/**/*.js").map((file) => readFileSync(file, "utf8"));
  expect(scripts.some((script) => script.includes(words.grid.heading))).toBe(true);
  // A row that is no sample.
  for (const text of [card.caution.title, card.data.link.href, rows[2]?.slice(2) ?? ""]) {
    expect(scripts.filter((script) => script.includes(text))).toEqual([]);
  }
});
