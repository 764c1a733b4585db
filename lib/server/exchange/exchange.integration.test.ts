import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import writeExcelFile from "write-excel-file/node";
import type { FileOptions } from "@/lib/exchange/prediction-file";
import { readMeasurements } from "@/lib/predict/reader";
import { FILE_COLUMNS } from "@/lib/prediction/columns";
import { FEATURE_KEYS, SAMPLES } from "@/tables/current";
import { isBrief } from "@/test/brief";
import { createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

const { readPredictions } = await import("./prediction-reader");
const isSqlite = TEST_DATABASE === "sqlite";
const first = createThrowawayDatabase();
const second = createThrowawayDatabase();
type Store = Awaited<ReturnType<typeof openStore>>;

/** The server's modules on a database of their own, as two servers would have them. */
async function openStore(url: string) {
  vi.resetModules();
  process.env.DATABASE_URL = url;
  delete (globalThis as { cytodeskDatabase?: unknown }).cytodeskDatabase;
  const { database } = await import("@/lib/server/database/db");
  const { Prisma } = await import("@/lib/server/generated/sqlite/client");
  const { savePrediction } = await import("@/lib/server/prediction/predictions");
  const { exportPredictions } = await import("./export");
  const { importPredictions } = await import("./import");
  const { inference } = await import("@/lib/server/inference/inference");
  const client = await database();
  return { url, client, Prisma, savePrediction, exportPredictions, importPredictions, inference };
}

const a = await openStore(first.url);
const b = await openStore(second.url);
/** Both stores find their database here; it is process-wide. */
const use = (store: Store) => {
  process.env.DATABASE_URL = store.url;
  (globalThis as { cytodeskDatabase?: unknown }).cytodeskDatabase = Promise.resolve(store.client);
};

afterAll(async () => {
  await a.client.$disconnect();
  await b.client.$disconnect();
  first.remove();
  second.remove();
});

const FILES = {
  csv: { format: "csv", bom: false, separator: "comma" },
  "csv for spreadsheets": { format: "csv", bom: true, separator: "comma" },
  "csv with decimal commas": { format: "csv", bom: true, separator: "semicolon" },
  jsonl: { format: "jsonl", bom: false, separator: "comma" },
} satisfies Record<string, FileOptions>;

async function exported(store: Store, file: FileOptions = FILES.jsonl): Promise<string> {
  use(store);
  return textOf(store.exportPredictions(store.Prisma.sql`prediction.deleted_at IS NULL`, file));
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const bytes: Uint8Array[] = [];
  for await (const piece of pieces) bytes.push(piece);
  // Not by a TextDecoder, which would take the mark in front away.
  return Buffer.concat(bytes).toString();
}

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function imported(store: Store, content: string | Uint8Array, size = 60_000, take = false) {
  use(store);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const report = await store.importPredictions(inPieces(bytes, size), { take });
  if (!report.ok) throw report.error.cause;
  return report.value;
}

const empty = (store: Store) => store.client.$executeRaw`DELETE FROM prediction`;

const NOTES = [
  '=HYPERLINK("http://evil")',
  "'=already",
  'said "yes", then\r\nleft',
  "naïve Ödem 癌 \u2028 🙂",
  "\ttab",
  null,
];

/** Predicts and saves, with notes and outcomes on every other; `count` numbers change the values a little. */
async function fill(store: Store, count: number): Promise<void> {
  use(store);
  for (let index = 0; index < count; index++) {
    const sample = SAMPLES[index % SAMPLES.length];
    if (sample === undefined) throw new Error("no sample");
    const values = sample.values.map((value) => value * (1 + index / 1e5));
    const answer = await store.inference().predict([values]);
    if (!answer.ok) throw new Error(answer.error.what);
    const [prediction] = answer.value.predictions;
    if (prediction === undefined) throw new Error("no prediction");
    const saved = await store.savePrediction({
      ...{ formKey: randomUUID(), source: "form", values, prediction, model: answer.value.model },
      ...{ backend: "embedded", latencyMs: 0.1 + index },
    });
    if (!saved.ok) throw saved.error.cause;
    const { id } = saved.value;
    const note = NOTES[index % NOTES.length] ?? null;
    if (index % 2 === 0) {
      await store.client.annotation.create({ data: { predictionId: id, caseCode: `-C${index}`, note } });
      await store.client.prediction.update({
        where: { id },
        data: { outcome: "M", outcomeOn: new Date("2026-03-04") },
      });
    }
  }
}

describe("export and import", () => {
  it("carry every byte into a second database, in each format and by pieces of any size", async () => {
    await fill(a, 24);
    for (const [name, file] of Object.entries(FILES)) {
      await empty(b);
      const text = await exported(a, file);
      expect(await imported(b, text, name === "csv" ? 1 : 777), name).toEqual({
        ...{ added: 24, present: 0, refused: 0, differing: 0, taken: 0 },
        ...{ refusals: [], differences: [] },
      });
      expect(await exported(b, file)).toBe(text);
    }
    const all = await exported(a);
    await empty(b);
    await imported(b, all);
    expect(await b.client.model.count()).toBe(1);
    expect(all).toContain('"typicality":{"atypical"');
  });

  it("take the names of a well-known copy of the dataset, and contributions in columns", async () => {
    const text = await exported(a, FILES.csv);
    const [head = "", ...rows] = text.split(/(?<=[^"]\r\n)(?=[0-9a-f]{8}-)/);
    const records = (await exported(a))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const names = FEATURE_KEYS.map((key) => `contribution_${key}`);
    const other = [
      `${head.replaceAll("concave_points", "concave points").trimEnd()},${names.join()}\r\n`,
      ...rows.map((row, at) => row.replace(/\r\n$/, `,${records[at].contributions.join()}\r\n`)),
    ];
    await empty(b);
    expect(await imported(b, other.join(""))).toMatchObject({ added: 24, refused: 0 });
    const again = (await exported(b))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(again).toEqual(records.map((record) => ({ ...record, typicality: null })));
  });

  /** A file of ours as spreadsheets of other countries save it again. */
  const cellsOf = (csv: string): string[][] => parse(csv, { bom: true, relax_column_count: true });
  const quoted = (cell: string, separator: string) =>
    /["\r\n]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const saved = (rows: string[][], separator: string, write: (cell: string, name: string) => string) => {
    const [head = []] = rows;
    return rows
      .map((row, at) =>
        row
          .map((cell, place) => quoted(at === 0 ? cell : write(cell, head[place] ?? ""), separator))
          .join(separator),
      )
      .join("\r\n");
  };
  const isNumber = (name: string) =>
    /^(?:probability|threshold|base|uncertain_|latency)|_(?:mean|se|worst)$/.test(name);
  const comma = (cell: string, name: string) =>
    isNumber(name)
      ? cell.replace(".", ",")
      : name === "outcome_on"
        ? cell.replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$3.$2.$1")
        : cell;
  const DIALECTS: [string, (rows: string[][]) => string][] = [
    ["German: semicolons, decimal commas, pointed days, a BOM", (rows) => `\uFEFF${saved(rows, ";", comma)}`],
    ["semicolons alone", (rows) => saved(rows, ";", (cell) => cell)],
    ["tabs", (rows) => saved(rows, "\t", (cell) => cell)],
    ["tabs and decimal commas", (rows) => saved(rows, "\t", comma)],
    [
      "thousands set apart",
      (rows) =>
        saved(rows, ";", (cell, name) =>
          comma(cell, name).replace(/^(\d)(\d{3})$/, name.startsWith("area") ? "$1.$2" : "$1$2"),
        ),
    ],
    [
      "everything in quotes",
      (rows) => rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(";")).join("\n"),
    ],
    [
      "lines of empty cells at the end, and spaces",
      (rows) =>
        `${saved(rows, ",", (cell, name) => (name === "diagnosis" ? `${cell} ` : cell))}\r\n${",".repeat(49)}\r\n${",".repeat(49)}\r\n`,
    ],
    [
      "CR line ends",
      (rows) =>
        saved(
          rows.map((row) => row.map((cell) => cell.replaceAll(/[\r\n]/g, " "))),
          ",",
          (cell) => cell,
        ).replaceAll("\r\n", "\r"),
    ],
  ];
  /** As LibreOffice writes a number: 15 digits, and none of them as an exponent. */
  const cut = (cell: string, name: string) => {
    if (!isNumber(name) || cell === "") return cell;
    const number = Number(Number(cell).toPrecision(15));
    return comma(number < 1e-6 ? number.toFixed(20) : String(number), name);
  };
  it("give back to the bit what a spreadsheet cut to 15 digits, where the model is the one that is here", async () => {
    // Values of 17 digits are cut for good; those of a form have fewer.
    const records = cellsOf(await exported(a, FILES.csv));
    const [head = [], ...rows] = records;
    const place = (name: string) => head.indexOf(name);
    const samples = rows.filter((row) => row[place("radius_mean")] === "17.99");
    expect(samples).toHaveLength(1);
    await empty(b);
    expect(await imported(b, saved([head, ...samples], ";", cut))).toMatchObject({ added: 1, refused: 0 });
    expect(cellsOf(await exported(b, FILES.csv))).toEqual([head, ...samples]);
    expect(await b.client.model.count()).toBe(1);
  });

  it.runIf(isSqlite && existsSync("/usr/bin/soffice"))(
    "take what LibreOffice itself saved again, by way of XLSX too",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "cytodesk-office-"));
      const office = (...given: string[]) =>
        execFileSync(
          "/usr/bin/soffice",
          [`-env:UserInstallation=file://${folder}/profile`, "--headless", ...given],
          { stdio: "ignore" },
        );
      // No macro, no country of the machine: as a German desk has it.
      mkdirSync(join(folder, "profile/user"), { recursive: true });
      writeFileSync(
        join(folder, "profile/user/registrymodifications.xcu"),
        `<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>de-DE</value></prop></item></oor:items>`,
      );
      const [head = [], ...rows] = cellsOf(await exported(a, FILES.csv));
      const sample = rows.filter((row) => row[head.indexOf("radius_mean")] === "17.99");
      writeFileSync(
        join(folder, "a.csv"),
        saved([head, ...sample], ",", (cell) => cell),
      );
      const read = "--infilter=CSV:44,34,76,1,,1033,false,true,false";
      const write = (separator: number) =>
        `csv:Text - txt - csv (StarCalc):${separator},34,76,1,,1031,false,true,false`;
      office(read, "--convert-to", write(59), "--outdir", join(folder, "semicolons"), join(folder, "a.csv"));
      office(read, "--convert-to", "xlsx", "--outdir", folder, join(folder, "a.csv"));
      office("--convert-to", write(9), "--outdir", join(folder, "tabs"), join(folder, "a.xlsx"));
      expect(readFileSync(join(folder, "semicolons/a.csv"), "utf8")).toContain("17,99");
      for (const name of ["semicolons/a.csv", "tabs/a.csv", "a.xlsx"]) {
        await empty(b);
        expect(await imported(b, readFileSync(join(folder, name))), name).toMatchObject({
          added: 1,
          refused: 0,
        });
        expect(cellsOf(await exported(b, FILES.csv)), name).toEqual([head, ...sample]);
      }
      rmSync(folder, { recursive: true });
    },
  );

  it.runIf(isSqlite)("take a workbook, and say what is none", async () => {
    const text = await exported(a, FILES.csv);
    const [head = [], ...rows] = cellsOf(text);
    const workbook = await writeExcelFile([
      head.map((value) => ({ value, type: String })),
      ...rows.map((row) =>
        row.map((cell, at) => {
          const name = head[at] ?? "";
          if (cell === "") return null;
          return isNumber(name) ? { value: Number(cell), type: Number } : { value: cell, type: String };
        }),
      ),
      head.map(() => null),
    ]).toBuffer();
    await empty(b);
    expect(await imported(b, workbook, 777)).toMatchObject({ added: 24, refused: 0 });
    const lines = (rows: string[][]) => rows.map((row) => row.map((cell) => cell.replaceAll("\r\n", "\n")));
    expect(lines(cellsOf(await exported(b, FILES.csv)))).toEqual(lines(cellsOf(text)));
    const none = await imported(b, workbook.subarray(0, 1_000));
    expect(none.refusals).toEqual([
      { line: 1, reason: "This is no XLSX file that can be read. Save it as CSV." },
    ]);
    const large = new Uint8Array(20_000_001);
    large.set(workbook.subarray(0, 4));
    expect((await imported(b, large)).refusals).toEqual([
      { line: 1, reason: "A workbook can have 20 MB. Save it as CSV, which can have any size." },
    ]);
  });

  // What a file says is read before a database has part in it.
  it.runIf(isSqlite).each(DIALECTS)(
    "take a file as a spreadsheet saves it again: %s",
    async (name, write) => {
      const text = await exported(a, FILES.csv);
      await empty(b);
      expect(await imported(b, write(cellsOf(text)), 777)).toMatchObject({ added: 24, refused: 0 });
      const after = await exported(b, FILES.csv);
      if (name === "CR line ends")
        expect(cellsOf(after).map((row) => row.slice(FILE_COLUMNS.length))).toEqual(
          cellsOf(text).map((row) => row.slice(FILE_COLUMNS.length)),
        );
      else expect(after).toBe(text);
    },
  );

  it("keep any number that a measurement can be", async () => {
    const line = (await exported(a)).split("\n")[0] ?? "";
    await fc.assert(
      fc.asyncProperty(
        // Many at once: what takes the time is an import, not its numbers.
        fc.array(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { minLength: 120 }),
        async (values) => {
          await empty(b);
          const lines = values.map((value) => {
            return JSON.stringify({
              ...JSON.parse(line),
              id: randomUUID(),
              // No hash: the changed value would not give this model's probability.
              model_hash: null,
              area_worst: value,
              latency_ms: value,
            });
          });
          expect(await imported(b, lines.join("\n"))).toMatchObject({ added: values.length });
          const rows = await b.client.prediction.findMany({ select: { area_worst: true, latencyMs: true } });
          const sorted = values.map((value) => value + 0).sort((x, y) => x - y);
          expect(rows.map((row) => row.area_worst).sort((x, y) => x - y)).toEqual(sorted);
          expect(rows.map((row) => row.latencyMs).sort((x, y) => x - y)).toEqual(sorted);
        },
      ),
      { numRuns: 10 },
    );
  });

  it("add nothing the second time, nor over what is there", async () => {
    const text = await exported(a);
    await empty(b);
    await imported(b, text);
    expect(await imported(b, text)).toMatchObject({ added: 0, present: 24, refused: 0 });
    expect(await imported(b, text.replaceAll('"case_code":"-C', '"case_code":"X'))).toMatchObject({
      ...{ added: 0, present: 24 },
    });
    expect(await imported(b, text + text)).toMatchObject({ added: 0, present: 48 });
    expect(await exported(b)).toBe(text);
  });

  it("report what differs from what is kept, and take it where that is asked for, with its edits", async () => {
    const text = await exported(a);
    await empty(b);
    await imported(b, text);
    const records = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const [first, second, third, fourth] = records;
    const edited = [
      { ...first, note: "edited in a spreadsheet", outcome: "B", outcome_on: "2026-02-01" },
      { ...second, case_code: null, note: null, outcome: null, outcome_on: null },
      { ...third, model_hash: null, radius_mean: 1 },
      // Nothing that the file does not have is taken for empty.
      Object.fromEntries(Object.entries(fourth).filter(([name]) => name !== "note" && name !== "outcome_on")),
    ];
    const file = edited.map((record) => JSON.stringify(record)).join("\n");
    const expected = [
      { line: 1, reason: "Differs from the history in outcome, note." },
      { line: 2, reason: "Differs from the history in outcome, case code, note." },
      { line: 3, reason: "Differs from the history in measurements." },
    ].filter(({ line }) => line !== 2 || second.note !== null || second.case_code !== null);
    const counts = { added: 0, present: 4, refused: 0, differing: expected.length };
    expect(await imported(b, file)).toEqual({ ...counts, taken: 0, refusals: [], differences: expected });
    expect(await exported(b)).toBe(text);
    const report = await imported(b, file, 60_000, true);
    expect(report).toMatchObject({ ...counts, taken: expected.length - 1 });
    const after = (await exported(b))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(after[0]).toEqual(edited[0]);
    expect(after[1]).toEqual(edited[1]);
    expect(after.slice(2)).toEqual(records.slice(2));
    const edits = await b.client.edit.findMany({ where: { predictionId: first.id } });
    expect(edits.map(({ field, before, after }) => [field, before, after]).sort()).toEqual([
      ["note", first.note, "edited in a spreadsheet"],
      [
        "outcome",
        first.outcome === null ? null : "malignant, confirmed on 2026-03-04",
        "benign, confirmed on 2026-02-01",
      ],
    ]);
    expect(await imported(b, file, 60_000, true)).toMatchObject({ differing: 1, taken: 0 });
  });

  it("give a prediction whose id does not tell its time another, and know it again", async () => {
    const record = JSON.parse((await exported(a)).split("\n")[0] ?? "");
    const ids = [randomUUID(), "00000000-0000-0000-0000-000000000000", record.id];
    const file = ids
      .map((id) => JSON.stringify({ ...record, id, created_at: "1999-12-31T12:00:00.000Z" }))
      .join("\n");
    await empty(b);
    expect(await imported(b, file)).toMatchObject({ added: 3, refused: 0 });
    const rows = await b.client.prediction.findMany();
    for (const { id, createdAt } of rows) {
      expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(createdAt.getTime());
    }
    expect(rows.map(({ idempotencyKey }) => idempotencyKey).sort()).toEqual(
      ids.map((id) => `imported ${id}`).sort(),
    );
    expect(await imported(b, file)).toMatchObject({ added: 0, present: 3, differing: 0 });
    const early = JSON.stringify({ ...record, created_at: "1969-12-31T12:00:00.000Z" });
    const late = JSON.stringify({ ...record, created_at: "9999-12-31T23:59:59.999-23:59" });
    expect((await imported(b, `${early}\n${late}`)).refusals).toEqual([
      { line: 1, reason: "created_at has to be in the years 1970 to 9999." },
      { line: 2, reason: "created_at has to be in the years 1970 to 9999." },
    ]);
  });

  it("refuse a probability that the model does not give for these values, and one that its terms do not give", async () => {
    const record = JSON.parse((await exported(a)).split("\n")[0] ?? "");
    await empty(b);
    const rounded = {
      ...record,
      smoothness_se: Number(record.smoothness_se.toFixed(2)),
      contributions: null,
    };
    const cut = { ...record, model_hash: null, probability: record.diagnosis === "M" ? 0.75 : 0.25 };
    const report = await imported(b, [rounded, cut].map((each) => JSON.stringify(each)).join("\n"));
    expect(report.refusals.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /^The probability is not what .* gives for these values: were they rounded or changed\?$/,
      ),
      "The probability is not what its base and contributions give.",
    ]);
  });

  it("save the good rows of a file and name the bad ones by line", async () => {
    const csv = (await exported(a, FILES.csv)).split(/(?<=[^"]\r\n)(?=[0-9a-f]{8}-)/);
    const [head = "", ...rows] = csv;
    expect(rows).toHaveLength(24);
    const plain = rows.filter((row) => row.split("\n").length === 2);
    const [one = "", two = "", three = "", four = "", five = "", six = ""] = plain;
    await empty(b);
    const report = await imported(
      b,
      [
        head,
        one,
        two.replace(/^[^,]+/, "17"),
        three.replace(/,(M|B),/, (_, word: string) => `,${word === "M" ? "B" : "M"},`),
        four.replace("\r\n", ",1\r\n"),
        five.replace(/^([^,]+),[^,]+/, "$1,yesterday"),
        '"quote" that, goes on\r\n',
        six,
      ].join(""),
    );
    expect(report).toMatchObject({ added: 2, present: 0, refused: 5 });
    expect(report.refusals.map(({ line }) => line).sort()).toEqual([3, 4, 5, 6, 7]);
    expect(report.refusals.find(({ line }) => line === 3)?.reason).toBe("id has to be a UUID.");
    expect(report.refusals.find(({ line }) => line === 4)?.reason).toMatch(/contradicts the label/);
    expect(report.refusals.find(({ line }) => line === 6)?.reason).toMatch(/^created_at has to be a time/);
  });

  it.each([
    ["", { refused: 0 }],
    ["\n\n", { refused: 0 }],
    [
      "id,diagnosis\n1,M\n",
      { refused: 1, refusals: [{ line: 1, reason: expect.stringMatching(/Missing: created_at/) }] },
    ],
    ["{}\n[1]\nnull\n", { refused: 3 }],
    [
      "[\n{}\n]",
      { refused: 1, refusals: [{ line: 1, reason: expect.stringMatching(/^This is a JSON array/) }] },
    ],
    ["{not json", { refused: 1, refusals: [{ line: 1, reason: "The line is not JSON." }] }],
    [
      new Uint8Array([0xff, 0xfe, 0x69, 0]),
      { refused: 1, refusals: [{ line: 1, reason: expect.stringMatching(/UTF-8/) }] },
    ],
  ])("say what is wrong with %j", async (content, expected) => {
    expect(await imported(b, content)).toMatchObject({ added: 0, present: 0, ...expected });
  });

  // What is read out of a file does not depend on where it is saved.
  it.runIf(isSqlite)("never throw, whatever the file", async () => {
    const head = (await exported(a, FILES.csv)).split("\r\n")[0] ?? "";
    const line = (await exported(a)).split("\n")[0] ?? "";
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(head, line, '"', ",", "\r\n", "\n", "{", "}", "\0", "\ufeff", "null", ",".repeat(80)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        // What the import's thread reads a file with.
        const bytes = new TextEncoder().encode(parts.join(""));
        for await (const { line, prediction } of readPredictions(inPieces(bytes, 7))) {
          expect(line).toBeGreaterThan(0);
          if (!prediction.ok) expect(prediction.error).toMatch(/\.$/);
        }
      }),
      { numRuns: isBrief ? 100 : 1_000 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const { added, present, refused } = await imported(b, parts.join(""), 7);
        expect(added + present + refused).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: isBrief ? 5 : 30 },
    );
  });

  it("end a quote that never closes, and go on after it in JSON", async () => {
    const csv = await exported(a, FILES.csv);
    const head = csv.split("\r\n")[0];
    const report = await imported(b, `${head}\r\n"${"x".repeat(2_500_000)}`);
    expect(report.refused).toBeGreaterThan(0);
    const long = await imported(b, `{"a":"${"x".repeat(2_500_000)}"}\n{}\n`);
    expect(long.refusals.map(({ line }) => line)).toEqual([1, 2]);
  });

  it("keep numbers to the last bit, and a row predicted again gives the same probability", async () => {
    const records = (await exported(a, FILES.csv)).split(/(?<=[^"]\r\n)(?=[0-9a-f]{8}-)/);
    let compared = 0;
    for (const saved of await a.client.prediction.findMany()) {
      const record = records.find((candidate) => candidate.startsWith(saved.id)) ?? "";
      // The last columns, behind a note that may hold commas.
      const reading = readMeasurements(record.trimEnd().split(",").slice(-FEATURE_KEYS.length).join("\t"));
      const only = reading.kind === "read" ? reading.way.cases[0] : undefined;
      if (only?.ok !== true) throw new Error(JSON.stringify(reading));
      const values = only.value;
      expect(values).toEqual(FEATURE_KEYS.map((key) => saved[key]));
      const again = await a.inference().predict([values]);
      expect(again.ok && again.value.predictions[0]?.probability).toBe(saved.probability);
      compared++;
    }
    expect(compared).toBe(24);
  });

  it("leave out what is deleted, and hold only what is asked for", async () => {
    use(a);
    const { readExport } = await import("./export");
    const [one, two] = await a.client.prediction.findMany({ take: 2, orderBy: { id: "asc" } });
    if (one === undefined || two === undefined) throw new Error("no rows");
    await a.client.prediction.update({ where: { id: one.id }, data: { deletedAt: new Date() } });
    const asked = readExport(new URLSearchParams({ format: "jsonl", ids: `${one.id},${two.id}` }));
    if (!asked.ok) throw new Error(asked.error);
    const text = await textOf(a.exportPredictions(asked.value.where, asked.value.file));
    expect(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual([two.id]);
    await a.client.prediction.update({ where: { id: one.id }, data: { deletedAt: null } });
  });

  it("keep whole batches of a file that breaks off, and take the rest when it is sent again", async () => {
    const source = (await exported(a)).split("\n")[0] ?? "";
    await empty(b);
    const lines = Array.from({ length: 2_500 }, () =>
      source.replace(/^\{"id":"[^"]+"/, `{"id":"${randomUUID()}"`),
    );
    const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
    async function* breakingOff() {
      yield* inPieces(bytes.subarray(0, Math.round(bytes.length * 0.6)), 60_000);
      // The thread has read what it was given, and waits for more.
      await vi.waitFor(async () => expect(await b.client.prediction.count()).toBe(1_000), 10_000);
      throw new Error("the connection is gone");
    }
    use(b);
    const broken = await b.importPredictions(breakingOff(), { take: false });
    expect(broken).toMatchObject({
      error: { code: "not_saved", cause: { message: "the connection is gone" } },
    });
    expect(await b.client.prediction.count()).toBe(1_000);
    expect(await imported(b, bytes)).toMatchObject({ added: 1_500, present: 1_000, refused: 0 });
  });

  it("say so where the thread fails, and keep nothing of its batch", async () => {
    const text = await exported(a);
    await empty(b);
    use(b);
    await b.client.$executeRawUnsafe("ALTER TABLE annotation RENAME TO elsewhere");
    const failed = await b.importPredictions(inPieces(new TextEncoder().encode(text), 500), { take: false });
    expect(failed).toMatchObject({
      error: { code: "not_saved", cause: { message: expect.stringContaining("annotation") } },
    });
    await b.client.$executeRawUnsafe("ALTER TABLE elsewhere RENAME TO annotation");
    expect(await b.client.prediction.count()).toBe(0);
    expect(await imported(b, text)).toMatchObject({ added: 24, refused: 0 });
  });

  it("read no further when the reader goes away", async () => {
    use(a);
    const source = (await exported(a)).split("\n")[0] ?? "";
    await empty(b);
    const many = Array.from({ length: 2_000 }, () => {
      return source.replace(/^\{"id":"[^"]+"/, `{"id":"${randomUUID()}"`);
    });
    await imported(b, many.join("\n"));
    use(b);
    const threads = () => process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length;
    const before = threads();
    for await (const piece of b.exportPredictions(b.Prisma.sql`deleted_at IS NULL`, FILES.jsonl)) {
      expect(piece.length).toBeGreaterThan(0);
      expect(threads()).toBeGreaterThan(before);
      break;
    }
    // Another test's thread that was idle may have ended meanwhile.
    expect(threads()).toBeLessThanOrEqual(before);
    // Others have had their turn between any two pieces.
    let turns = 0;
    let going = true;
    const turn = () => {
      turns++;
      if (going) setImmediate(turn);
    };
    setImmediate(turn);
    const whole = await exported(b);
    going = false;
    expect(turns).toBeGreaterThanOrEqual(2_000 / 250);
    expect(whole.trim().split("\n")).toHaveLength(2_000);
    const ids = whole
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(ids.toSorted().toReversed());
  });
});
