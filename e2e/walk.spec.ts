import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { parseDataset } from "../model/dataset";
import { FEATURES } from "../tables/current";
import { isBrief } from "../test/brief";
import { askDatabase } from "../test/database";
import { submitCase } from "../test/submit-form";
import { test as base, checkAccessibility, expect } from "./fixtures";
import { findLayoutFaults } from "./layout";

/**
 * Walks through every page and state, looks whether anything is covered, cut off or out of the window, and compares it with
 * a small picture of how it was: `npx playwright test walk --update-snapshots` takes those anew.
 */

const WIDTHS = isBrief ? [320, 1440] : [320, 360, 640, 768, 1024, 1440, 2560];
const { features } = parseDataset(readFileSync(new URL("../tables/wdbc/data.csv", import.meta.url), "utf8"));
const PICTURED = (
  [
    ["light", 360],
    ["light", 1440],
    ["dark", 1024],
  ] as const
).filter(([, width]) => !isBrief || width !== 1440);
/** Of a picture's side: a block of as many pixels is one in what is kept. */
const BLOCK = 10;
const VARIES = "time, input[type=date], .day th, .ti, [data-varies]";
/** Clear, close, missed and odd ones, as rows of the data. */
const ROWS = [0, 46, 413, 297, 541, 2, 19, 135, 20];

type Cases = { ids: string[]; deleted: string };

const test = base.extend<object, { cases: Cases }>({
  // A worker that has it is this file's alone, and so is its server: nothing else is saved in it.
  cases: [
    async ({ server }, use) => {
      const ids: string[] = [];
      for (const [at, row] of ROWS.entries()) {
        const key = `walk-through-case-${at}`;
        ids.push(await submitCase(server, { key, caseCode: `B-${201 + at}`, values: features[row] ?? [] }));
      }
      const deleted = ids.pop() ?? "";
      for (const [at, id] of [...ids, deleted].entries()) {
        const time = `2026-01-1${5 + Math.floor(at / 5)}T09:${10 + at}:00.000+00:00`;
        await askDatabase(
          server.databaseUrl,
          `UPDATE prediction SET created_at = '${time}', latency_ms = 0.5${at === 8 ? `, deleted_at = '${time}'` : ""}${
            at === 0 ? ", outcome = 'M'" : at === 4 ? ", outcome = 'B'" : ""
          } WHERE id = '${id}'`,
        );
      }
      await use({ ids, deleted });
    },
    { scope: "worker" },
  ],
});

type Place = {
  name: string;
  open: (page: Page, cases: Cases) => Promise<unknown>;
};

/** What looks much like another place here, or is come by on the way to one. */
const LONG = new Set([
  "a certain answer",
  "a certain prediction",
  "a deleted prediction",
  "all columns of the history",
  "no image yet",
  "a file as it was read",
  "a row of a batch",
  "a history in which nothing is found",
  "ticked rows",
  "the question before deleting",
]);

/** Places where the tests of what they do look for axe's violations too. */
const LOOKED_AT_ELSEWHERE = new Set([
  "the empty form",
  "the history",
  "the model card",
  "the path",
  "the import",
  "a certain prediction",
  "classes",
  "the measurements",
  "an image that is measured",
]);

const at = (name: string, path: string | ((cases: Cases) => string)): Place => ({
  name,
  open: (page, cases) => page.goto(typeof path === "string" ? path : path(cases)),
});

async function predictSample(page: Page, sample: string) {
  await page.goto("/");
  await page.getByRole("button", { name: sample, exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
  await expect(page.getByRole("button", { name: "Next case" })).toBeVisible();
}

async function readDataSet(page: Page) {
  await page.goto("/batch");
  await page.getByRole("button", { name: /^Try the/ }).click();
  await expect(page.getByRole("button", { name: /^Answer/ })).toBeVisible();
}

async function answerDataSet(page: Page) {
  await readDataSet(page);
  await page.getByRole("button", { name: /^Answer/ }).click();
  await expect(page.getByRole("heading", { name: /answered$/ })).toBeVisible();
}

const PLACES: Place[] = [
  at("the empty form", "/"),
  { name: "a certain answer", open: (page) => predictSample(page, "Malignant") },
  { name: "an uncertain answer", open: (page) => predictSample(page, "Borderline") },
  {
    name: "what is wrong in the form",
    open: async (page) => {
      await page.goto("/?sample=malignant");
      await page.getByLabel("Perimeter, SE").fill("8,58,9");
      await page.getByLabel("Symmetry, worst").fill("");
      await page.getByRole("button", { name: "Make prediction" }).click();
      await expect(page.getByText("2 values need your attention.")).toBeVisible();
    },
  },
  {
    name: "no answer",
    open: async (page) => {
      await page.goto("/?sample=malignant");
      for (const { label } of FEATURES) await page.getByLabel(label, { exact: true }).fill("0");
      await page.getByRole("button", { name: "Make prediction" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "No answer" })).toBeVisible();
    },
  },
  at("the history", "/history"),
  {
    name: "ticked rows",
    open: async (page) => {
      await page.goto("/history");
      for (const at of [1, 2])
        await page
          .getByRole("checkbox", { name: /^Select B/ })
          .nth(at)
          .check();
      await expect(page.getByRole("region", { name: "With the selected predictions" })).toBeVisible();
    },
  },
  at("a history in which nothing is found", "/history?text=none-of-these"),
  at(
    "all columns of the history",
    "/history?columns=radius_mean,texture_mean,perimeter_mean,area_mean,area_se,area_worst,symmetry_worst,concavity_worst",
  ),
  at("a certain prediction", ({ ids }) => `/history/${ids[0]}`),
  at("an uncertain prediction", ({ ids }) => `/history/${ids[2]}`),
  at("a deleted prediction", ({ deleted }) => `/history/${deleted}`),
  at("a comparison", ({ ids }) => `/history/compare?ids=${ids.slice(0, 4).join()}`),
  at("the question before deleting", ({ ids }) => `/history/delete?ids=${ids.slice(0, 2).join()}`),
  at("the bin", "/history/bin"),
  at("the import", "/history/import"),
  at("a batch's file", "/batch"),
  {
    name: "a file as it was read",
    open: async (page) => {
      await readDataSet(page);
      await page.getByText("Change the columns").click();
    },
  },
  { name: "a finished batch", open: answerDataSet },
  {
    name: "a row of a batch",
    open: async (page) => {
      await answerDataSet(page);
      await page.goto(`${new URL(page.url()).pathname}/rows/47`);
    },
  },
  at("re-scoring", "/history/rescore?latest=100"),
  at("the model card", "/model"),
  at("a training case", "/model/cases/297"),
  at("classes", "/classes"),
  at("the measurements", "/measurements"),
  at("no image yet", "/measure"),
  {
    name: "an image that is measured",
    open: async (page) => {
      await page.goto("/measure");
      await page.getByRole("button", { name: "Calm field" }).click();
      await page.getByLabel("Import outlines").setInputFiles("public/measure/demo-calm.geojson");
      await expect(page.getByRole("heading", { name: "16 nuclei outlined" })).toBeVisible();
      await page.getByRole("button", { name: "Show the truth" }).click();
      await expect(page.getByRole("table", { name: /^The truth/ })).toBeVisible();
    },
  },
  at("the path", "/path"),
  {
    name: "everything of one case",
    open: async (page) => {
      await page.goto("/privacy");
      await page.getByLabel("Case code").fill("B-202");
      await page.getByRole("button", { name: "Show what there is" }).click();
      await expect(page.getByText("There is 1 prediction of this case.")).toBeVisible();
    },
  },
  at("parts and states", "/parts"),
  {
    name: "the command menu",
    open: async (page) => {
      await page.goto("/model");
      await page.keyboard.press("Control+K");
      await expect(page.getByRole("option").first()).toBeVisible();
    },
  },
  {
    name: "the keyboard map",
    open: async (page) => {
      await page.goto("/model");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard map" })).toBeVisible();
    },
  },
];

/** The page as it looks in a window of this width, a pixel for each block of pixels, in few colours. */
async function takePicture(page: Page, width: number): Promise<Buffer> {
  await page.setViewportSize({ width, height: 800 });
  const height = await page.evaluate(() =>
    document.querySelector("dialog[open]") === null ? document.documentElement.scrollHeight : innerHeight,
  );
  // Chromium makes it small itself, in a sixth of the time that a picture of Playwright takes.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    captureBeyondViewport: true,
    optimizeForSpeed: true,
    clip: { x: 0, y: 0, width, height, scale: 1 / BLOCK },
  });
  await session.detach();
  return sharp(Buffer.from(data, "base64")).png({ palette: true, colours: 32 }).toBuffer();
}

/** Hides what is another at another time, or on another day; its room stays. */
const hideWhatVaries = (page: Page) =>
  page.evaluate((varies) => {
    for (const element of document.querySelectorAll<HTMLElement>(varies)) element.style.visibility = "hidden";
  }, VARIES);

for (const { name, open } of PLACES) {
  test(`covers and cuts off nothing: ${name}${LONG.has(name) ? " @long" : ""}`, async ({
    page,
    cases,
    server,
  }) => {
    // What another state's form has saved.
    const known = [...cases.ids, cases.deleted].map((id) => `'${id}'`).join();
    await askDatabase(server.databaseUrl, `DELETE FROM prediction WHERE id NOT IN (${known})`);
    await askDatabase(server.databaseUrl, "DELETE FROM batch");
    await page.clock.setFixedTime(new Date("2026-01-16T10:00:00Z"));
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(page, cases);
    const faults = async (what: string) => (await findLayoutFaults(page)).map((fault) => `${what}: ${fault}`);
    const found: string[] = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      found.push(...(await faults(`${width} pixels`)));
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: "active" });
    found.push(...(await faults("forced colours")));
    await page.emulateMedia({ forcedColors: "none", colorScheme: "dark" });
    found.push(...(await faults("dark")));
    await page.emulateMedia({ colorScheme: null });
    // As a reader sets it in the browser.
    const session = await page.context().newCDPSession(page);
    await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
    found.push(...(await faults("text of twice the size")));
    expect(found).toEqual([]);
    await session.send("Page.setFontSizes", { fontSizes: { standard: 16, fixed: 13 } });
    await page.evaluate(() => window.scrollTo(0, 0));
    if (!LOOKED_AT_ELSEWHERE.has(name)) await checkAccessibility(page);
    await hideWhatVaries(page);
    for (const [colorScheme, width] of PICTURED) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect
        .soft(await takePicture(page, width))
        .toMatchSnapshot(`${name.replaceAll(" ", "-")}-${width}-${colorScheme}.png`, {
          threshold: 0.15,
          maxDiffPixelRatio: 0.02,
        });
    }
  });
}
