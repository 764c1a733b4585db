import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { checkAccessibility, expect, untilListening } from "./fixtures";
import { ADA, firstLink, test } from "./sign-in-server";

/** Where people sign in: the first link, and every way in and out. */

async function signIn(page: Page, password = ADA.password) {
  await page.getByLabel("E-mail address").fill(ADA.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test.describe.configure({ mode: "serial" });

test("the first link makes the administrator, who signs out, and in again by the keyboard", async ({
  page,
  signInServer,
}) => {
  await expect.poll(() => firstLink(signInServer)).not.toBe("");
  await page.goto(firstLink(signInServer));
  await checkAccessibility(page);
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail address").fill(ADA.email);
  await page.getByLabel("Password", { exact: true }).fill("password1234");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
    /first that anybody would try/,
  );
  await expect(page.getByLabel("Name")).toHaveValue("Ada Lovelace");
  await page.getByLabel("Password", { exact: true }).fill(ADA.password);
  await page.getByRole("button", { name: "Save and sign in" }).click();

  const account = page.getByText("Account: Ada Lovelace");
  await expect(account).toBeAttached();
  await expect(page.getByRole("heading", { name: "New prediction" })).toBeVisible();
  await untilListening(page);
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
  await expect(page.getByRole("link", { name: "Open this prediction" })).toBeVisible();
  await account.locator("xpath=ancestor::summary").click();
  await checkAccessibility(page);
  await page.evaluate(() => localStorage.setItem("of-another-page", "B-17"));
  const measured = await page.context().newPage();
  await measured.goto("/measure");
  await measured.getByLabel("Choose an image").setInputFiles("public/measure/demo-calm.png");
  await expect(measured.getByRole("status")).toContainText("The image is open");
  const kept = () =>
    page.evaluate(async () => [
      sessionStorage.length,
      localStorage.length,
      (await indexedDB.databases()).length,
    ]);
  expect(Math.min(...(await kept()))).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(await kept(), "what a case left in the browser").toEqual([0, 0, 0]);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(firstLink(signInServer));
  await expect(page.getByRole("heading", { name: "not valid any more" })).toBeVisible();
  await page.goto("/history?sort=oldest");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await checkAccessibility(page);
  await page.getByLabel("E-mail address").focus();
  await page.keyboard.type(ADA.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ADA.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/history\?sort=oldest$/);
  await expect(account).toBeAttached();
});

test("a passkey takes the place of the password, and an invitation brings in a viewer", async ({
  page,
  browser,
  signInServer,
}) => {
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  });
  await page.goto("/sign-in?next=/account");
  await signIn(page);
  await expect(page.getByRole("list", { name: "Sessions" })).toContainText("Chrome on Linux, this one");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("list", { name: "Passkeys" })).toContainText("Passkey 1");
  await untilListening(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await checkAccessibility(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.getByText("Account: Ada Lovelace").locator("xpath=ancestor::summary").click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("heading", { name: "New prediction" })).toBeVisible();

  await page.goto("/people");
  await checkAccessibility(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.getByLabel("E-mail address").fill("grace@example.org");
  await page.getByLabel("Role").last().selectOption("viewer");
  await page.getByRole("button", { name: "Invite" }).click();
  const link = await page.getByText(/\/set-up\?token=/).textContent();
  await expect(page.getByRole("list", { name: "Invited" })).toContainText("grace@example.org");
  const teams = page.getByRole("listitem").filter({ hasText: "Cardiology" });
  await page.getByLabel("Name of the team").last().fill("Cardiology");
  await page.getByRole("button", { name: "Make a team" }).click();
  await expect(teams).toHaveCount(1);
  await teams.getByText("Rename Cardiology").first().click();
  await teams.getByLabel("Name of the team").fill("Heart");
  await teams.getByRole("button", { name: "Rename Cardiology" }).click();
  await expect(page.getByRole("list", { name: "Teams" })).toContainText("Heart");
  await checkAccessibility(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.getByText("Change Ada Lovelace").click();
  await page.getByRole("button", { name: "Remove Ada Lovelace from the team" }).click();
  await expect(page.locator("#content").getByRole("alert")).toContainText("the team's last administrator");

  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: signInServer.publicUrl });
  const invited = await context.newPage();
  await invited.goto(link ?? "");
  await invited.getByLabel("Name").fill("Grace Hopper");
  await invited.getByLabel("Password", { exact: true }).fill(ADA.password);
  await invited.getByRole("button", { name: "Save and sign in" }).click();
  await expect(invited.getByText("Account: Grace Hopper")).toBeAttached();
  expect((await invited.goto("/people"))?.status()).toBe(404);
  await invited.goto("/account");
  const data = invited.waitForEvent("download");
  await invited.getByRole("button", { name: "Download all of it as JSON" }).click();
  expect(readFileSync(await (await data).path(), "utf8")).toContain('"email":"grace@example.org"');
  await invited.getByLabel("Type your address to confirm").fill("grace@example.com");
  await invited.getByRole("button", { name: "Erase my account for ever" }).click();
  await expect(invited.getByRole("alert")).toContainText("That is not your address");
  await invited.getByLabel("Type your address to confirm").fill("grace@example.org");
  await invited.getByRole("button", { name: "Erase my account for ever" }).click();
  await expect(invited.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("list", { name: "People" })).not.toContainText("Grace");
  await context.close();
});

test("a wrong password keeps the address, and after ten the answer is 429 @long", async ({
  browser,
  signInServer,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: signInServer.publicUrl });
  const page = await context.newPage();
  await page.goto("/sign-in");
  for (let i = 0; i < 10; i++) {
    await signIn(page, `wrong ${i}`);
    await expect(page.getByRole("alert")).toHaveText("The e-mail address or the password is wrong.");
    await expect(page.getByLabel("E-mail address")).toHaveValue(ADA.email);
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  }
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await signIn(page);
  await expect(page.getByRole("alert")).toHaveText(/^There were too many tries. Try again in \d+ minutes\.$/);
  const answer = await answered;
  expect(answer.status()).toBe(429);
  expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(600);
  await context.close();
});
