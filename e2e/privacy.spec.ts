import { readFileSync } from "node:fs";
import { SAMPLES } from "../tables/current";
import { submitCase } from "../test/submit-form";
import { expect, test } from "./fixtures";

/** Everything of one case: shown, taken as a file, and erased. walk.spec.ts looks how it lies, and for axe's violations. */

const [{ values }] = SAMPLES;

test("is shown, downloaded and erased by the keyboard, and nothing but what was shown @postgresql", async ({
  page,
  server,
}) => {
  const save = () => submitCase(server, { key: crypto.randomUUID(), caseCode: "K-31", values });
  const id = await save();
  await page.goto("/path");
  await expect(page.getByText("Nothing: model, database and files are on it.")).toHaveCount(
    server.databaseUrl.startsWith("file:") ? 1 : 0,
  );
  await page.getByRole("link", { name: "Everything of one case" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Case code").focus();
  await page.keyboard.type("K-31");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("There is 1 prediction of this case.");
  expect(page.url()).toMatch(/\/privacy$/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download all of it as JSON" }).focus();
  await page.keyboard.press("Enter");
  const file = JSON.parse(readFileSync(await (await download).path(), "utf8")) as { predictions: object[] };
  expect(file.predictions).toMatchObject([{ id, annotation: { caseCode: "K-31" } }]);

  await save();
  const erase = page.getByRole("button", { name: /^Erase/ });
  await expect(erase).toHaveText("Erase 1 prediction");
  await erase.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing was erased: look again.")).toBeVisible();
  await expect(erase).toHaveText("Erase 2 predictions");
  await erase.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("Erased: 2 predictions.");
  await expect(page.getByLabel("Case code")).toHaveValue("");
  expect((await fetch(`${server.url}/history/${id}`)).status).toBe(404);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("is shown and erased too, and an empty code is asked for", async ({ page, server }) => {
    await submitCase(server, { key: crypto.randomUUID(), caseCode: "K-32", values });
    await page.goto("/privacy");
    await page.getByLabel("Case code").fill(" ");
    await page.getByRole("button", { name: "Show what there is" }).click();
    await expect(page.getByRole("alert")).toHaveText("Enter the case code.");
    await page.getByLabel("Case code").fill("K-32");
    await page.getByRole("button", { name: "Show what there is" }).click();
    await page.getByRole("button", { name: "Erase 1 prediction" }).click();
    await expect(page.getByRole("status")).toContainText("Erased: 1 prediction.");
  });
});
