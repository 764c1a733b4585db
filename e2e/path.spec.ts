import { checkAccessibility, expect, holdPosts, predictSample, test } from "./fixtures";

const SAID = "Exactly what Cytodesk's own copy of the model says.";

test("shows the path and its record, and tests it with the keyboard alone @postgresql", async ({ page }) => {
  await predictSample(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Path" }).click();
  await expect(page.getByRole("heading", { name: "The path to the model", level: 1 })).toBeVisible();
  await expect(page.getByText("Embedded: the model runs in this process")).toBeVisible();
  await expect(page.getByText(/\d+ answered: half within [\d.]+ ms/)).toBeVisible();
  await expect(page.getByRole("img", { name: /^Half of the answers came within/ })).toBeVisible();
  const line = page.getByRole("region", { name: "Form to model, and back" }).getByRole("listitem");
  await expect(line).toHaveCount(3);
  await expect(line.last()).toContainText("not asked");

  await page.getByRole("button", { name: "Send a test" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText(SAID);
  for (const [at, name] of ["Cytodesk", "Handler", "Model"].entries()) {
    await expect(line.nth(at)).toContainText(new RegExp(`${name}, reached, [\\d.]+ ms, \\d+ percent`));
  }
  await checkAccessibility(page);
});

test("stays readable while the path is tested, and fills at once where motion is reduced", async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  // What it was called before.
  await page.goto("/settings");
  await expect(page).toHaveURL(/\/path$/);
  const status = page.getByRole("status");
  const release = await holdPosts(page);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("button", { name: "Sending …" })).toBeDisabled();
  await checkAccessibility(page);
  await expect(status).toHaveText("Waiting for the model's answer …");
  // Rules on contrast pass over a disabled button; people read it all the same.
  await expect(page.getByRole("button", { name: "Sending …" })).toHaveCSS("opacity", "1");
  release();
  await expect(status).toContainText(SAID);
});

test("fits a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/path");
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("status")).toContainText(SAID);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the path can be tested too", async ({ page }) => {
    await page.goto("/path");
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByRole("status")).toContainText(SAID);
    await expect(page.getByRole("listitem").last()).toContainText("reached");
  });
});
