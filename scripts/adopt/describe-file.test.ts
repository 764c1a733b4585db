import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BATCH_SORTS } from "../../lib/batch/query";
import { filterParameters } from "../../lib/history/filters";
import { SORT_KEYS } from "../../lib/history/query";
import { FILE_COLUMNS } from "../../lib/prediction/columns";
import { FEATURE_KEYS } from "../../tables/current";
import { type Description, describeFile, MOST_ROWS, type Options, TAKEN_KEYS } from "./describe-file";
import { readTable } from "./read-table";

const OPTIONS: Options = {
  ...{ label: "y", positive: undefined, name: "t" },
  ...{ groups: [], zeroMissing: [], category: [], drop: [], keep: [] },
};

type Cells = (row: number) => string | number;
type Given = Partial<Omit<Options, "label">> & { rows?: number; label?: (row: number) => string };

/** A file with these columns beside a number `a` that tells little, and with a label that is yes in every other row. */
function describeColumns(columns: Record<string, Cells>, given: Given = {}): Description {
  const { rows = 300, label = (row: number) => (row % 2 === 0 ? "yes" : "no"), ...options } = given;
  const all: Record<string, Cells> = { y: label, a: (row) => ((row * 7) % 101) + 0.5, ...columns };
  const lines = Array.from({ length: rows }, (_, row) => Object.values(all).map((of) => of(row)));
  const raw = readTable(Buffer.from([Object.keys(all), ...lines].map((line) => line.join(",")).join("\n")));
  if (!raw.ok) throw new Error(raw.error);
  return describeFile(raw.value, { ...OPTIONS, ...options });
}

const typesOf = ({ draft }: Description) => draft?.columns.map(({ key, type }) => `${key} ${type}`);

describe("refuses, and says what to do", () => {
  const labels: [string, (row: number) => string, RegExp][] = [
    [
      "a label of three codes",
      (row) => "abc"[row % 3] as string,
      /has 3 codes, .*a \(100\), b \(100\), c \(100\)\. Give a file/,
    ],
    ["a label of one code", () => "yes", /has 1 codes, and two are needed: yes \(300\)/],
    [
      "a class of few rows",
      (row) => (row < 19 ? "yes" : "no"),
      /"yes" has 19 rows, and each class of "y" needs 20/,
    ],
    [
      "codes of which none says yes",
      (row) => "ab"[row % 2] as string,
      /Give --positive a or --positive b: there are a \(150\) and b \(150\)/,
    ],
    [
      "a code that an answer has",
      (row) => (row % 2 ? "uncertain" : "yes"),
      /"uncertain", which cannot be kept/,
    ],
  ];
  it.each(labels)("%s", (_, label, said) => {
    const found = describeColumns({}, { label: label });
    expect(found.refusals.join("\n")).toMatch(said);
    expect(found.draft).toBeNull();
  });

  const columns: [string, (row: number) => string | number, RegExp][] = [
    [
      "a number that gives the label away",
      (row) => (row % 2 === 0 ? 5 : 1) + row / 1000 - (row % 7) / 100,
      /"x" alone gives the outcome away \(AUC 1\.000\).*--drop x; .*--keep x/,
    ],
    [
      "a text that gives the label away",
      (row) => (row % 2 === 0 ? "in" : "out"),
      /"x" alone gives the outcome away/,
    ],
    [
      "a column that is missing in one class only",
      (row) => (row % 2 === 0 ? "" : row % 9),
      /"x" alone gives the outcome away/,
    ],
    [
      "text of more than 60 levels",
      (row) => `code ${row % 61}`,
      /"x" has 61 different texts in 300 rows: an identifier or free text.*--drop x/,
    ],
    ["more levels than a tenth of the rows", (row) => `code ${row % 31}`, /"x" has 31 different texts/],
    [
      "whole numbers that count the rows",
      (row) => row + 1000,
      /"x" counts the rows: an identifier.*--drop x, .*--keep x/,
    ],
    [
      "a slip among numbers",
      (row) => (row === 7 ? "12O" : row % 90),
      /"x" is numbers apart from "12O" in row 8/,
    ],
    [
      "a text beside empty cells",
      (row) => (row % 3 === 0 ? "seen" : ""),
      /"x" is "seen" or empty\. Write yes and no/,
    ],
  ];
  it.each(columns)("%s", (_, x, said) => {
    const found = describeColumns({ x });
    expect(found.refusals.join("\n")).toMatch(said);
    expect(found.draft).toBeNull();
    expect(describeColumns({ x }, { drop: ["x"] }).draft?.columns).toHaveLength(1);
  });

  it.each(["name", "First Name", "e-mail", "birth_date", "SSN", "patientName"])(
    "a header that looks personal: %s",
    (header) => {
      const found = describeColumns({ [header]: (row) => (row * 3) % 17 });
      expect(found.refusals.join("\n")).toContain(`"${header}" looks like what tells who somebody is`);
      expect(describeColumns({ [header]: (row) => (row * 3) % 17 }, { keep: [header] }).refusals).toEqual([]);
    },
  );

  it("more than a hundred columns", () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`x${i}`, (row: number) => (row * (i + 3)) % 103]),
    );
    expect(describeColumns(many).refusals).toEqual([
      "There are 101 columns, more than 100. Leave some out with --drop.",
    ]);
  });

  it("a column that is not there, a pattern that fits none, and a file with nothing but the label", () => {
    expect(describeColumns({}, { drop: ["z"] }).refusals.join()).toContain(
      'has no column "z". Its columns are "y", "a"',
    );
    expect(describeColumns({}, { groups: [["mean", "*_mean"]] }).refusals.join()).toContain("fits no column");
    expect(describeColumns({}, { drop: ["a"] }).refusals.join()).toContain("No column is left");
    const raw = { headers: ["a"], rows: [["1"]], hasDecimalComma: false };
    expect(describeFile(raw, OPTIONS).refusals.join()).toContain('no column "y" for --label');
  });

  it("what gives the label away only until it is kept", () => {
    const x = (row: number) => (row % 2 === 0 ? 1 : 0);
    expect(describeColumns({ x }, { keep: ["x"] }).draft?.columns).toHaveLength(2);
  });
});

describe("reports", () => {
  const reports: [string, Record<string, (row: number) => string | number>, Given, RegExp][] = [
    ["a constant column, which it drops", { x: () => 3 }, {}, /"x" is 3 in every row; it is dropped/],
    ["an empty column, which it drops", { x: () => "" }, {}, /"x" is empty; it is dropped/],
    [
      "zeros well apart, which it keeps",
      { x: (row) => (row % 10 === 0 ? 0 : 50 + (row % 40)) },
      {},
      /"x" is 0 in 30 of 300 rows.*--zero-missing x/,
    ],
    [
      "whole numbers of few values, which stay numbers",
      { x: (row) => row % 5 },
      {},
      /"x" has 5 whole numbers and is taken as a number.*--category x/,
    ],
    ["equal rows", { x: (row) => row % 4 }, { rows: 808 }, /404 rows repeat the values of another/],
    ["few rows", {}, { rows: 120 }, /120 rows are few/],
    [
      "few rows of the rarer class a column",
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`x${i}`, (row: number) => ((row * (i + 2)) % 89) + 0.5]),
      ),
      {},
      /The rarer class has 150 rows for 21 columns, fewer than 10 each/,
    ],
  ];
  it.each(reports)("%s", (_, columns, options, said) => {
    const found = describeColumns(columns, options);
    expect(found.refusals).toEqual([]);
    expect(found.notes.join("\n")).toMatch(said);
  });

  it("nothing of a column that is as it should be", () => {
    expect(describeColumns({ x: (row) => ((row * 11) % 83) + 0.25 }).notes).toEqual([]);
  });

  it("rows without a label, which it leaves out", () => {
    const label = (row: number) => (row === 5 ? "" : row % 2 ? "yes" : "no");
    const found = describeColumns({}, { label });
    expect(found.notes).toContain('1 rows have no "y"; they are left out.');
    expect(found.draft?.truths).toHaveLength(299);
  });

  it("more than 50,000 rows, of which it takes as many of each class as there are", () => {
    const found = describeColumns({}, { rows: 60_000, label: (row: number) => (row % 3 ? "yes" : "no") });
    expect(found.notes.join()).toContain("Of 60000 rows the model learns from");
    const { truths = [] } = found.draft ?? {};
    expect(truths.length).toBeLessThanOrEqual(MOST_ROWS);
    expect(truths.length).toBeGreaterThan(MOST_ROWS - 2);
    expect(truths.filter((code) => code === "yes").length / truths.length).toBeCloseTo(2 / 3, 3);
  });
});

describe("columns", () => {
  it("are numbers, categories and yes-no, with what is missing", () => {
    const found = describeColumns({
      n: (row) => (row % 10 === 0 ? "NA" : (row % 23) - 3),
      c: (row) => ["red", "green", "green", "blue"][row % 4] as string,
      b: (row) => (row % 3 === 0 ? "Yes" : "No"),
      t: (row) => (row % 7 === 0 ? "?" : row % 5 === 0 ? "true" : "false"),
    });
    expect(typesOf(found)).toEqual(["a number", "n number", "c category", "b yes-no", "t yes-no"]);
    const [a, n, c, b, t] = found.draft?.columns ?? [];
    expect(a).toMatchObject({ least: 0, range: { min: 0.5, max: 100.5 } });
    expect(n).toMatchObject({ missing: 0.1, range: { min: -3, max: 19 } });
    expect(n).not.toHaveProperty("least");
    expect(c?.levels).toEqual(["green", "blue", "red"]);
    expect([b?.levels, t?.levels]).toEqual([
      ["No", "Yes"],
      ["false", "true"],
    ]);
    expect(t?.missing).toBeCloseTo(43 / 300, 4);
  });

  it("have 0 for missing, and numbers as codes, where that is asked for", () => {
    const found = describeColumns(
      { z: (row) => (row % 5 === 0 ? 0 : 50 + (row % 40)), k: (row) => row % 3 },
      { zeroMissing: ["z"], category: ["k"] },
    );
    expect(found.draft?.columns.slice(1)).toMatchObject([
      { key: "z", type: "number", missing: 0.2, range: { min: 51 } },
      { key: "k", type: "category", levels: ["0", "1", "2"] },
    ]);
    expect(found.draft?.cells[0]).toEqual(["0.5", "", "0"]);
  });

  it("have keys that programs can use, each once, and none that files of predictions have", () => {
    const value = (row: number) => ((row * 5) % 71) + 0.5;
    const found = describeColumns({
      ...{
        "Bill length (mm)": value,
        "bill-length mm": value,
        "2nd": value,
        probability: value,
        bodyMass: value,
        Größe: value,
      },
    });
    expect(found.draft?.columns.map(({ key }) => key)).toEqual([
      ...["a", "bill_length_mm", "bill_length_mm_2", "column_2nd", "probability_value", "body_mass", "gro_e"],
    ]);
    expect(TAKEN_KEYS).toEqual(expect.arrayContaining(FILE_COLUMNS.map(({ name }) => name)));
    const said = Object.keys(filterParameters).filter((name) => FEATURE_KEYS.every((key) => key !== name));
    const sorted = [...SORT_KEYS, ...BATCH_SORTS].filter((name) => FEATURE_KEYS.every((key) => key !== name));
    expect(TAKEN_KEYS).toEqual(expect.arrayContaining([...said, ...sorted, "group", "order", "user"]));
  });

  it("are a grid where each property is in each group, by suffix or by pattern", () => {
    const value = (k: number) => (row: number) => ((row * k) % 71) + 0.5;
    const grid = { u_mean: value(3), v_mean: value(5), u_max: value(7), v_max: value(9) };
    const found = describeColumns(grid, { drop: ["a"] });
    expect(found.draft?.columns.map(({ group, property }) => `${group} ${property}`)).toEqual([
      ...["mean u", "mean v", "max u", "max v"],
    ]);
    expect(describeColumns(grid).draft?.columns.some(({ group }) => group !== undefined)).toBe(false);
    const asked = describeColumns(grid, { groups: [["middle", "*_mean"]] });
    expect(asked.draft?.columns.map(({ group, property }) => [group, property])).toEqual([
      [undefined, undefined],
      ["middle", undefined],
      ["middle", undefined],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it("of the present table are found as its table.json has them", () => {
    const raw = readTable(readFileSync("tables/wdbc/data.csv"));
    if (!raw.ok) throw new Error(raw.error);
    const { draft } = describeFile(raw.value, { ...OPTIONS, label: "diagnosis", positive: "M" });
    const { columns } = JSON.parse(readFileSync("tables/wdbc/table.json", "utf8"));
    expect(draft?.columns.map(({ header: _, ...column }) => column)).toEqual(columns);
  });
});

it("takes whatever stands in the cells", () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom("", "1", "yes", "no", "1,5", "-3e5", "__proto__", "constructor"),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 60 }), (pairs) => {
      const rows = pairs.map(([a, b], row) => [row % 2 === 0 ? "yes" : "no", a.trim(), b.trim()]);
      const found = describeFile({ headers: ["y", "u", "v"], rows, hasDecimalComma: false }, OPTIONS);
      expect(found.draft === null).toBe(found.refusals.length > 0);
      for (const row of found.draft?.cells ?? []) expect(row).toHaveLength(found.draft?.columns.length ?? -1);
    }),
  );
});

it("leaves levels where they were when a table is adopted again, new ones last", () => {
  const columns = { k: (row: number) => ["red", "blue", "new", "new"][row % 4] as string, b: () => "" };
  const levels = { k: ["gone", "blue", "red"] };
  expect(describeColumns(columns, { levels }).draft?.columns[1]?.levels).toEqual([
    ...["gone", "blue", "red", "new"],
  ]);
  const asked = { k: (row: number) => ["yes", "no"][Math.floor(row / 3) % 2] as string };
  const maybe = describeColumns(asked, { levels: { k: ["yes", "maybe", "no"] } }).draft?.columns[1];
  expect(maybe).toMatchObject({ type: "category", levels: ["yes", "maybe", "no"] });
});
