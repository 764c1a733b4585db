import { expect, test, untilListening } from "./fixtures";

/** What every page has around it: the bar, the command menu, the keyboard map. */

test("finds a case by its code and a page by its name, with the keyboard alone", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Case code").fill("C-88");
  await page.getByRole("button", { name: "Borderline", exact: true }).click();
  await page.getByLabel("Radius, mean").press("Control+Enter");
  await expect(page.getByRole("link", { name: "Open this prediction" })).toBeVisible();

  const menu = page.getByRole("dialog", { name: "Search or jump to" });
  await page.keyboard.press("Control+K");
  await expect(menu.getByRole("combobox")).toBeFocused();
  await expect(menu.getByRole("option").first()).toHaveText("New prediction");
  await page.keyboard.type("c-88");
  await expect(menu.getByRole("option", { name: /C-88.*uncertain/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/history\/[\w-]+$/);
  await untilListening(page);

  await page.keyboard.press("Control+K");
  await page.keyboard.type("nothing has this name");
  await expect(menu.getByText("Nothing has this name.")).toBeVisible();
  await menu.getByRole("combobox").fill("theme: d");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(menu).toBeHidden();
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
});

test("marks where one is, and shows its keys, which can be switched off", async ({ page }) => {
  await page.goto("/model");
  const main = page.getByRole("navigation", { name: "Main" });
  await expect(main.getByRole("link", { name: "Model" })).toHaveAttribute("aria-current", "page");
  await expect(main.locator("[aria-current]")).toHaveCount(1);
  const keys = page.getByRole("dialog", { name: "Keyboard map" });
  await page.keyboard.press("?");
  await expect(keys).toBeVisible();
  await keys.getByLabel("Single keys").uncheck();
  await keys.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("?");
  await expect(keys).toBeHidden();
  // The menu has it all the same.
  await page.keyboard.press("Control+K");
  await page.getByRole("combobox").fill("keyboard");
  await page.keyboard.press("Enter");
  await expect(keys).toBeVisible();
});

test("finds nothing for another site", async ({ request }) => {
  expect((await request.get("/find?q=a", { headers: { "sec-fetch-site": "cross-site" } })).status()).toBe(
    403,
  );
  expect((await request.get(`/find?q=${"a".repeat(5_000)}`)).status()).toBe(400);
  expect(await (await request.get("/find?q=none-of-these")).json()).toEqual({ cases: [], views: [] });
});
