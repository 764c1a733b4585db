import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { Batch, BatchState } from "@/lib/batch/batch";
import { DEFAULT_BATCH_QUERY } from "@/lib/batch/query";
import { FEATURE_KEYS, table } from "@/tables/current";
import { isBrief } from "@/test/brief";
import { startS3 } from "@/test/s3-double";
import { createThrowawayDatabase } from "@/test/throwaway";

const s3 = await startS3();
const { url, remove } = createThrowawayDatabase();
const root = mkdtempSync(join(tmpdir(), "bucket-"));
const here = join(root, "here");
const settings = {
  DATABASE_URL: url,
  BATCH_URL: "s3://cases/of/batches",
  AWS_ENDPOINT_URL_S3: s3.url,
  // As S3 itself is asked, where nothing is set.
  AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_SUPPORTED",
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "AKIATEST",
  AWS_SECRET_ACCESS_KEY: "not-a-secret",
};
Object.assign(process.env, settings, { BATCH_CACHE: here });
const { database } = await import("@/lib/server/database/db");
const { createBatch, findBatch, purgeBatch, startBatch } = await import("./batches");
const { eraseFromBatch, findCaseInBatches } = await import("./case-rows");
const { listRows } = await import("./rows");
const { startBatches } = await import("./runner");
const { bucketStore } = await import("./store");

const machines: ChildProcess[] = [];

afterAll(async () => {
  for (const machine of machines) machine.kill("SIGKILL");
  await (await database()).$disconnect();
  await s3.close();
  remove();
  rmSync(root, { recursive: true, force: true });
});

/** Another process that works on batches, with copies of its own. */
function startMachine(name: string): ChildProcess {
  const code = 'import("./lib/server/batch/runner.ts").then((runner) => runner.startBatches())';
  const machine = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "--conditions=react-server",
      "--input-type=module",
      "-e",
      `${code}; setInterval(() => {}, 1000);`,
    ],
    { env: { ...process.env, ...settings, BATCH_CACHE: join(root, name) }, stdio: "inherit" },
  );
  machines.push(machine);
  return machine;
}

async function until(id: string, isSo: (batch: Batch) => boolean): Promise<Batch> {
  for (let tries = 0; tries < 1000; tries++) {
    const found = await findBatch(id);
    if (!found.ok || found.value === null) throw new Error(`${id} cannot be read`);
    if (isSo(found.value)) return found.value;
    await pause(30);
  }
  throw new Error(`${id} did not come so far`);
}

const is = (state: BatchState) => (batch: Batch) => batch.state === state && !batch.isWorkedOn;

const LINES = readFileSync(table.dataFile, "utf8").trim().split("\n").slice(1);

async function* file(rows: number) {
  yield Buffer.from(`code,${FEATURE_KEYS.join(",")}\n`);
  for (let at = 0; at < rows; at++) {
    yield Buffer.from(`R${at + 1},${LINES[at % LINES.length]?.slice(2)}\n`);
  }
}

describe("a batch whose files are in a bucket", () => {
  // Left to the run of its part, since transform.integration.test.ts has another machine take one over as well.
  it.skipIf(isBrief)(
    "is taken over by another machine, which lists the same rows, and leaves nothing when it is removed",
    async () => {
      const rows = LINES.length;
      const made = await createBatch(file(rows), "cases.csv");
      if (!made.ok) throw new Error(made.error.code);
      const id = made.value;
      const part = `cases/of/batches/${id}/part-00000.parquet`;
      s3.faults.push(
        { on: /^PUT .*bad-rows/, times: 1, how: "slow down" },
        { on: /^GET .*upload/, times: 1, how: "cut" },
        { on: /^PUT .*part-00000/, times: 1, how: "lost" },
      );
      const first = startMachine("first");
      await until(id, is("read"));
      await startBatch(id);
      // The part is in the bucket, and the machine goes away before it is counted.
      while (!s3.objects.has(part)) await pause(20);
      first.kill("SIGKILL");
      await once(first, "exit");
      startBatches();
      const done = await until(id, is("finished"));
      expect(done).toMatchObject({ done: rows, parts: 1, problem: null });
      expect(s3.requests.filter((request) => request === `PUT ${part}`)).toHaveLength(2);
      expect(existsSync(join(root, "first", id, "upload"))).toBe(true);

      const page = await listRows(done, {
        ...DEFAULT_BATCH_QUERY,
        view: "all",
        sort: "row",
        direction: "descending",
      });
      expect(page).toMatchObject({ value: { count: rows } });
      expect(page.ok && page.value.rows[0]).toMatchObject({ row: rows, code: `R${rows}` });
      const names = () => [...s3.objects.keys()].map((key) => key.split("/").at(-1)).sort();
      // What was sent is not kept once it is answered.
      await expect.poll(names).toEqual(["bad-rows.csv", "part-00000.parquet"]);
      expect(existsSync(join(here, id, "upload"))).toBe(false);
      expect([...s3.objects.keys()].every((key) => key.startsWith(`cases/of/batches/${id}/`))).toBe(true);
      expect(readdirSync(join(here, id)).filter((name) => name.includes("arriving"))).toEqual([]);

      // A case's row goes from the bucket, and from this machine's copy of it.
      const [withCase] = (await findCaseInBatches("R1")).found;
      if (withCase === undefined) throw new Error("not found");
      expect(withCase).toMatchObject({ rows: 1, isWhole: false });
      const before = s3.objects.get(part)?.length ?? 0;
      await eraseFromBatch(withCase, "R1");
      expect(s3.objects.get(part)?.length).not.toBe(before);
      expect((await findCaseInBatches("R1")).found).toEqual([]);
      expect(await listRows(done, { ...DEFAULT_BATCH_QUERY, view: "all" })).toMatchObject({
        value: { count: rows - 1 },
      });
      expect(names()).toEqual(["bad-rows.csv", "part-00000.parquet"]);
      expect(existsSync(join(here, id, "work"))).toBe(false);

      await purgeBatch(id);
      expect([s3.objects.size, existsSync(join(here, id))]).toEqual([0, false]);
    },
  );
});

describe("bucketStore", () => {
  const machine = (name: string) => bucketStore({ bucket: "cases", prefix: "", cache: join(root, name) });
  const text = (path: string | null) => (path === null ? null : readFileSync(path, "utf8"));
  let made = 0;
  const local = (content: string) => {
    const path = join(root, `local-${made++}`);
    writeFileSync(path, content);
    return path;
  };

  it("lists names over pages, and gives null for what is not there", async () => {
    const store = machine("a");
    for (const part of [2, 0, 1, 3]) await store.keep(`x/part-${part}.parquet`, local(String(part)));
    expect(await store.names("x/part-")).toEqual([0, 1, 2, 3].map((part) => `x/part-${part}.parquet`));
    expect(await store.fetch("x/part-4.parquet")).toBe(null);
    const both = await Promise.all([store.fetch("x/part-3.parquet"), store.fetch("x/part-3.parquet")]);
    expect(both.map(text)).toEqual(["3", "3"]);
  });

  it("shows what another machine wrote in the place of what was never counted", async () => {
    const [a, b] = [machine("a"), machine("b")];
    await a.keep("y/part-0.parquet", local("of a, which then goes away"));
    await b.keep("y/part-0.parquet", local("of b"));
    expect(text(await a.fetch("y/part-0.parquet"))).toBe("of b");
    await a.keep("y/bad-rows.csv", local("first"));
    expect(text(await b.fetch("y/bad-rows.csv"))).toBe("first");
    await a.keep("y/bad-rows.csv", local("second"));
    expect(text(await b.fetch("y/bad-rows.csv"))).toBe("second");
  });

  it("keeps nothing that is refused, and says so", async () => {
    s3.faults.push({ on: /^PUT cases\/z/, times: 4 + 1, how: "slow down" });
    await expect(machine("a").keep("z/upload", local("x"))).rejects.toThrow("SlowDown");
    expect(await machine("a").fetch("z/upload")).toBe(null);
  });

  it("forgets copies of batches that are gone, but no upload that has just begun", async () => {
    const store = machine("c");
    const [known, gone, begun] = ["1", "2", "3"].map((one) => `00000000-0000-7000-8000-00000000000${one}`);
    for (const id of [known, gone, begun]) await store.keep(`${id}/upload`, local("x"));
    for (const id of [known, gone]) utimesSync(join(root, "c", String(id)), 0, 0);
    await store.forgetAllBut(new Set([String(known)]));
    expect(readdirSync(join(root, "c"))).toEqual([known, begun]);
  });
});
