import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test as base, expect, type Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { FEATURE_KEYS, SAMPLES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { submitForm } from "../test/submit-form";
import { createThrowawayDatabase } from "../test/throwaway";

export { expect };

type TestFixtures = {
  /** Console messages that a test provokes on purpose, such as a failed request. */
  expectedErrors: RegExp[];
};
type WorkerFixtures = { server: AppServer };

/** Each worker has a production server on a database of its own; a page that logs an error fails its test. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const database = createThrowawayDatabase();
      const server = await AppServer.start(database.url);
      await use(server);
      await server.stop();
      database.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  expectedErrors: [[], { option: true }],
  page: async ({ page, expectedErrors, javaScriptEnabled }, use) => {
    if (javaScriptEnabled !== false) waitForScript(page);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !expectedErrors.some((expected) => expected.test(text)))
        errors.push(`${text} (${message.location().url})`);
    });
    // A browser keeps to itself what the script that was refused catches, such as a function made of a text.
    await page.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
        console.error(`policy violation: ${violatedDirective} refused ${blockedURI} in ${sourceFile}`),
      ),
    );
    await use(page);
    expect(errors, "errors in the console, violations of the content security policy among them").toEqual([]);
  },
});

/**
 * Makes `goto` wait until React listens on the page: what is typed or pasted before, a person would type again. Pages
 * without our scripts (a text, an error of the server's own) have nothing to wait for.
 */
function waitForScript(page: Page): void {
  const goto = page.goto.bind(page);
  page.goto = async (...args) => {
    const response = await goto(...args);
    await untilListening(page);
    return response;
  };
}

/** Waits until React listens on the page: a key that is pressed before is nobody's. For pages that a link leads to. */
export async function untilListening(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const content = document.getElementById("content");
    return content === null || Object.keys(content).some((name) => name.startsWith("__reactProps$"));
  });
  // What listens to keys begins to once the page is drawn.
  await page.evaluate(() => new Promise((drawn) => requestIdleCallback(drawn, { timeout: 1_000 })));
}

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules of these standards that look at colours; to the others both themes are the same. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** What axe finds by some rules: each violation's rule and the elements. */
const findViolations = (page: Page, rules: RunOptions["runOnly"]): Promise<string[]> =>
  page.evaluate(
    async (options) => {
      const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
      const { violations } = await axe.run(options);
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
      );
    },
    // Only violations come back: what passes would be most of the answer.
    { runOnly: rules, resultTypes: ["violations"] } satisfies RunOptions,
  );

/** No axe violation, in light and in dark. axe itself, half a megabyte, goes into the page once. */
export async function checkAccessibility(page: Page): Promise<void> {
  // A page that is made again, after something was saved, takes its title away and puts it back.
  await expect(page).toHaveTitle(/\S/);
  await page.evaluate(AXE);
  for (const [colorScheme, rules] of [
    ["light", { type: "tag", values: STANDARDS }],
    ["dark", { type: "rule", values: COLOUR_RULES }],
  ] satisfies ["light" | "dark", RunOptions["runOnly"]][]) {
    await page.emulateMedia({ colorScheme });
    expect(await findViolations(page, rules), `accessibility in ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Keeps what the page posts from the server until the function that comes back is called. */
export async function holdPosts(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*", async (route) => {
    if (route.request().method() === "POST") await released;
    await route.continue();
  });
  return release;
}

/** Fills the form by a quick-fill button, predicts, and gives the saved prediction's id. */
export async function predictSample(page: Page, sample = "Malignant"): Promise<string> {
  await page.goto("/");
  await page.getByRole("button", { name: sample, exact: true }).click();
  return predict(page);
}

/**
 * Saves a sample's prediction by the request that the form sends, and gives its id: for tests of what comes after, which
 * would spend a second on filling the form again.
 */
export const saveSample = (server: AppServer, sample = "Malignant"): Promise<string> =>
  submitForm(
    server,
    crypto.randomUUID(),
    SAMPLES.findIndex(({ label }) => label === sample),
  );

/** Pastes a text into the first field of the form. */
export async function paste(page: Page, text: string) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator(`#${FEATURE_KEYS[0]}`).focus();
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press("Control+V");
}

/** Predicts what the form holds and gives the saved prediction's id. */
export async function predict(page: Page): Promise<string> {
  // The link of an earlier result goes while the form is being sent, so that after the answer it is the new one.
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Make prediction" }).click();
  await answered;
  const href = await page.getByRole("link", { name: "Open this prediction" }).getAttribute("href");
  return href?.split("/").at(-1) ?? "";
}

/**
 * Reloads the page as soon as something is typed, or as it shows what `selector` finds, with no time left for anything that is
 * still to be done then: as on a slow machine.
 */
export const reloadAtOnce = (page: Page, selector: string | null = null): Promise<void> =>
  page.evaluate((shown) => {
    function reload() {
      location.reload();
      const begun = performance.now();
      while (performance.now() < begun + 500);
    }
    if (shown === null) return addEventListener("input", reload, { once: true });
    const observer = new MutationObserver(() => {
      if (document.querySelector(shown) === null) return;
      observer.disconnect();
      reload();
    });
    observer.observe(document.body, { subtree: true, childList: true });
  }, selector);
