import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Locator, Page } from "@playwright/test";
import { FEATURES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { createThrowawayDatabase } from "../test/throwaway";
import { checkAccessibility, expect, test, untilListening } from "./fixtures";

const [NAMES = "", ...LINES] = readFileSync(new URL("../tables/wdbc/data.csv", import.meta.url), "utf8")
  .trim()
  .split("\n");

/** A file of the data's first 60 cases with a code and a place; one name is not known, and line 6 is not a number. */
const ODD = [
  `code,${NAMES.replace("radius_mean", "first")},place`,
  ...LINES.slice(0, 60).map((line, at) => `C-${at + 1},${line},${at % 2 === 0 ? "north" : "south"}`),
]
  .map((line, at) => (at === 5 ? line.replace(/,[\d.]+,(north|south)$/, ",x,$1") : line))
  .join("\n");
const ODD_ROWS = 59;

/** Goes to an element as a keyboard does. */
async function tabTo(page: Page, element: Locator, key = "Tab") {
  const isThere = () => element.evaluate((one) => one === document.activeElement);
  for (let presses = 0; presses < 90; presses++) {
    if (await isThere()) return;
    await page.keyboard.press(key);
  }
  expect(await isThere(), "the keyboard reaches it").toBe(true);
}

async function press(page: Page, element: Locator, key = "Enter") {
  await element.waitFor();
  await tabTo(page, element);
  await page.keyboard.press(key);
}

/** Presses what is many stops away, without each of them. */
async function enter(page: Page, element: Locator) {
  await element.focus();
  await page.keyboard.press("Enter");
}

async function download(page: Page, link: Locator): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFile(await file.path());
}

const answerButton = (page: Page, rows: number) =>
  page.getByRole("button", { name: `Answer ${rows.toLocaleString("en")} rows` });

test("reads, answers, keeps and downloads a file by the keyboard alone", async ({ page }) => {
  await page.goto("/batch");
  const chosen = page.waitForEvent("filechooser");
  await press(page, page.locator("#batch-file"));
  await (await chosen).setFiles({ name: "odd.csv", mimeType: "text/csv", buffer: Buffer.from(ODD) });

  // A column that is not found by its name.
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    `No column was found for ${FEATURES[0]?.label}.`,
  );
  await untilListening(page);
  const column = page.getByLabel(FEATURES[0]?.label ?? "", { exact: true });
  await enter(page, page.getByRole("button", { name: "Read the file like this" }));
  await expect(page.getByText("Choose a column.")).toBeVisible();
  await checkAccessibility(page);
  // The first that is wrong has the focus.
  await expect(column).toBeFocused();
  await page.keyboard.type("3: first");
  await enter(page, page.getByRole("button", { name: "Read the file like this" }));

  await expect(answerButton(page, ODD_ROWS)).toBeVisible();
  await expect(page.getByRole("region", { name: "As it was read" })).toContainText("1 of them not read");
  const unread = page.getByRole("region", { name: "1 row not read" });
  await expect(unread.getByRole("row").nth(1)).toContainText(`6${FEATURES.at(-1)?.key}x`);
  await press(page, answerButton(page, ODD_ROWS));

  await expect(page.getByRole("heading", { name: `${ODD_ROWS} answered` })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Result" })).toHaveAttribute(
    "aria-current",
    "step",
  );
  await untilListening(page);
  await press(page, page.getByRole("link", { name: /^All/ }).first());
  await press(page, page.getByRole("link", { name: "Case", exact: true }));
  await expect(page.getByRole("columnheader", { name: "Case" })).toHaveAttribute("aria-sort", "ascending");
  await untilListening(page);
  await press(page, page.getByRole("checkbox", { name: "Select C-1", exact: true }), "Space");
  await enter(page, page.getByRole("button", { name: "Keep 1 in the history" }));
  await expect(page.getByRole("status").filter({ hasText: "The rows are in the history." })).toBeVisible();

  await enter(page, page.getByRole("link", { name: /^C-1,/ }));
  await expect(page.getByRole("region", { name: "Answer" })).toContainText("Reasons");
  await expect(page.getByText("Row 1 of the file, malignant in truth.")).toBeVisible();
  await press(page, page.getByRole("link", { name: "Open it in the history" }));
  await expect(page.getByRole("heading", { name: "C-1", level: 1 })).toBeVisible();
  await page.goto("/history");
  await expect(page.getByRole("link", { name: /^C-1,/ })).toHaveCount(1);

  await page.goto("/batch");
  await enter(page, page.getByRole("link", { name: "odd.csv" }).first());
  const csv = (await download(page, page.getByRole("link", { name: "CSV", exact: true }))).toString("utf8");
  const [header = "", ...rows] = csv.trim().split(/\r?\n/);
  expect(header.replace("\uFEFF", "")).toContain(ODD.split("\n", 1)[0]);
  expect(rows).toHaveLength(ODD_ROWS);
  const parquet = await download(page, page.getByRole("link", { name: "Parquet" }));
  expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
  const lines = (await download(page, page.getByRole("link", { name: "JSON lines" }))).toString("utf8");
  expect(
    lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).code),
  ).toHaveLength(ODD_ROWS);
  const bad = await download(page, page.getByRole("link", { name: "Download the rows not read" }));
  expect(bad.toString("utf8")).toContain(`6,${FEATURES.at(-1)?.key},x,`);

  await enter(page, page.getByRole("button", { name: "Delete this batch" }));
  await expect(page.getByRole("status").filter({ hasText: "The batch is deleted." })).toBeVisible();
  await untilListening(page);
  await page.keyboard.press("z");
  await expect(page.getByRole("status").filter({ hasText: "The batch is restored." })).toBeVisible();
});

/** A model that answers each question when a test lets it. */
async function startHeldModel() {
  const held: (() => void)[] = [];
  let allowed = 0;
  const server = createServer(async (request, response: ServerResponse) => {
    if (request.method !== "POST") return void response.end();
    const { instances } = JSON.parse(await text(request));
    const answer = JSON.stringify({
      predictions: instances.map((_: unknown, at: number) =>
        at % 2 === 0 ? { diagnosis: "M", probability: 0.9 } : { diagnosis: "B", probability: 0.1 },
      ),
      model: { name: "remote", version: "7", hash: null, threshold: 0.5 },
      requestId: "r",
    });
    const send = () => response.writeHead(200, { "content-type": "application/json" }).end(answer);
    if (allowed > 0) {
      allowed--;
      send();
    } else held.push(send);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`,
    /** Lets so many questions be answered, those that wait first. */
    allow: (count: number) => {
      const now = held.splice(0, count);
      allowed += count - now.length;
      for (const send of now) send();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("shows how far the answers have come, pauses, goes on and stops, and says no more than the quarters @long", async ({
  browser,
}) => {
  const database = createThrowawayDatabase();
  const model = await startHeldModel();
  const server = await AppServer.start(database.url, { MODEL_URL: model.url, MODEL_TIMEOUT_MS: "60000" });
  const page = await browser.newPage({ baseURL: server.url });
  try {
    const all = Array.from({ length: 24 }, () => LINES).flat();
    await page.goto("/batch");
    await untilListening(page);
    await page.locator("#batch-file").setInputFiles({
      name: "many.csv",
      mimeType: "text/csv",
      buffer: Buffer.from([NAMES, ...all].join("\n")),
    });
    await expect(answerButton(page, all.length)).toBeVisible();
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const region = document.querySelector("[aria-live]");
      if (region === null) throw new Error("Nothing speaks.");
      new MutationObserver(() => said.push(region.textContent ?? "")).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await answerButton(page, all.length).click();
    const bar = page.getByRole("progressbar", { name: "Answered" });
    await expect(bar).toHaveAttribute("aria-valuemax", String(all.length));
    model.allow(4);
    await expect.poll(async () => Number(await bar.getAttribute("aria-valuenow"))).toBeGreaterThan(2_000);
    await expect(page).toHaveTitle(/^\d,\d{3} of \d\d,\d{3} · many\.csv · Cytodesk$/);

    await page.getByRole("button", { name: "Pause" }).click();
    // What is asked already is answered; two questions are one part of the file.
    model.allow(2);
    await expect(page.getByRole("button", { name: /^Go on from row/ })).toBeVisible();
    // Whoever comes back later finds it where it was.
    const { href } = await page.evaluate(() => ({ href: location.href }));
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said.filter((text) => !/^(|25|50|75) ?%? ?(of the rows are answered\.)?$/.test(text))).toEqual([]);
    expect(said.length).toBeLessThan(6);
    await page.goto("about:blank");
    await page.goto(href);
    await page.getByRole("button", { name: /^Go on from row/ }).click();
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();

    await page.getByRole("button", { name: /^Stop/ }).click();
    model.allow(100);
    await expect(page.getByRole("heading", { name: /^[\d,]+ answered$/ })).toBeVisible();
    await expect(page.getByText(/^Stopped: [\d,]+ rows have no answer\.$/)).toBeVisible();
    const answered = Number(
      (await page.getByRole("heading", { name: /answered$/ }).textContent())?.replace(/\D/g, ""),
    );
    const csv = (await download(page, page.getByRole("link", { name: "CSV", exact: true }))).toString("utf8");
    const [header = "", ...rows] = csv.trim().split(/\r?\n/);
    const row = header.split(",").indexOf("row");
    // Each once, and none left out, through a pause and an end within a part.
    expect(rows.map((line) => Number(line.split(",")[row]))).toEqual(
      Array.from({ length: answered }, (_, at) => at + 1),
    );
  } finally {
    await page.close();
    await server.stop();
    model.close();
    database.remove();
  }
});

test("takes pasted rows, and shows each step without JavaScript @long", async ({ browser, server }) => {
  const page = await browser.newPage({ baseURL: server.url, javaScriptEnabled: false });
  await page.goto("/batch");
  await page.getByText("Paste rows").click();
  await page
    .getByLabel("Rows, with or without a line of names")
    .fill(`${NAMES}\n${LINES.slice(0, 3).join("\n")}`);
  await page.getByRole("button", { name: "Read these rows" }).click();
  await answerButton(page, 3).click();
  await expect(page.getByRole("heading", { name: "3 answered" })).toBeVisible();
  await page.getByRole("link", { name: /^Malignant/ }).click();
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByRole("button", { name: "Keep in the history" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The rows are in the history." })).toBeVisible();

  await page.goto("/batch");
  await page
    .locator("#batch-file")
    .setInputFiles({ name: "none.csv", mimeType: "text/csv", buffer: Buffer.from("") });
  await page.getByRole("button", { name: "Send the file" }).click();
  await expect(page.getByRole("alert")).toContainText("empty");
  await page.close();
});
