import { readFileSync } from "node:fs";
import { valueText } from "../lib/prediction/value";
import { csvLine, parseDataset } from "../model/dataset";
import { FEATURE_KEYS, FEATURES, SAMPLES, table } from "../tables/current";
import { checkAccessibility, expect, paste, predict, test } from "./fixtures";

/** What works for whatever table this application is made for: `npm test` of an adopted one runs this. */

const [sample] = SAMPLES;
const category = FEATURES.find(({ type }) => type !== "number");
const { features: rows } = parseDataset(readFileSync(table.dataFile, "utf8"));
const withGap = rows.find((values) => values.some(Number.isNaN));

test("predicts a sample, gives its reasons, and has it in the history and on a page of its own @long", async ({
  page,
}) => {
  await page.goto("/");
  await page.getByRole("button", { name: sample.label, exact: true }).click();
  const id = await predict(page);
  await expect(page.getByRole("region", { name: "Answer" })).toContainText(/probability of/);
  await checkAccessibility(page);
  await page.goto("/history");
  await expect(page.getByRole("rowheader").getByRole("link").first()).toBeVisible();
  await checkAccessibility(page);
  await page.goto(`/history/${id}`);
  await page.getByText(`All ${FEATURES.length} contributions`).click();
  await expect(
    page
      .getByRole("rowheader", { name: FEATURES[0]?.label ?? "" })
      .filter({ visible: true })
      .first(),
  ).toBeVisible();
  await checkAccessibility(page);
});

test("covers no field that one comes to by the keyboard", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 640 });
  await page.goto("/");
  await page.getByRole("button", { name: "Make prediction" }).waitFor();
  await page.getByLabel(/^Case code/).focus();
  const covered = () =>
    page.evaluate(() => {
      const { activeElement: field } = document;
      if (!(field instanceof HTMLElement) || field.matches("button, body")) return "";
      const box = field.closest("label") ?? field;
      const { x, y, width, height } = box.getBoundingClientRect();
      return box.contains(document.elementFromPoint(x + width / 2, y + height / 2)) ? "" : field.id;
    });
  for (const _ of FEATURES) {
    await page.keyboard.press("Enter");
    expect(await covered()).toBe("");
  }
});

if (category !== undefined) {
  test("finds predictions by a category", async ({ page }) => {
    const value = sample.values[category.index] ?? 0;
    const other = category.levels.findIndex((_, place) => place !== value);
    await page.goto("/");
    await page.getByRole("button", { name: sample.label, exact: true }).click();
    await predict(page);
    await page.goto("/history");
    const links = page.getByRole("rowheader").getByRole("link");
    const filter = async (place: number) => {
      await page.goto("/history");
      await page.getByText("Filter", { exact: true }).click();
      const choices = page.getByRole("group", { name: category.label, exact: true });
      await choices.getByRole("checkbox", { name: valueText(category, place), exact: true }).check();
      await page.getByRole("button", { name: "Apply filters" }).click();
      await expect(page.getByRole("navigation", { name: "Filters that are on" })).toContainText(
        category.label,
      );
    };
    await filter(value);
    await expect(links.first()).toBeVisible();
    await filter(other);
    await expect(page.getByText(/Looked for:/)).toBeVisible();
  });
}

if (withGap !== undefined) {
  test("answers a case in which something is not known, and says so", async ({ page }) => {
    await page.goto("/");
    await paste(page, `${FEATURE_KEYS.join(",")}\n${csvLine(withGap)}`);
    const id = await predict(page);
    await page.goto(`/history/${id}`);
    await expect(page.getByText("not known").filter({ visible: true }).first()).toBeVisible();
  });
}
