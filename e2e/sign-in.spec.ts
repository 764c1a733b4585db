import type { Page } from "@playwright/test";
import { AppServer } from "../test/app-server";
import { createThrowawayDatabase } from "../test/throwaway";
import { test as base, checkAccessibility, expect, untilListening } from "./fixtures";

/** Where people sign in: the first link, and every way in and out. */

const SECRET = Buffer.alloc(32, 7).toString("base64");
const ADA = { email: "ada@example.org", password: "four words of no sense" };

const test = base.extend<object, { signInServer: AppServer }>({
  signInServer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const database = createThrowawayDatabase();
      const server = await AppServer.start(database.url, { SIGN_IN_SECRET: SECRET });
      await use(server);
      await server.stop();
      database.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ signInServer }, use) => use(signInServer.publicUrl),
});

const firstLink = ({ log }: AppServer) => /\/set-up\?token=[\w-]+/.exec(log)?.[0] ?? "";

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
  await page.getByRole("button", { name: "Sign out" }).click();

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

test("a wrong password keeps the address, and after ten the answer is 429", async ({
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
