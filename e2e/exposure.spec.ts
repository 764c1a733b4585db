import { AppServer } from "../test/app-server";
import { createThrowawayDatabase } from "../test/throwaway";
import { checkAccessibility, expect, test, untilListening } from "./fixtures";
import { findLayoutFaults } from "./layout";

test("a server that is open to all says so above each page, and covers nothing @long", async ({ page }) => {
  const database = createThrowawayDatabase();
  const server = await AppServer.start(database.url, { BIND_ADDRESS: "0.0.0.0", INSECURE_NO_AUTH: "1" });
  try {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${server.url}/`);
    await untilListening(page);
    const banner = page.getByRole("alert").filter({ hasText: "Anybody who reaches this address" });
    await expect(banner).toBeVisible();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await checkAccessibility(page);
    }
    expect(await findLayoutFaults(page)).toEqual([]);
    // From page to page without a new document, and back to the form, which is made at build time elsewhere.
    const places = page.getByRole("navigation").first();
    await places.getByRole("link", { name: "History" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("History");
    await expect(banner).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("New prediction");
    await expect(banner).toBeVisible();
  } finally {
    await server.stop();
    database.remove();
  }
});
