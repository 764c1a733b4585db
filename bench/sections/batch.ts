import { execFile } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import * as z from "zod";
import { BATCH_SORTS } from "../../lib/batch/query";
import { NEGATIVE } from "../../lib/prediction/words";
import { FEATURE_KEYS, table } from "../../tables/current";
import type { Case } from "../cases";
import { exchange } from "../load";
import { memoryMegabytes } from "../memory";
import { formatMs, type Section } from "../report";
import { findPython, type Server, type Workshop } from "../servers";
import { percentile } from "../statistics";

/** The peer takes a minute for as many. */
const PEER_ROWS = 100_000;
const PAGES = 400;
const PAUSE_MS = 100;

const batch = z.object({
  id: z.string(),
  state: z.string(),
  problem: z.string().nullable(),
  counts: z.object({ done: z.int() }),
});

/** Files of cases by the API: from the stored upload to the last part, memory and the form's page meanwhile, and pages of the result. */
export async function measureBatch(
  shop: Workshop,
  cases: readonly Case[],
  { sizes, log }: { sizes: readonly number[]; log: (text: string) => void },
): Promise<Section> {
  const rows: string[][] = [];
  const data: Record<string, unknown> = {};
  const errors: string[] = [];
  const line = (name: string, perSecond: number, ours: number | null, rest: string[] = []) =>
    rows.push([
      name,
      perSecond.toFixed(0),
      ours === null ? "" : `x ${(ours / perSecond).toFixed(2)}`,
      ...(rest.length === 0 ? ["", "", ""] : rest),
    ]);
  for (const size of sizes) {
    log(`batch of ${size} rows`);
    const file = join(shop.folder, `cases-${size}.csv`);
    await writeCases(file, size, cases);
    const ours = await measureOne(shop, file, size);
    errors.push(...ours.errors);
    line(`${size} rows: checked, answered, stored`, ours.perSecond, null, [
      ours.peakMegabytes === null ? "-" : ours.peakMegabytes.toFixed(0),
      formatMs(ours.formP95),
      formatMs(ours.pageP95),
    ]);
    const alone = await readAlone(file, size);
    line(`${size} rows: DuckDB alone, reading the numbers`, alone, ours.perSecond);
    data[size] = { ...ours, duckdbAlone: alone };
    rmSync(file);
  }
  const peer = await measurePeer(shop, cases);
  const [first] = Object.values(data) as { perSecond: number }[];
  if (peer !== null)
    line(
      `${PEER_ROWS} rows: pandas and scikit-learn, ${peer.name}`,
      peer.perSecond,
      first?.perSecond ?? null,
    );
  return {
    title: "Batch",
    header: ["", "rows/s", "app is", "peak MB", "form p95 ms", "page p95 ms"],
    rows,
    notes: [
      `From the stored upload to the last part: the check of the whole file, the answers, the parts on disk. Memory is that of all processes of the server, shared pages divided (PSS). A page is one of ${PAGES} of the result, with any sort and filter.`,
      ...(peer === null ? ["The peer is left out: no Python with pandas and scikit-learn."] : []),
    ],
    data: { ...data, peer },
    errors,
  };
}

/** A CSV of `count` cases of the dataset, each value changed by up to 2 %, with a code in front and the truth behind. */
async function writeCases(path: string, count: number, cases: readonly Case[]): Promise<void> {
  const file = createWriteStream(path);
  const write = async (text: string) => {
    if (!file.write(text)) await once(file, "drain");
  };
  await write(`code,${FEATURE_KEYS.join(",")},diagnosis\n`);
  let lines = "";
  for (let row = 0; row < count; row++) {
    const { values, truth } = cases[row % cases.length] as Case;
    const factor = 1 + 0.02 * Math.sin(row);
    lines += `R${row + 1},${values.map((value) => Number((value * factor).toPrecision(5))).join(",")},${truth}\n`;
    if (lines.length < 1e6) continue;
    await write(lines);
    lines = "";
  }
  await write(lines);
  file.end();
  await once(file, "close");
}

async function measureOne(shop: Workshop, file: string, size: number) {
  const server = await shop.startApp(shop.createDatabase());
  const url = `http://127.0.0.1:${server.port}/api/v1/batches`;
  const errors: string[] = [];
  try {
    // The types of the browser know no body that is sent as it is read.
    const init: RequestInit & { duplex: "half" } = {
      method: "POST",
      headers: { "content-type": "text/csv", "content-length": String(statSync(file).size) },
      // The types of the web streams of Node and of the browser differ in name only.
      body: Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
      duplex: "half",
    };
    const sent = await fetch(`${url}?name=cases.csv&start=true`, init);
    const stored = performance.now();
    const { id } = batch.parse(await sent.json());
    const form: number[] = [];
    let peak: number | null = null;
    let state = "";
    let doneAt = stored;
    while (!["finished", "paused", "unread", "stopped"].includes(state)) {
      const asked = performance.now();
      const page = await exchange(server.port, false, { method: "GET", path: "/" });
      form.push(performance.now() - asked);
      if (page.status !== 200) errors.push(`the form answered ${page.status}`);
      const used = memoryMegabytes(server.pid);
      if (used !== null) peak = Math.max(peak ?? 0, used);
      const now = batch.parse(await (await fetch(`${url}/${id}`)).json());
      state = now.state;
      doneAt = performance.now();
      if (state === "finished" && now.counts.done !== size)
        errors.push(`${now.counts.done} of ${size} rows are answered`);
      if (state === "finished") break;
      await sleep(PAUSE_MS);
    }
    if (state !== "finished") errors.push(`the batch came to be ${state}`);
    const pages = await measurePages(`${url}/${id}/rows`, server, errors);
    return {
      ...{ perSecond: size / ((doneAt - stored) / 1000), peakMegabytes: peak, errors },
      ...{ formP95: percentile(form, 95), pageP95: percentile(pages, 95) },
    };
  } finally {
    await server.stop();
  }
}

/** Milliseconds of pages of the result, by every sort and a few filters, forwards. */
async function measurePages(url: string, server: Server, errors: string[]): Promise<number[]> {
  const filters = [
    "view=all",
    `view=${NEGATIVE.word}`,
    "view=review",
    "view=all&pmin=0.2&pmax=0.9",
    "view=all&wrong=yes",
    "view=all&caution=any",
  ];
  const times: number[] = [];
  for (let asked = 0; times.length < PAGES; asked++) {
    const sort = BATCH_SORTS[asked % BATCH_SORTS.length];
    const sign = asked % 3 === 0 ? "" : "-";
    let next: string | undefined = `${url}?${filters[asked % filters.length]}&sort=${sign}${sort}`;
    for (let page = 0; page < 3 && next !== undefined; page++) {
      const started = performance.now();
      const answer: Response = await fetch(next);
      const body = z
        .object({ links: z.object({ next: z.string().nullable() }) })
        .safeParse(await answer.json());
      times.push(performance.now() - started);
      if (!body.success) {
        errors.push(`${next} answered ${answer.status}`);
        return times;
      }
      const { links } = body.data;
      next = links.next === null ? undefined : `http://127.0.0.1:${server.port}${links.next}`;
    }
  }
  return times;
}

/** Rows a second of DuckDB that reads the measurements of a file and adds them up. */
async function readAlone(file: string, size: number): Promise<number> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const started = performance.now();
  await connection.run(
    `SELECT ${FEATURE_KEYS.map((key) => `sum(${key})`).join(", ")} FROM read_csv('${file}')`,
  );
  const seconds = (performance.now() - started) / 1000;
  connection.closeSync();
  instance.closeSync();
  return size / seconds;
}

const peerAnswer = z.object({ name: z.string(), seconds: z.number() });

async function measurePeer(shop: Workshop, cases: readonly Case[]) {
  const python = findPython("sklearn");
  if (python === null || findPython("pandas") === null) return null;
  const file = join(shop.folder, "peer.csv");
  await writeCases(file, PEER_ROWS, cases);
  const script = fileURLToPath(new URL("../peers/sklearn/batch.py", import.meta.url));
  const dataset = fileURLToPath(new URL(`../../${table.dataFile}`, import.meta.url));
  const { stdout } = await promisify(execFile)(python.python, [
    script,
    dataset,
    file,
    join(shop.folder, "peer-out.csv"),
  ]);
  const { name, seconds } = peerAnswer.parse(JSON.parse(stdout));
  return { name, perSecond: PEER_ROWS / seconds };
}
