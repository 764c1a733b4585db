import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "@playwright/test";
import sharp from "sharp";
import { inProject } from "../../aws/cdk/project";
import { measureShape } from "../../lib/measure/features";
import { readGeoJson } from "../../lib/measure/geojson";
import { noiseOf } from "../../lib/measure/grey-image";
import { snap } from "../../lib/measure/snap";
import { chromiumPath } from "../../scripts/debian.mjs";
import { measuring } from "../../tables/current";
import { boardOf, drawLine, roughly, screenOf } from "../../test/hand";
import { frameworkScripts, pageScripts, totalBytes } from "../client-scripts";
import { formatKilobytes, formatMs, type Section } from "../report";
import type { Workshop } from "../servers";
import { median, percentile } from "../statistics";

/** The largest that is opened, as cameras have it: 40 megapixels. */
const SIZE = { width: 7_744, height: 5_164 };
const TIMES = 3;
const ALLOWED = { loadMs: 3_000, snapMs: 20, bytes: 25_000, sessionS: 120 };
const OUTLINED = 10;
/** Slower than a person who is used to it. */
const HAND = { moving: 500, drawing: 100, lookingMs: 1_000 };

type Demo = NonNullable<typeof measuring>["demos"][number];

/** What a person waits for who measures an image: the page's scripts, the largest image, and an outline's way to the edge. */
export async function measureMeasuring(shop: Workshop): Promise<Section> {
  const title = "An image that is measured";
  if (measuring === null) {
    const notes = ["This table's values are not measured on an image."];
    return { title, header: [""], rows: [], notes, data: null, errors: [] };
  }
  const files = await drawImages(shop.folder);
  const app = await shop.startApp(shop.createDatabase());
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    const address = `http://127.0.0.1:${app.port}/measure`;
    const bytes = totalBytes(await pageScripts(app.port, "/measure")) - totalBytes(frameworkScripts());
    const demo = measuring.demos[0];
    if (demo === undefined) throw new Error("this table has no drawn image");
    const inUse = (await scriptsInUse(browser, address, demo)) - totalBytes(frameworkScripts());
    const loads: { kind: string; ms: number[] }[] = [];
    for (const [kind, path] of files) loads.push({ kind, ms: await loadTimes(browser, address, path) });
    const snaps = await snapTimes(demo);
    const session = await sessionTime(browser, address, demo);
    const met = (isMet: boolean) => (isMet ? "met" : "NOT MET");
    const atMost = (value: number, allowed: number) => `${allowed} ${met(value < allowed)}`;
    return {
      title,
      header: ["", "measured", "allowed"],
      rows: [
        [
          "scripts of /measure beyond the empty page, gzip",
          formatKilobytes(bytes),
          `${formatKilobytes(ALLOWED.bytes)} ${met(bytes <= ALLOWED.bytes)}`,
        ],
        ["the same once an image is open, with its worker's", formatKilobytes(inUse), ""],
        ...loads.map(({ kind, ms }) => [
          `${kind} of 40 megapixels, chosen until shown, ms`,
          formatMs(median(ms)),
          atMost(median(ms), ALLOWED.loadMs),
        ]),
        [
          `an outline to the edge and measured, 95th percentile of ${snaps.length}, ms`,
          formatMs(percentile(snaps, 95)),
          atMost(percentile(snaps, 95), ALLOWED.snapMs),
        ],
        [`${OUTLINED} outlines at a hand's speed, s`, session.toFixed(1), atMost(session, ALLOWED.sessionS)],
      ],
      notes: [
        `A hand: ${HAND.moving} pixels of the screen a second on the way, ${HAND.drawing} while it draws, ${HAND.lookingMs} ms to look.`,
        `Images: median of ${TIMES}, in Chromium. Outlines: in Node, one after the other.`,
      ],
      data: { bytes, inUse, loads, snaps, session },
      errors: [],
    };
  } finally {
    await browser.close();
    await app.stop();
  }
}

/** Dark discs on a ground with a camera's noise, in colours, as files of either kind. */
async function drawImages(folder: string): Promise<[kind: string, path: string][]> {
  const { width, height } = SIZE;
  const colours = Buffer.alloc(3 * width * height);
  let random = 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
      const grain = (random >> 16) % 9;
      const disc = ((x % 120) - 60) ** 2 + ((y % 120) - 60) ** 2 < 900 ? 80 : 0;
      colours.set([200 + grain - disc, 180 + grain - disc, 210 + grain - disc / 2], 3 * (y * width + x));
    }
  }
  const image = sharp(colours, { raw: { width, height, channels: 3 } });
  const [png, jpeg] = [join(folder, "largest.png"), join(folder, "largest.jpg")];
  await image.clone().png().toFile(png);
  await image.clone().jpeg({ quality: 90 }).toFile(jpeg);
  return [
    ["PNG", png],
    ["JPEG", jpeg],
  ];
}

/** All scripts that a browser has loaded once a drawn image is open, those of the worker among them; bytes after gzip. */
async function scriptsInUse(browser: Browser, address: string, { label }: Demo): Promise<number> {
  const page = await browser.newPage();
  const sizes = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    const isScript = response.headers()["content-type"]?.includes("javascript") === true;
    const size = isScript ? response.body().then((body) => gzipSync(body).length) : null;
    if (size !== null) sizes.set(new URL(response.url()).pathname, size);
  });
  await page.goto(address);
  await page.getByRole("button", { name: label }).click();
  await page.getByRole("application").waitFor();
  await page.waitForLoadState("networkidle");
  const all = await Promise.all(sizes.values());
  await page.close();
  return all.reduce((sum, size) => sum + size, 0);
}

/** From the moment that the file is given to the page until it has drawn the picture. */
async function loadTimes(browser: Browser, address: string, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    // A draft of its own, since one that is found is read again.
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForLoadState("networkidle");
    await watchLoad(page);
    await page.getByLabel("Choose an image").setInputFiles(path);
    times.push(await page.evaluate(() => (window as unknown as { shown: Promise<number> }).shown));
    await context.close();
  }
  return times;
}

const watchLoad = (page: Page) =>
  page.evaluate(() => {
    let start = 0;
    document.addEventListener("change", () => (start = performance.now()), { capture: true, once: true });
    const shown = new Promise<number>((resolve) => {
      const watcher = new MutationObserver(() => {
        if (document.querySelector("[role=application] canvas") === null) return;
        watcher.disconnect();
        // The frame after the one that draws.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
      });
      watcher.observe(document.body, { childList: true, subtree: true });
    });
    Object.assign(window, { shown });
  });

/** How many seconds a person with a mouse takes for the first outlines of a drawn image, from the open page on. */
async function sessionTime(browser: Browser, address: string, demo: Demo): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(address);
  await page.waitForLoadState("networkidle");
  const start = performance.now();
  await page.getByRole("button", { name: demo.label }).click();
  await boardOf(page).waitFor();
  const to = await screenOf(page);
  for (const [at, points] of truthOf(demo).slice(0, OUTLINED).entries()) {
    await drawLine(page, roughly(points, 40).map(to), HAND);
    await boardOf(page).getByRole("button").nth(at).waitFor();
  }
  const seconds = (performance.now() - start) / 1_000;
  await page.close();
  return seconds;
}

function truthOf({ truth }: Demo) {
  const read = readGeoJson(readFileSync(inProject(`public${truth}`), "utf8"), 1);
  if (!read.ok) throw new Error(read.error);
  return read.value.outlines.map(({ points }) => points);
}

/** Every outline of a drawn image, drawn again by a hurried hand: how long it takes to the edge and its numbers. */
async function snapTimes(demo: Demo): Promise<number[]> {
  const { data, info } = await sharp(inProject(`public${demo.image}`))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const grey = { width: info.width, height: info.height, data };
  const drafts = truthOf(demo).map((points) => roughly(points));
  const noise = noiseOf(grey);
  return Array.from({ length: 10 }, () =>
    drafts.map((draft) => {
      const start = performance.now();
      measureShape(snap(grey, draft, { noise }).outline);
      return performance.now() - start;
    }),
  ).flat();
}
