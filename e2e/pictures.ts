import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "@playwright/test";
import sharp from "sharp";
import { parseDataset } from "../model/dataset";
import { chromiumPath } from "../scripts/debian.mjs";
import { FEATURES, PROPERTIES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { submitCase } from "../test/submit-form";
import { createThrowawayDatabase } from "../test/throwaway";

/**
 * Makes the pictures of README and docs/tour.md from the application as it is: `npm run pictures`. Cases are rows of the
 * data under made-up codes; times are made up too.
 */

const FOLDER = fileURLToPath(new URL("../docs/images/", import.meta.url));
/** When all of it happens. */
const NOW = "2026-01-15T10:20:00.000Z";
const SIZE = { width: 1280, height: 800 };
/** Clear, close, missed and odd ones. */
const ROWS = [0, 46, 2, 300, 541, 100, 54, 19, 135, 20, 200, 323, 73, 1, 297, 413];
const CONFIRMED: Partial<Record<number, "M" | "B">> = {
  0: "M",
  1: "B",
  2: "M",
  4: "B",
  5: "M",
  7: "B",
  10: "B",
};
const BY_ROW = PROPERTIES.flatMap(({ key }) => FEATURES.filter(({ property }) => property === key));

const { features } = parseDataset(readFileSync(new URL("../tables/wdbc/data.csv", import.meta.url), "utf8"));
const database = createThrowawayDatabase();
const server = await AppServer.start(database.url);
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
mkdirSync(FOLDER, { recursive: true });

const ids = await saveCases();
await takePictures();
await recordWalk();
await browser.close();
await server.stop();
database.remove();

/** Saves the cases, two hours of work on each of three days. */
async function saveCases(): Promise<string[]> {
  const saved: string[] = [];
  for (const [at, row] of ROWS.entries()) {
    const caseCode = `B-${201 + at}`;
    const id = await submitCase(server, {
      key: `picture-of-case-${at}`,
      caseCode,
      values: features[row] ?? [],
    });
    const time = new Date(Date.UTC(2026, 0, 13 + Math.floor(at / 6), 9, 7 * (at % 6) + 4));
    const outcome = CONFIRMED[at];
    await askDatabase(
      server.databaseUrl,
      `UPDATE prediction SET created_at = '${time.toISOString().replace("Z", "+00:00")}'${
        outcome === undefined ? "" : `, outcome = '${outcome}'`
      } WHERE id = '${id}'`,
    );
    saved.push(id);
  }
  return saved;
}

async function open(options: Parameters<typeof browser.newPage>[0] = {}): Promise<Page> {
  const page = await browser.newPage({
    baseURL: server.url,
    viewport: SIZE,
    timezoneId: "Europe/London",
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  await page.clock.setSystemTime(new Date(NOW));
  return page;
}

/** Opens a page, and waits until its script listens. */
async function go(page: Page, path: string) {
  await page.goto(path);
  await page.waitForFunction(() =>
    Object.keys(document.getElementById("content") ?? {}).some((name) => name.startsWith("__reactProps$")),
  );
}

/** One picture of each place, and two of how they look in the dark and on a phone. */
async function takePictures() {
  const shoot = async (page: Page, name: string) => {
    const png = await page.screenshot();
    writeFileSync(`${FOLDER}${name}.webp`, await sharp(png).webp({ quality: 82 }).toBuffer());
  };
  const page = await open({ viewport: { width: 1440, height: 900 } });
  await go(page, "/");
  await answer(page, "B-217", "Borderline");
  await page.getByLabel("Texture, worst").focus();
  await shoot(page, "form");
  await go(page, "/history");
  await shoot(page, "history");
  await go(page, `/history/${ids[4]}`);
  await shoot(page, "prediction");
  await go(page, "/model");
  await shoot(page, "model");
  await go(page, "/path");
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("Cytodesk's own copy of the model says", { exact: false }).first().waitFor();
  await shoot(page, "path");
  await page.close();

  const phone = await open({ viewport: { width: 390, height: 780 }, colorScheme: "dark" });
  await go(phone, "/");
  await answer(phone, "B-218", "Malignant");
  await phone.getByRole("region", { name: "Answer" }).scrollIntoViewIfNeeded();
  await shoot(phone, "phone-answer");
  await go(phone, "/history");
  await shoot(phone, "phone-history");
  await phone.close();
}

async function answer(page: Page, code: string, sample: string) {
  await page.getByLabel("Case code").fill(code);
  await page.getByRole("button", { name: sample, exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
  await page.getByRole("button", { name: "Next case" }).waitFor();
  await dateTheLatest();
}

/** Puts what was answered last on the day of the others. */
async function dateTheLatest() {
  await askDatabase(
    server.databaseUrl,
    `UPDATE prediction SET created_at = '${NOW.replace("Z", "+00:00")}' WHERE id = (SELECT max(id) FROM prediction)`,
  );
}

/** Twenty seconds of use as one moving picture. */
async function recordWalk() {
  const frames: { png: Buffer; ms: number }[] = [];
  const page = await open();
  const keep = async (ms: number) => {
    const png = await sharp(await page.screenshot())
      .resize({ width: 960 })
      .png()
      .toBuffer();
    frames.push({ png, ms });
  };

  await go(page, "/");
  await keep(1_200);
  await page.getByLabel("Case code").fill("B-219");
  const values = features[73] ?? [];
  for (const [at, { label, index }] of BY_ROW.entries()) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(String(values[index]));
    await field.focus();
    if (at % 3 === 2) await keep(300);
  }
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Next case" }).waitFor();
  await dateTheLatest();
  await keep(2_500);
  await page.getByText("Dots", { exact: true }).click();
  await keep(1_200);
  await page.getByRole("button", { name: "Next case" }).waitFor();
  await go(page, "/history");
  await keep(1_800);
  await go(page, `/history/${ids[4]}`);
  await keep(1_800);
  const handle = page.getByRole("slider").first();
  await handle.scrollIntoViewIfNeeded();
  for (let step = 0; step < 6; step++) {
    await handle.press("PageUp");
    await keep(350);
  }
  await go(page, "/model");
  await keep(1_200);
  const cut = page.getByRole("slider", { name: /cut-off/i });
  for (const value of ["0.4", "0.3", "0.2", "0.1"]) {
    await cut.fill(value);
    await keep(450);
  }
  await keep(1_500);
  await page.close();

  const moving = await sharp(
    frames.map(({ png }) => png),
    { join: { animated: true } },
  )
    .webp({ quality: 70, delay: frames.map(({ ms }) => ms), loop: 0, effort: 6 })
    .toBuffer();
  writeFileSync(`${FOLDER}walk.webp`, moving);
  const seconds = frames.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  console.log(`walk.webp: ${frames.length} pictures, ${seconds} s, ${Math.round(moving.length / 1000)} kB`);
}
