import { readdirSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "@playwright/test";
import { sqlitePath } from "../../lib/database-url";
import { chromiumPath } from "../../scripts/debian.mjs";
import { FEATURES, PROPERTIES, SAMPLES } from "../../tables/current";
import type { Case } from "../cases";
import { exchange } from "../load";
import { formatKilobytes, formatMs, type Section } from "../report";
import { seedPredictions } from "../seed";
import type { Workshop } from "../servers";
import { percentile } from "../statistics";

const ROWS = 1_000;
const SLOWED = 4;
const ALLOWED = { interactionMs: 100, shift: 0, historyBytes: 60_000, fontBytes: 60_000 };
const BY_ROW = PROPERTIES.flatMap(({ key }) => FEATURES.filter(({ property }) => property === key));

type Watched = { interactions: number[]; shift: number };

/**
 * What a person feels: how long after a key the page shows it, with a processor slowed four times; whether anything moves by
 * itself while a page loads and an answer comes; the largest page, and the fonts.
 */
export async function measureInBrowser(shop: Workshop, cases: readonly Case[]): Promise<Section> {
  const database = shop.createDatabase();
  await seedPredictions(sqlitePath(database), ROWS, cases);
  const app = await shop.startApp(database);
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const base = `http://127.0.0.1:${app.port}`;
  try {
    const typed = await typeCase(browser, base, cases[0]?.values ?? []);
    const shifts = await shiftsOf(browser, base);
    const { body } = await exchange(app.port, false, { method: "GET", path: "/history?size=100" });
    const historyBytes = gzipSync(body).length;
    const fonts = new URL("../../app/fonts/", import.meta.url);
    const fontBytes = readdirSync(fonts)
      .filter((name) => name.endsWith(".woff2"))
      .reduce((sum, name) => sum + statSync(new URL(name, fonts)).size, 0);
    const worst = Math.max(...typed.interactions);
    const shift = Math.max(typed.shift, ...shifts.map(({ shift }) => shift));
    const met = (isMet: boolean) => (isMet ? "met" : "NOT MET");
    return {
      title: `In Chromium, the processor slowed ${SLOWED} times`,
      header: ["", "measured", "allowed"],
      rows: [
        [
          `key to paint while ${typed.keys} keys are typed, 98th percentile ms`,
          formatMs(percentile(typed.interactions, 98)),
          "",
        ],
        [
          "key to paint, slowest ms",
          formatMs(worst),
          `${ALLOWED.interactionMs} ${met(worst < ALLOWED.interactionMs)}`,
        ],
        ["key that asks to paint, ms", formatMs(typed.asked), ""],
        [
          "layout shift, worst of all pages",
          shift.toFixed(4),
          `${ALLOWED.shift} ${met(shift <= ALLOWED.shift)}`,
        ],
        [
          "history of 100 rows, HTML gzip",
          formatKilobytes(historyBytes),
          `${formatKilobytes(ALLOWED.historyBytes)} ${met(historyBytes <= ALLOWED.historyBytes)}`,
        ],
        [
          "fonts",
          formatKilobytes(fontBytes),
          `${formatKilobytes(ALLOWED.fontBytes)} ${met(fontBytes <= ALLOWED.fontBytes)}`,
        ],
      ],
      notes: [
        `Layout shift by page: ${shifts.map(({ path, shift }) => `${path} ${shift.toFixed(4)}`).join(", ")}; the form while it is filled in and answered ${typed.shift.toFixed(4)}.`,
      ],
      data: { typed, shifts, historyBytes, fontBytes },
      errors: [],
    };
  } finally {
    await browser.close();
    await app.stop();
  }
}

/** Fills in the form by keys alone, and asks. */
async function typeCase(
  browser: Browser,
  base: string,
  values: readonly number[],
): Promise<Watched & { asked: number; keys: number }> {
  const page = await openWatched(browser);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  await page.goto(base);
  await page.waitForLoadState("networkidle");
  let keys = 0;
  for (const { index } of BY_ROW) {
    await page.keyboard.press("Enter");
    const text = String(values[index]);
    await page.keyboard.type(text, { delay: 30 });
    keys += text.length + 1;
  }
  const { interactions } = await readWatched(page);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Next case" }).waitFor();
  const { shift, interactions: all } = await readWatched(page);
  await page.close();
  return { interactions, asked: Math.max(...all.slice(interactions.length), 16), shift, keys };
}

async function shiftsOf(browser: Browser, base: string) {
  const shifts: { path: string; shift: number }[] = [];
  for (const path of [
    "/",
    `/?sample=${SAMPLES[0].key}`,
    "/history",
    "/model",
    "/path",
    "/history/import",
    "/measurements",
  ]) {
    const page = await openWatched(browser);
    await page.goto(base + path);
    await page.waitForLoadState("networkidle");
    shifts.push({ path, shift: (await readWatched(page)).shift });
    await page.close();
  }
  return shifts;
}

/** A page that keeps how long its interactions take and how far its content moves by itself. */
async function openWatched(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    const watched: Watched = { interactions: [], shift: 0 };
    Object.assign(window, { watched });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) watched.interactions.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[])
        if (!entry.hadRecentInput) watched.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  return page;
}

/** Interactions shorter than the observer tells of count as its threshold. */
async function readWatched(page: Page): Promise<Watched> {
  await page.waitForTimeout(500);
  const watched = await page.evaluate(() => (window as unknown as { watched: Watched }).watched);
  return { ...watched, interactions: watched.interactions.length > 0 ? watched.interactions : [16] };
}
