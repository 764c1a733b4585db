import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { Batch, BatchState } from "@/lib/batch/batch";
import { DEFAULT_BATCH_QUERY } from "@/lib/batch/query";
import { table } from "@/tables/current";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
const folder = mkdtempSync(join(tmpdir(), "batches-"));
process.env.DATABASE_URL = url;
process.env.BATCH_URL = `file:${folder}`;
const { database } = await import("@/lib/server/database/db");
const { createBatch, findBatch, startBatch } = await import("./batches");
const { listRows, keepRows } = await import("./rows");
const { exportRows } = await import("./export");
const { startBatches } = await import("./runner");
startBatches();

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
  rmSync(folder, { recursive: true, force: true });
});

async function* bytesOf(text: string | Buffer) {
  yield Buffer.from(text);
}

async function create(text: string | Buffer, name = "cases.csv"): Promise<string> {
  const made = await createBatch(bytesOf(text), name);
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

async function until(id: string, ...states: BatchState[]): Promise<Batch> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await findBatch(id);
    if (found.ok && found.value !== null && states.includes(found.value.state) && !found.value.isWorkedOn)
      return found.value;
    await pause(50);
  }
  throw new Error(
    `${id} did not come to be ${states.join(" or ")}: ${JSON.stringify(await findBatch(id)).slice(0, 500)}`,
  );
}

describe("a batch", () => {
  it("is checked, answered and kept", async () => {
    const id = await create(readFileSync(table.dataFile));
    const read = await until(id, "read", "unread");
    expect(read).toMatchObject({
      state: "read",
      problem: null,
      check: { rows: table.rows, bad: 0, trainingCases: table.rows },
    });
    expect(await startBatch(id)).toEqual({ ok: true, value: true });
    const done = await until(id, "finished", "paused");
    expect(done).toMatchObject({ state: "finished", problem: null, done: table.rows });
    const page = await listRows(done, {
      ...DEFAULT_BATCH_QUERY,
      view: "all",
      sort: "row",
      direction: "ascending",
    });
    console.log(JSON.stringify(page).slice(0, 700), JSON.stringify(done.tally.truth));
    for (const format of ["csv", "jsonl", "parquet"] as const) {
      const file = await exportRows(done, format);
      const pieces = [];
      for await (const piece of file?.bytes ?? []) pieces.push(piece);
      console.log(format, file?.fileName, Buffer.concat(pieces).toString("latin1").slice(0, 600));
    }
    console.log(
      JSON.stringify(await keepRows(done, [1, 2, 3])),
      JSON.stringify(await keepRows(done, [1, 2, 3])),
    );
  });
});
