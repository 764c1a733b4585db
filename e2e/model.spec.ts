import { globSync, readFileSync } from "node:fs";
import { card, table, words } from "../tables/current";
import evaluation from "../tables/wdbc/evaluation.json" with { type: "json" };
import { checkAccessibility, expect, test } from "./fixtures";

test("is reached from the header by keyboard, and says what was measured", async ({ page }) => {
  await page.goto("/history");
  const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Model" });
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Model card" })).toBeVisible();
  await expect(page.getByRole("region", { name: "In short" })).toContainText("97.6 to 99.4");
  await expect(page.getByText("75 % right answers")).toBeVisible();

  await page.getByText("All figures with their intervals").click();
  const { low, high } = evaluation.figures.accuracy;
  await expect(page.getByRole("row", { name: /^Accuracy/ })).toContainText(
    `${low.toFixed(4)} to ${high.toFixed(4)}`,
  );
  await page.getByText("All seven figures as a table").click();
  await expect(page.getByRole("row", { name: new RegExp(evaluation.model.name) })).toContainText(
    evaluation.figures.accuracy.mean.toFixed(4),
  );
  const certain = page.getByRole("table", { name: "Certain answers and how many of them are wrong" });
  await expect(certain.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("img", { name: /Reliability/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Identity" })).toContainText(evaluation.model.hash);
  await expect(page.getByText("belong to another version")).toHaveCount(0);

  await page
    .getByRole("region", { name: "Cases it gets wrong" })
    .getByRole("link", { name: /^Row 297/ })
    .click();
  await expect(page.getByRole("heading", { name: "Training case 297" })).toBeVisible();
  await expect(page.getByRole("row", { name: "Radius 11.76 0.645 13.36" })).toBeVisible();
  await checkAccessibility(page);
});

test("a slider says with the keyboard what another cut-off would do", async ({ page }) => {
  await page.goto("/model");
  const cut = page.getByRole("region", { name: "Where to cut" });
  await expect(cut.getByText("At 0.50 it finds 207 of 212 malignant cases, misses 5")).toBeVisible();
  await expect(cut.getByRole("img", { name: /ROC curve/ })).toBeVisible();
  await expect(cut.getByRole("link", { name: "Row 297, malignant, 0.001" })).toHaveAttribute(
    "href",
    "/model/cases/297",
  );
  await cut.getByText("Some cut-offs as a table").click();
  const [, found, missed, alarms] = await cut
    .getByRole("row", { name: /^0\.1 / })
    .locator("th, td")
    .allTextContents();

  const slider = cut.getByRole("slider", { name: "Cut-off" });
  await slider.focus();
  for (let at = 50; at > 10; at--) await page.keyboard.press("ArrowLeft");
  const sentence = `At 0.10 it finds ${found} of 212 malignant cases, misses ${missed}, and raises ${alarms} false alarms`;
  await expect(cut.getByText(sentence).first()).toBeVisible();
  // What is read out follows once the slider rests.
  await expect(cut.getByRole("status")).toContainText(sentence);
  await expect(cut.getByRole("link", { name: /^Row \d+, benign/ })).toHaveCount(0);
  await page.keyboard.press("End");
  await expect(cut.getByText(/^At 0\.99 it finds \d+ of 212/).first()).toBeVisible();
});

for (const width of [1280, 360]) {
  test(`scrolls nothing but its widest tables at ${width} pixels, and is accessible on a phone${width === 360 ? "" : " @long"}`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 740 });
    await page.goto("/model");
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll("details")) fold.open = true;
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    if (width === 360) await checkAccessibility(page);
  });
}

test("works without JavaScript, but for the slider", async ({ browser, server }) => {
  const plain = await browser.newPage({ javaScriptEnabled: false, baseURL: server.url });
  await plain.goto("/model");
  const cut = plain.getByRole("region", { name: "Where to cut" });
  await expect(cut.getByRole("slider")).toBeHidden();
  await expect(cut.getByText("At 0.50 it finds 207 of 212 malignant cases")).toBeVisible();
  await cut.getByText("Some cut-offs as a table").click();
  await expect(cut.getByRole("row", { name: /^0\.5, in use 207 5 2 355/ })).toBeVisible();
  await expect(
    cut.getByRole("row", { name: /mean of single repeats 206\.1 5\.9 2\.2 354\.8/ }),
  ).toBeVisible();
  await plain.close();
});

test("has its text and the dataset in no browser's script", () => {
  const rows = readFileSync(table.dataFile, "utf8").split("\n");
  const scripts = globSync(".next/static/**/*.js").map((file) => readFileSync(file, "utf8"));
  expect(scripts.some((script) => script.includes(words.grid.heading))).toBe(true);
  // A row that is no sample.
  for (const text of [card.caution?.title ?? "", card.data.link?.href ?? "", rows[2]?.slice(2) ?? ""]) {
    expect(scripts.filter((script) => script.includes(text))).toEqual([]);
  }
});
