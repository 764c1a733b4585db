import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Batch, EMPTY_TALLY } from "@/lib/batch/batch";
import { completeMapping, proposeMapping } from "@/lib/batch/mapping";
import { DEFAULT_BATCH_QUERY } from "@/lib/batch/query";
import { csvCell } from "@/lib/exchange/spreadsheet-text";
import { cellText } from "@/lib/prediction/value";
import { anyCase, FEATURE_KEYS, FEATURES } from "@/test/mixed-table";
import { answerTable } from "./answer";
import { checkTable } from "./check";
import { openDuck, sqlText } from "./duck";
import { exportRows } from "./export";
import { NOT_TOLD } from "./many-answers";
import { prepare } from "./prepare";
import { listRows } from "./rows";
import { stageRows } from "./stage";

const folder = mkdtempSync(join(tmpdir(), "mixed-table-"));
const { TRAINING } = vi.hoisted(() => ({
  TRAINING: [
    [5, 2.5, 1, 0, 1, 1, 40],
    [1, -2.5, 0, 1, 0, Number.NaN, Number.NaN],
  ],
}));

vi.mock("@/tables/current", () => import("@/test/mixed-table"));
vi.mock("@/lib/server/model/training-data", () => ({ TRAINING_DATA: { features: TRAINING, positive: [] } }));
vi.mock("./store", () => ({
  partName: (id: string, part: number) => join(folder, id, `part-${part}`),
  badRowsName: (id: string) => join(folder, id, "bad.csv"),
  batchStore: () => ({
    fetch: async (name: string) => name,
    workFolder: async (id: string) => join(folder, id),
  }),
}));

let instance: DuckDBInstance;
let files = 0;
beforeAll(async () => {
  instance = await openDuck({ memoryMb: 100, folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What becomes of a file: its check, the cases that the model is asked for, and a batch whose parts can be read. */
async function read(content: string | Uint8Array) {
  const id = String(files++);
  const own = join(folder, id);
  mkdirSync(own);
  writeFileSync(join(own, "upload"), content);
  const duck = await instance.connect();
  const prepared = await prepare(join(own, "upload"), own, duck);
  if (!prepared.ok) throw new Error(prepared.error);
  const { shape } = prepared.value;
  const mapping = completeMapping(proposeMapping(shape));
  if (!mapping.ok) throw new Error(mapping.error);
  const staged = await stageRows(duck, prepared.value, mapping.value, own);
  const check = await checkTable(duck, prepared.value, mapping.value, staged, join(own, "bad.csv"));
  if (!check.ok) throw new Error(check.error);
  const asked: number[][] = [];
  const { part } = await answerTable({
    ...{ instance, prepared: prepared.value, stage: staged.file, mapping: mapping.value, check: check.value },
    answer: (values, rows) => {
      for (let row = 0; row < rows; row++) {
        asked.push(Array.from(values.subarray(row * FEATURES.length, (row + 1) * FEATURES.length)));
      }
      const none = new Uint8Array(rows);
      return {
        ...{ probabilities: new Float64Array(rows).fill(0.25), labels: none.map(() => NOT_TOLD.label) },
        ...{ diagnoses: none.map(() => 1), cautions: new Uint32Array(rows), cautionCodes: [], stopped: null },
        model: { name: "m", version: "1", hash: null, threshold: 0.5, uncertain: null },
      };
    },
    partRows: 1000,
    start: { part: 0, position: 0, done: 0, tally: EMPTY_TALLY, model: null },
    partFile: (part) => join(own, `making-${part}`),
    keep: async (part, file) => renameSync(file, join(own, `part-${part}`)),
    onSeen: () => {},
    onPart: () => {},
    signal: new AbortController().signal,
  });
  duck.closeSync();
  const batch = { id, fileName: "cases.csv", shape, mapping: mapping.value, parts: part } as Batch;
  return { check: check.value, asked, batch, shape };
}

async function exported(batch: Batch, format: "csv" | "jsonl" | "parquet"): Promise<string> {
  const file = await exportRows(batch, format);
  const pieces: Uint8Array[] = [];
  for await (const piece of file?.bytes ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

const listed = async (batch: Batch, query = {}) => {
  const page = await listRows(batch, {
    ...DEFAULT_BATCH_QUERY,
    view: "all",
    sort: "row",
    ...query,
    size: 100,
  });
  if (!page.ok) throw new Error(page.error.code);
  return page.value.rows;
};

const lineOf = (values: readonly number[]) =>
  FEATURES.map((feature) => csvCell(cellText(feature, values[feature.index] ?? Number.NaN))).join(",");
const header = FEATURE_KEYS.join(",");

describe("any cases of a table with columns of every type", () => {
  const anyCases = fc.array(anyCase, { minLength: 2, maxLength: 20 });

  it("are asked for, listed and written as the file has them", async () => {
    await fc.assert(
      fc.asyncProperty(anyCases, async (cases) => {
        const { check, asked, batch } = await read(`${header}\n${cases.map(lineOf).join("\n")}\n`);
        expect({ rows: check.rows, bad: check.bad, asked }).toEqual({
          rows: cases.length,
          bad: 0,
          asked: cases,
        });
        const rows = await listed(batch, { direction: "ascending" });
        expect(rows.map(({ values }) => values)).toEqual(cases);
        expect(rows.map(({ cells }) => cells.map(csvCell).join(","))).toEqual(cases.map(lineOf));
        const again = await read(await exported(batch, "csv"));
        expect(again.asked).toEqual(cases);
      }),
      { numRuns: 20 },
    );
  });

  it("come back from Parquet and JSON lines too", async () => {
    const cases = [TRAINING[0] ?? [], TRAINING[1] ?? [], [0, -9, 2, Number.NaN, 0, 0, 18]];
    const { batch } = await read(`${header}\n${cases.map(lineOf).join("\n")}\n`);
    const json = await exported(batch, "jsonl");
    expect(JSON.parse(json.split("\n")[1] ?? "")).toMatchObject({
      job: "fixed",
      home: "own",
      owner: "no",
      records: null,
      age: null,
    });
    expect((await read(json)).asked).toEqual(cases);
    const duck = await instance.connect();
    const parquet = join(folder, "cases.parquet");
    await duck.run(
      `COPY (SELECT * FROM read_json(${sqlText(writeJson(json))})) TO ${sqlText(parquet)} (FORMAT parquet)`,
    );
    duck.closeSync();
    const own = await read(readFileSync(parquet));
    expect(own.asked).toEqual(cases);
  });
});

function writeJson(json: string): string {
  const file = join(folder, "cases.jsonl");
  writeFileSync(file, json);
  return file;
}

it("counts numbers outside, training cases that lack a value too, and nothing of levels", async () => {
  const { check } = await read(
    `id,${header}\na,${lineOf(TRAINING[0] ?? [])}\nb,${lineOf(TRAINING[1] ?? [])}\nc,99,0,fixed,,no,,\nd,5,0,fixed,rent,no,,91\n`,
  );
  expect(check).toMatchObject({ rows: 4, bad: 0, trainingCases: 2 });
  expect(check.outside).toEqual([
    { key: "income", count: 1 },
    { key: "age", count: 1 },
  ]);
});

it("names the level that is not known, and takes what a person may write", async () => {
  const lines = [
    "5,2,part,own,yes,J,40",
    "5,2,Fixed Contract,OWN,T,?,n/a",
    "5,2,,own,yes,J,40",
    ",2,-,own,yes,J,40",
    ",,,,,,",
  ];
  const { check, asked } = await read(`${header}\n${lines.join("\n")}\n`);
  expect(asked).toEqual([[5, 2, 1, 1, 1, Number.NaN, Number.NaN]]);
  expect(check.problems).toEqual([
    { line: 2, column: "job", text: "part", reason: 'It can be “fixed”, “a "b", c;d”, “=1+1” or “-”.' },
    { line: 4, column: "job", text: "", reason: "Job is missing." },
    { line: 5, column: "income", text: "", reason: "Income is missing." },
  ]);
});

it("finds and sorts by what is known: a row without the value is in no range, and last", async () => {
  const rows = [30, Number.NaN, 20, 40].map((age) => [5, 2, 0, 0, 0, 0, age]);
  const { batch } = await read(`${header}\n${rows.map(lineOf).join("\n")}\n`);
  const numbers = async (query: object) => (await listed(batch, query)).map(({ row }) => row);
  const age = FEATURE_KEYS[6];
  expect(await numbers({ sort: age, direction: "descending" })).toEqual([4, 1, 3, 2]);
  expect(await numbers({ sort: age, direction: "ascending" })).toEqual([3, 1, 4, 2]);
  expect(await numbers({ direction: "ascending", measurements: [{ key: age, min: 25, max: null }] })).toEqual(
    [1, 4],
  );
});

it("takes names that are not known for names above levels, and rows of levels for rows", async () => {
  const line = "5,2,fixed,own,yes,J,40";
  await expect(read(`a,b,c,d,e,f,g\n${line}\n${line}\n`)).rejects.toThrow("No column was found for Income");
  const { asked } = await read(`${line}\n5,2,fixed,,no,,\n`);
  expect(asked).toEqual([
    [5, 2, 0, 1, 1, 1, 40],
    [5, 2, 0, Number.NaN, 0, Number.NaN, Number.NaN],
  ]);
});
