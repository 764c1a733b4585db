import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { FEATURE_KEYS, SAMPLES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { isBrief } from "../test/brief";
import { askDatabase, countPredictions } from "../test/database";
import { createSqlite } from "../test/throwaway";

/** Each thread and process of the built server runs out of memory as it works. */

const { url, remove } = createSqlite();
const folder = mkdtempSync(join(tmpdir(), "memory-"));
const eaten = join(folder, "eaten");
let server: AppServer;

const SAMPLE = SAMPLES[0].values;
const MEASUREMENTS = Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, SAMPLE[at]]));

beforeAll(async () => {
  const eater = pathToFileURL("test/memory-eater.mjs").href;
  // A web process may have 4 GB, which take long to fill.
  const NODE_OPTIONS = `--import=${eater} --max-old-space-size=300`;
  server = await AppServer.start(url, { WEB_PROCESSES: "1", EATEN: eaten, NODE_OPTIONS });
});

afterEach(() => rmSync(eaten, { force: true }));

afterAll(async () => {
  await server.stop();
  remove();
  rmSync(folder, { recursive: true });
});

const exhaust = (name: string) => writeFileSync(eaten, name);
const relieve = () => rmSync(eaten);

const save = (key: string) =>
  fetch(`${server.url}/api/v1/predictions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify({ measurements: MEASUREMENTS }),
  });
const textOf = async (path: string) => (await fetch(server.url + path)).text();

it("the thread that writes: what may be kept is said not to be known, and saved again is one row", async () => {
  exhaust("write-worker");
  const lost = await save("once");
  expect(lost.status).toBe(500);
  expect(await lost.text()).toContain("may be in the history");
  expect(await countPredictions(url)).toBe(1);
  relieve();
  expect((await save("once")).ok).toBe(true);
  expect(await countPredictions(url)).toBe(1);
  expect((await save("another")).status).toBe(201);
});

it("the thread that writes, with others waiting for it: each is answered, and each saved again is one row", async () => {
  const before = await countPredictions(url);
  const keys = Array.from({ length: 20 }, (_, at) => `waiting-${at}`);
  exhaust("write-worker");
  const answers = await Promise.all(keys.map(save));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]));
  relieve();
  const again = await Promise.all(keys.map(save));
  expect(again.every(({ ok }) => ok)).toBe(true);
  expect(await countPredictions(url)).toBe(before + keys.length);
});

it("a thread that reads: the page says so, and is there again", async () => {
  exhaust("read-worker");
  expect(await textOf("/model")).toContain("cannot be read");
  relieve();
  expect(await textOf("/model")).not.toContain("cannot be read");
});

// The others are left to a run of this part.
const itWholly = it.skipIf(isBrief);

itWholly("an export breaks off, and the next is whole", async () => {
  exhaust("export-worker");
  await expect(textOf("/history/export?format=csv")).rejects.toThrow();
  relieve();
  expect((await textOf("/history/export?format=csv")).trim().split("\n")).toHaveLength(
    1 + (await countPredictions(url)),
  );
});

itWholly("an import says what it has kept, and goes on when the file is sent again", async () => {
  const line = (await textOf("/history/export?format=jsonl")).split("\n")[0] ?? "";
  const rows = Array.from({ length: 2_500 }, () =>
    line.replace(/"id":"[^"]+"/, `"id":"${crypto.randomUUID()}"`),
  );
  const send = async () => {
    const body = new FormData();
    body.set("file", new Blob([rows.join("\n")]), "rows.jsonl");
    const headers = { Origin: server.url };
    const sent = { method: "POST", body, headers, redirect: "manual" } as const;
    const answer = await fetch(`${server.url}/history/import/file`, sent);
    return answer.headers.get("location") ?? "";
  };
  const before = await countPredictions(url);
  exhaust("import-worker");
  expect(await send()).toContain("notice=not_imported");
  const kept = (await countPredictions(url)) - before;
  expect([1_000, 2_000]).toContain(kept);
  relieve();
  expect(await send()).toContain("report=");
  expect(await countPredictions(url)).toBe(before + rows.length);
});

itWholly(
  "the process of a batch: it is paused with the reason, and every row is answered once it goes on",
  async () => {
    const body = `${FEATURE_KEYS.join()}\n${`${SAMPLE.join()}\n`.repeat(300)}`;
    const headers = { "Content-Type": "text/csv" };
    const sent = await fetch(`${server.url}/api/v1/batches?start=false`, { method: "POST", headers, body });
    const { id } = (await sent.json()) as { id: string };
    const stateOf = async () => {
      const [row] = await askDatabase<{ state: string; problem: string | null; done: number }>(
        url,
        `SELECT state, problem, done FROM batch WHERE id = '${id}'`,
      );
      return row;
    };
    const until = async (state: string) => {
      while ((await stateOf())?.state !== state) await pause(50);
    };
    const act = (name: string) => fetch(`${server.url}/api/v1/batches/${id}/${name}`, { method: "POST" });
    await until("read");
    exhaust("batch-worker");
    await act("start");
    await until("paused");
    expect((await stateOf())?.problem).toContain("ended several times");
    relieve();
    await act("resume");
    await until("finished");
    expect((await stateOf())?.done).toBe(300);
  },
);

itWholly("a web process: another takes its place, and what was acknowledged is there", async () => {
  const before = await countPredictions(url);
  expect((await save("before")).status).toBe(201);
  exhaust("web");
  while (!server.log.includes("A web process ended")) await pause(20);
  relieve();
  const isBack = () =>
    fetch(`${server.url}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isBack())) await pause(50);
  expect((await save("after")).status).toBe(201);
  expect(await countPredictions(url)).toBe(before + 2);
});
