import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import writeExcelFile from "write-excel-file/node";
import { type Check, EMPTY_TALLY } from "@/lib/batch/batch";
import { completeMapping, type FileShape, type Mapping, proposeMapping } from "@/lib/batch/mapping";
import { FEATURE_KEYS, FEATURES, SAMPLES, table, words } from "@/tables/current";
import { type Answered, answerTable } from "./answer";
import { checkTable } from "./check";
import { openDuck, rowsOf, sqlText } from "./duck";
import { embeddedModel } from "./installed-model";
import { prepare } from "./prepare";
import { textColumns, VALUE_COLUMNS } from "./relation";
import { stageRows } from "./stage";

/** Files as people have them, through everything but the server: divided, mapped, checked, answered, written. */

let folder = "";
let instance: DuckDBInstance;
let files = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "read-file-"));
  instance = await openDuck({ memoryMb: 100, folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Read = {
  problem: string;
  shape: FileShape;
  mapping: Mapping;
  check: Check;
  answered: Answered;
  left: number[];
  badRows: string;
  values: number[][];
  texts: (string | null)[][];
  truths: unknown[];
};

/** What became of a file: its rows as they stand in the parts, or why it was not read. */
async function read(
  content: string | Uint8Array,
  given?: (proposed: Mapping) => Mapping,
): Promise<Partial<Read>> {
  const own = join(folder, String(files++));
  mkdirSync(own);
  const upload = join(own, "upload");
  writeFileSync(upload, content);
  const duck = await instance.connect();
  const prepared = await prepare(upload, own, duck);
  if (!prepared.ok) return { problem: prepared.error };
  const proposal = proposeMapping(prepared.value.shape);
  const proposed = completeMapping(proposal);
  if (!proposed.ok) return { problem: proposed.error, shape: prepared.value.shape };
  const mapping = given?.(proposed.value) ?? proposed.value;
  const badRows = join(own, "bad.csv");
  const staged = await stageRows(duck, prepared.value, mapping, own);
  const check = await checkTable(duck, prepared.value, mapping, staged, badRows);
  if (!check.ok) return { problem: check.error };
  const parts: string[] = [];
  const answered = await answerTable({
    ...{ instance, prepared: prepared.value, stage: staged.file, mapping, check: check.value },
    answer: embeddedModel(),
    partRows: 1000,
    start: { part: 0, position: 0, done: 0, tally: EMPTY_TALLY, model: null },
    partFile: (part) => join(own, `part-${part}`),
    keep: async (_, file) => {
      parts.push(sqlText(file));
    },
    onSeen: () => {},
    onPart: () => {},
    signal: new AbortController().signal,
  });
  const texts = textColumns(prepared.value, mapping).map((at) => `c${at}`);
  const rows = await rowsOf(
    duck,
    `SELECT row, [${VALUE_COLUMNS.join(", ")}], [${texts.join(", ")}]::VARCHAR[], truth FROM read_parquet([${parts.join(", ")}]) ORDER BY row`,
  );
  return {
    ...{ shape: prepared.value.shape, mapping, check: check.value, answered, left: proposal.left },
    badRows: readFileSync(badRows, "utf8"),
    values: rows.map(([, values]) => values as number[]),
    texts: rows.map(([, , cells]) => cells as (string | null)[]),
    truths: rows.map(([, , , truth]) => truth),
  };
}

const dataset = readFileSync(table.dataFile, "utf8").trim().split("\n").slice(0, 6);
const ROWS = dataset.slice(1).map((line) => line.split(",").slice(1).map(Number));
const LABELS = dataset.slice(1).map((line) => line.split(",")[0]);
const NAMES = FEATURE_KEYS.join(",");
const lines = (rows: readonly (readonly (number | string)[])[], separator = ",", end = "\n") =>
  rows.map((row) => `${row.join(separator)}${end}`).join("");
const german = (value: number) => String(value).replace(".", ",");

describe("a file", () => {
  const whole = { values: ROWS, check: { rows: ROWS.length, bad: 0 } };
  const shapes: [name: string, content: string | Uint8Array][] = [
    ["the table itself", dataset.join("\n")],
    ["CSV that ends with a line's end", `${NAMES}\n${lines(ROWS)}`],
    ["CRLF", `${NAMES}\r\n${lines(ROWS, ",", "\r\n")}`],
    ["a byte order mark", `\uFEFF${NAMES}\n${lines(ROWS)}`],
    ["tabs", `${FEATURE_KEYS.join("\t")}\n${lines(ROWS, "\t")}`],
    [
      "semicolons and decimal commas",
      `${FEATURE_KEYS.join(";")}\n${lines(
        ROWS.map((row) => row.map(german)),
        ";",
      )}`,
    ],
    ["Excel's instruction in front", `sep=;\n${FEATURE_KEYS.join(";")}\n${lines(ROWS, ";")}`],
    ["a title above the names", `Cases of May\n${NAMES}\n${lines(ROWS)}`],
    [
      "names of a well-known copy",
      `id,${FEATURES.map(({ alias }) => alias).join(",")}\n${lines(ROWS.map((row, at) => [`C${at}`, ...row]))}`,
    ],
    [
      "labels in another order",
      `${FEATURES.toReversed()
        .map(({ label }) => `"${label}"`)
        .join(",")}\n${lines(ROWS.map((row) => row.toReversed()))}`,
    ],
    ["no names, in order", lines(ROWS)],
    [
      "no names, an id and a class in front",
      lines(ROWS.map((row, at) => [84_230_200 + at, LABELS[at] ?? "", ...row])),
    ],
    ["no names, the class at the end", lines(ROWS.map((row, at) => [...row, LABELS[at] === "M" ? 0 : 1]))],
    [
      "what scikit-learn's file begins with",
      `5,30,malignant,benign\n${lines(ROWS.map((row) => [...row, 1]))}`,
    ],
    ["every cell in quotes", `${NAMES}\n${lines(ROWS.map((row) => row.map((value) => `"${value}"`)))}`],
    ["a column without a name at the end", `${NAMES},\n${lines(ROWS)}`],
    ["empty lines and lines of empty cells", `${NAMES}\n\n${lines(ROWS)}${",".repeat(29)}\n\n`],
    [
      "thousands set apart",
      `${FEATURE_KEYS.join(";")}\n${lines(
        ROWS.map((row) => row.map((value) => (value >= 1000 ? value.toLocaleString("en") : value))),
        ";",
      )}`,
    ],
    [
      "numbers with spaces around and exponents",
      `${NAMES}\n${lines(ROWS.map((row) => row.map((value) => ` ${value.toExponential()} `)))}`,
    ],
    ["gzip", gzipSync(`${NAMES}\n${lines(ROWS)}`)],
    [
      "ZIP with one file, made on a Mac",
      zipSync({ "a/cases.csv": strToU8(`${NAMES}\n${lines(ROWS)}`), "__MACOSX/a/._cases.csv": strToU8("x") }),
    ],
    ["ZIP of gzip", zipSync({ "cases.csv.gz": gzipSync(`${NAMES}\n${lines(ROWS)}`) })],
    ["UTF-16", Buffer.from(`\uFEFF${FEATURE_KEYS.join("\t")}\n${lines(ROWS, "\t")}`, "utf16le")],
    [
      "Windows-1252",
      Buffer.from(`Ärztin,${NAMES}\n${lines(ROWS.map((row) => ["Müller", ...row]))}`, "latin1"),
    ],
    [
      "JSON lines",
      ROWS.map((row) =>
        JSON.stringify(Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, row[at]]))),
      ).join("\n"),
    ],
    [
      "a JSON array",
      JSON.stringify(
        ROWS.map((row) => Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, String(row[at])]))),
      ),
    ],
    [
      "a line break within quotes",
      `note,${NAMES}\n${lines(ROWS.map((row) => ['"first\nsecond, ""third"""', ...row]))}`,
    ],
  ];

  it.each(shapes)("is read: %s", async (_, content) => {
    expect(await read(content)).toMatchObject(whole);
  });

  it("is read: XLSX", async () => {
    const rows = [FEATURE_KEYS, ...ROWS].map((row) => row.map((value) => ({ value })));
    const bytes = await writeExcelFile(rows as unknown as Parameters<typeof writeExcelFile>[0]).toBuffer();
    expect(await read(bytes)).toMatchObject(whole);
  });

  it("is read: Parquet, its numbers of any type", async () => {
    const path = join(folder, "cases.parquet");
    const duck = await instance.connect();
    const [row = []] = ROWS;
    const columns = FEATURE_KEYS.map(
      (key, at) =>
        `${row[at]}::${at % 2 === 0 ? "DOUBLE" : at % 3 === 0 ? "DECIMAL(18, 8)" : "FLOAT"} AS ${key}`,
    );
    await duck.run(`COPY (SELECT 'x' AS code, ${columns.join(", ")}) TO ${sqlText(path)} (FORMAT parquet)`);
    expect(await read(readFileSync(path))).toMatchObject({ values: [row], check: { rows: 1, bad: 0 } });
  });

  const refused: [name: string, content: string | Uint8Array, problem: RegExp][] = [
    ["nothing", "", /is empty/],
    ["names only", `${NAMES}\n`, /no rows/],
    ["binary rubbish", Uint8Array.from({ length: 4000 }, (_, at) => (at * 7919) % 256), /no table/],
    ["a text", "Dear colleague,\nplease find attached nothing.\n", /no names|No table|No column/],
    ["a cut gzip", gzipSync(`${NAMES}\n${lines(ROWS)}`).subarray(0, 300), /gzip file is damaged/],
    ["a ZIP with two files", zipSync({ "a.csv": strToU8("a"), "b.csv": strToU8("b") }), /2 files/],
    [
      "a ZIP that is cut off",
      zipSync({ "a.csv": strToU8(`${NAMES}\n${lines(ROWS)}`) }).subarray(0, 200),
      /ZIP/,
    ],
    [
      "a workbook that is none",
      Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.from("[Content_Types].xml"), Buffer.alloc(60)]),
      /no XLSX/,
    ],
    ["an old workbook", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), /Excel 2003/],
    ["a damaged Parquet", Buffer.from("PAR1 and nothing more"), /Parquet file is damaged/],
    [
      "a measurement too few",
      `${FEATURE_KEYS.slice(1).join(",")}\n${lines(ROWS.map((row) => row.slice(1)))}`,
      /No column was found for/,
    ],
    ["only rows that cannot be read", `${NAMES}\n${lines([FEATURE_KEYS.map(() => "x")])}`, /Line 2/],
  ];

  it.each(refused)("is refused with a sentence: %s", async (_, content, problem) => {
    const result = await read(content);
    expect(result).toHaveProperty("problem", expect.stringMatching(problem));
  });

  it("keeps good rows beside bad ones, which it names by line and column", async () => {
    const [row = []] = ROWS;
    const broken = (at: number, text: string) => row.map((value, index) => (index === at ? text : value));
    const content = `code,${NAMES}\n${lines([
      ["A", ...row],
      ["B", ...broken(0, "")],
      ["C", ...row.slice(1)],
      ["D", ...row, 7],
      ["E", ...broken(3, "12x")],
      ["F", ...broken(3, "-4")],
      ["G", ...broken(3, "NaN")],
      ['"H\nH"', ...row],
      ["I", ...broken(29, "inf")],
      ["J", ...row],
    ])}`;
    const result = await read(content);
    expect(result).toMatchObject({
      check: { rows: 10, bad: 7 },
      values: [row, row, row],
      texts: [["A"], ["H\nH"], ["J"]],
      answered: { done: 3, isWhole: true },
    });
    const [first, last] = [FEATURES[3]?.key, FEATURES[29]?.key];
    expect(result.check?.problems.map(({ line, column }) => [line, column])).toEqual([
      [3, FEATURES[0]?.key],
      [4, null],
      [5, null],
      [6, first],
      [7, first],
      [8, first],
      [11, last],
    ]);
    expect(result.badRows?.trim().split("\r\n")).toHaveLength(8);
  });

  it("loses no row to a quote that never closes without saying so", async () => {
    const [row = []] = ROWS;
    const content = `code,${NAMES}\n${lines([
      ["A", ...row],
      ['"B', ...row],
      ["C", ...row],
      ["D", ...row],
    ])}`;
    expect(await read(content)).toMatchObject({
      check: { rows: 2, bad: 1, problems: [{ line: 3, reason: expect.stringContaining("quote") }] },
    });
  });

  it("reads a last line that is cut off as a bad row", async () => {
    const content = `${NAMES}\n${lines(ROWS)}`.trimEnd();
    expect(await read(content.slice(0, content.lastIndexOf(",")))).toMatchObject({
      check: { rows: ROWS.length, bad: 1, problems: [{ line: ROWS.length + 1 }] },
      values: ROWS.slice(0, -1),
    });
  });

  it("finds the truth by class, word or letter, and its cases among the training cases", async () => {
    const { positive, negative } = table.classes;
    const word = (code: string | undefined) => words.classes[code === positive ? positive : negative].word;
    const content = `${NAMES},note,Truth\n${lines(ROWS.map((row, at) => [...row, "x", word(LABELS[at])]))}`;
    expect(await read(content)).toMatchObject({
      mapping: { truth: { column: FEATURES.length + 1 } },
      truths: LABELS,
      left: [FEATURES.length],
      check: { trainingCases: ROWS.length },
    });
  });
});

const text = fc.string({
  unit: fc.constantFrom("a", "B", " ", '"', ",", ";", "\t", "\n", "é", "漢", "0", "."),
});

describe("any table", () => {
  it("that is written is read back equal", async () => {
    const [sample] = SAMPLES;
    const cell = (separator: string, value: string) =>
      new RegExp(`["\\r\\n${separator === "\t" ? "\\t" : separator}]|^\\s|\\s$`).test(value)
        ? `"${value.replaceAll('"', '""')}"`
        : value;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n"),
        fc.shuffledSubarray(
          FEATURES.map(({ index }) => index),
          { minLength: FEATURES.length },
        ),
        fc.array(
          fc.tuple(
            fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), {
              minLength: FEATURES.length,
              maxLength: FEATURES.length,
            }),
            text,
            text,
          ),
          { minLength: 1, maxLength: 30 },
        ),
        async (separator, end, order, made) => {
          const rows = made.map(([factors]) =>
            factors.map((factor, at) => (sample.values[at] as number) * factor),
          );
          const names = ["note", ...order.map((at) => FEATURE_KEYS[at] as string), "remark"];
          const content = [
            names,
            ...rows.map((row, at) => [
              made[at]?.[1] ?? "",
              ...order.map((index) => String(row[index])),
              made[at]?.[2] ?? "",
            ]),
          ]
            .map((line) => line.map((value) => cell(separator, value)).join(separator) + end)
            .join("");
          const result = await read(content);
          expect(result.values).toEqual(rows);
          expect(result.texts).toEqual(made.map(([, note, remark]) => [note, remark]));
        },
      ),
      { numRuns: 25 },
    );
  });
});
