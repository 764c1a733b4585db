import { checkAccessibility, expect, holdPosts, predictSample, test } from "./fixtures";

test("the settings page tells the backend, its record, and tests the path with the keyboard alone @postgresql", async ({
  page,
}) => {
  await predictSample(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await expect(page.getByText("Embedded: the model runs in this process")).toBeVisible();
  await expect(page.getByText(/\d+ answered: half within [\d.]+ ms/)).toBeVisible();
  await page.getByRole("button", { name: "Test the path" }).focus();
  await page.keyboard.press("Enter");
  const outcome = page.getByRole("status");
  await expect(outcome).toContainText("Exactly what the model kept here says.");
  await expect(outcome.getByRole("row")).toHaveCount(4);
  await checkAccessibility(page);
});

test("stays readable while the path is tested", async ({ page }) => {
  await page.goto("/settings");
  const status = page.getByRole("status");
  await page.getByRole("button", { name: "Test the path" }).click();
  await expect(status).toContainText("Exactly what the model kept here says.");
  const release = await holdPosts(page);
  await page.getByRole("button", { name: "Test the path" }).click();
  await expect(page.getByRole("button", { name: "Testing …" })).toBeDisabled();
  await checkAccessibility(page);
  await expect(status).toHaveText("Waiting for the model's answer…");
  // Rules on contrast pass over a disabled button; people read it all the same.
  await expect(page.getByRole("button", { name: "Testing …" })).toHaveCSS("opacity", "1");
  release();
  await expect(status).toContainText("Exactly what the model kept here says.");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the path can be tested too", async ({ page }) => {
    await page.goto("/settings");
    await page.getByRole("button", { name: "Test the path" }).click();
    await expect(page.getByRole("status")).toContainText("Exactly what the model kept here says.");
  });
});
