import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Batch, BatchState } from "@/lib/batch/batch";
import { countAnswer } from "@/lib/batch/progress";
import { BATCH_SORTS, type BatchQuery, DEFAULT_BATCH_QUERY } from "@/lib/batch/query";
import { label } from "@/lib/contract";
import { FEATURE_KEYS, SAMPLES, table } from "@/tables/current";
import { createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
const folder = mkdtempSync(join(tmpdir(), "batches-"));
process.env.DATABASE_URL = url;
process.env.BATCH_URL = `file:${folder}`;
const { database } = await import("@/lib/server/database/db");
const {
  changeMapping,
  createBatch,
  deleteBatch,
  findBatch,
  listBatches,
  pauseBatch,
  purgeBatch,
  restoreBatch,
} = await import("./batches");
const { resumeBatch, startBatch, stopBatch } = await import("./batches");
const { keepRows, listRows, findRow } = await import("./rows");
const { exportBadRows, exportRows } = await import("./export");
const { startBatches } = await import("./runner");
const { partName } = await import("./store");
startBatches();

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
  rmSync(folder, { recursive: true, force: true });
});

async function create(content: string | Buffer, name = "cases.csv"): Promise<string> {
  const bytes = async function* () {
    yield Buffer.from(content);
  };
  const made = await createBatch(bytes(), name);
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

/** A batch once it is in one of these states and nobody works on it. */
async function until(id: string, ...states: BatchState[]): Promise<Batch> {
  for (let tries = 0; tries < 1000; tries++) {
    const found = await findBatch(id);
    if (!found.ok || found.value === null) throw new Error(`${id} cannot be read`);
    if (states.includes(found.value.state) && !found.value.isWorkedOn) return found.value;
    await pause(30);
  }
  throw new Error(`${id} did not come to be ${states.join(" or ")}`);
}

async function collect(file: { bytes: AsyncIterable<Uint8Array> } | null): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file?.bytes ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

const DATA = readFileSync(table.dataFile);

async function answered(content: string | Buffer = DATA): Promise<Batch> {
  const id = await create(content);
  await until(id, "read");
  expect(await startBatch(id)).toEqual({ ok: true, value: true });
  return until(id, "finished");
}

/** Pages of rows, one after the other. */
async function allPages(batch: Batch, query: BatchQuery) {
  const rows = [];
  let cursor: BatchQuery["cursor"] = null;
  do {
    const page = await listRows(batch, { ...query, cursor });
    if (!page.ok) throw new Error(page.error.code);
    rows.push(...page.value.rows);
    cursor = page.value.next;
  } while (cursor !== null);
  return rows;
}

describe("a batch", () => {
  it("is checked, answered, listed, kept and downloaded", async () => {
    const id = await create(DATA, "C:\\data\\cases.csv");
    const read = await until(id, "read");
    expect(read).toMatchObject({
      fileName: "cases.csv",
      check: { rows: table.rows, bad: 0, trainingCases: table.rows },
    });
    await startBatch(id);
    const done = await until(id, "finished");
    expect(done).toMatchObject({
      problem: null,
      done: table.rows,
      parts: 1,
      model: { hash: expect.any(String) },
    });
    const counted = label.options.map((answer) => countAnswer(done.tally, answer));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(table.rows);

    const page = await listRows(done, { ...DEFAULT_BATCH_QUERY, view: "review", sort: "probability" });
    const left = countAnswer(done.tally, "uncertain") + countAnswer(done.tally, "no_answer");
    expect(page).toMatchObject({ ok: true, value: { count: left, previous: null } });

    const [first, last] = [await findRow(done, 1), await findRow(done, table.rows)];
    expect([first, last]).toMatchObject([{ value: { row: 1 } }, { value: { row: table.rows } }]);
    expect(await findRow(done, table.rows + 1)).toEqual({ ok: true, value: null });

    const kept = await keepRows(done, [3, 1]);
    expect(kept).toMatchObject({ ok: true, value: { kept: [{ row: 3 }, { row: 1 }] } });
    expect(await keepRows(done, [3, 1])).toEqual(kept);

    const header = `${DATA.toString("utf8").split("\n")[0]},row,answer,predicted_diagnosis,probability,cautions`;
    const csv = (await collect(await exportRows(done, "csv"))).toString("utf8").trim().split("\n");
    expect([csv[0], csv.length]).toEqual([header, table.rows + 1]);
    const json = (await collect(await exportRows(done, "jsonl"))).toString("utf8").trim().split("\n");
    expect(Object.keys(JSON.parse(json[0] ?? ""))).toEqual(header.split(","));
    expect((await collect(await exportRows(done, "parquet"))).subarray(0, 4).toString()).toBe("PAR1");
    expect((await collect(await exportBadRows(done))).toString("utf8")).toBe("line,column,text,reason\r\n");
  });

  it("lists every row of any query once, forwards and back, in its order", async () => {
    const names = `code,${FEATURE_KEYS.join(",")},diagnosis`;
    const lines = DATA.toString("utf8").trim().split("\n").slice(1, 120);
    const content = `${names}\n${lines.map((line, at) => `${at % 3 === 0 ? "" : `C${at % 40}`},${line.slice(2)},${at % 5 === 0 ? "" : line[0]}`).join("\n")}`;
    const batch = await answered(content);
    const whole = await allPages(batch, {
      ...DEFAULT_BATCH_QUERY,
      view: "all",
      size: 100,
      sort: "row",
      direction: "ascending",
    });
    expect(whole.map(({ row }) => row)).toEqual(lines.map((_, at) => at + 1));
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          sort: fc.constantFrom(...BATCH_SORTS),
          direction: fc.constantFrom("ascending" as const, "descending" as const),
          view: fc.constantFrom("all" as const, "negative" as const),
          wrong: fc.boolean(),
          text: fc.constantFrom(null, "c1"),
        }),
        async (some) => {
          const query: BatchQuery = { ...DEFAULT_BATCH_QUERY, ...some, size: 25 };
          const rows = await allPages(batch, query);
          const expected = whole.filter(
            ({ label: answer, truth, diagnosis, code }) =>
              (some.view === "all" || answer === table.classes.negative) &&
              (!some.wrong || (truth !== null && truth !== diagnosis)) &&
              (some.text === null || code?.toLowerCase().includes(some.text)),
          );
          expect(rows.map(({ row }) => row).toSorted((a, b) => a - b)).toEqual(
            expected.map(({ row }) => row),
          );
          const [second] = rows.slice(25);
          if (second === undefined) return;
          const next = await listRows(batch, query);
          const cursor = next.ok ? next.value.next : null;
          const after = await listRows(batch, { ...query, cursor });
          const back = await listRows(batch, { ...query, cursor: after.ok ? after.value.previous : null });
          expect(back.ok && back.value.rows.map(({ row }) => row)).toEqual(
            rows.slice(0, 25).map(({ row }) => row),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is read again by another mapping, and refuses what its state does not allow", async () => {
    const [sample] = SAMPLES;
    const content = `a,${FEATURE_KEYS.slice(1).join(",")},code\n${sample.values.join(",")},X1\n`;
    const id = await create(content);
    const unread = await until(id, "unread");
    expect(unread.problem).toContain("No column was found for");
    expect(await startBatch(id)).toEqual({ ok: true, value: false });
    const mapping = {
      measurements: FEATURE_KEYS.map((_, at) => at),
      code: 30,
      truth: null,
      decimal: "." as const,
    };
    await changeMapping(id, mapping);
    expect(await until(id, "read", "unread")).toMatchObject({ state: "read", mapping, check: { rows: 1 } });
    expect(await pauseBatch(id)).toEqual({ ok: true, value: false });
    expect(await deleteBatch(id)).toEqual({ ok: true, value: true });
    const listed = await listBatches();
    expect(listed.ok && listed.value.some((batch) => batch.id === id)).toBe(false);
    expect(await startBatch(id)).toEqual({ ok: true, value: false });
    await restoreBatch(id);
    expect(await startBatch(id)).toEqual({ ok: true, value: true });
    await until(id, "finished");
    await purgeBatch(id);
    expect(await findBatch(id)).toEqual({ ok: true, value: null });
    expect(readdirSync(folder)).not.toContain(id);
  });

  const MANY = 190_000;
  const many = () => {
    const lines = DATA.toString("utf8").trim().split("\n").slice(1);
    const rows = Array.from({ length: MANY }, (_, at) => `R${at + 1},${lines[at % lines.length]?.slice(2)}`);
    return `code,${FEATURE_KEYS.join(",")}\n${rows.join("\n")}\n`;
  };
  const workers = () =>
    execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, parent, ...args]) =>
          parent === String(process.pid) && args.some((one) => one.includes("batch-worker")),
      )
      .map(([pid]) => Number(pid));

  it.runIf(TEST_DATABASE === "sqlite")(
    "has every row once although its worker is killed, it is paused, and ended early",
    async () => {
      const id = await create(many());
      await until(id, "read");
      await startBatch(id);
      for (const wait of [300, 600]) {
        await pause(wait);
        for (const pid of workers()) process.kill(pid, "SIGKILL");
      }
      await pause(800);
      await pauseBatch(id);
      const paused = await until(id, "paused", "finished");
      const now = await allOf(paused);
      expect(now).toEqual(paused.done);
      if (paused.state === "paused") await resumeBatch(id);
      const done = await until(id, "finished");
      expect(done).toMatchObject({ done: MANY, problem: null });
      expect(await allOf(done)).toBe(MANY);

      // A busy machine may answer all before the test has its turn: then once more.
      let stopped = await stopBetweenParts();
      for (let tries = 0; stopped.done === MANY && tries < 5; tries++) stopped = await stopBetweenParts();
      expect(stopped.done).toBeLessThan(MANY);
      expect(await allOf(stopped)).toBe(stopped.done);
    },
  );

  it.runIf(process.getuid?.() === 0 && TEST_DATABASE === "sqlite")(
    "pauses with the reason where the disk is full, and goes on once there is room",
    async () => {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", folder]);
      try {
        const id = await create(many().split("\n").slice(0, 30_001).join("\n"));
        await until(id, "read");
        const { bavail, bsize } = statfsSync(folder);
        writeFileSync(join(folder, "filler"), Buffer.alloc(bavail * bsize - 500_000));
        await startBatch(id);
        expect(await until(id, "paused", "finished")).toMatchObject({
          state: "paused",
          problem: expect.stringContaining("The disk is full."),
          done: 0,
        });
        rmSync(join(folder, "filler"));
        await resumeBatch(id);
        const done = await until(id, "finished");
        expect(await allOf(done)).toBe(30_000);
      } finally {
        // What is still open there keeps it a moment longer.
        execFileSync("umount", ["--lazy", folder]);
      }
    },
  );

  /** A batch that was ended after its first part; its worker is held meanwhile. */
  async function stopBetweenParts(): Promise<Batch> {
    const id = await create(many());
    await until(id, "read");
    await startBatch(id);
    while (!existsSync(join(folder, partName(id, 0)))) await pause(1);
    for (const pid of workers()) process.kill(pid, "SIGSTOP");
    await stopBatch(id);
    await pause(1_500);
    for (const pid of workers()) process.kill(pid, "SIGCONT");
    return until(id, "stopped", "finished");
  }

  /** The rows that can be listed; they are 1, 2, 3 … without a gap. */
  async function allOf(batch: Batch): Promise<number> {
    const last = await listRows(batch, { ...DEFAULT_BATCH_QUERY, view: "all", sort: "row" });
    if (!last.ok) throw new Error(last.error.code);
    expect(last.value.rows[0]?.row ?? 0).toBe(last.value.count);
    expect(last.value.rows[0]?.code ?? "R0").toBe(`R${last.value.count}`);
    return last.value.count;
  }
});
