import { describe, expect, it } from "vitest";
import { NOT_WRITTEN } from "../../tables/current";
import { countNotWritten, todo } from "../../tables/table";
import { tableFile } from "../../tables/table-file";
import { type Draft, describeFile, type Options } from "./describe-file";
import { folderOf, isPersons, SAMPLE_KEYS, withNewColumns } from "./folder";
import { todosIn } from "./not-written";
import { chooseSamples, divideIntoFolds, firstSamples, middleSamples } from "./samples";

const OPTIONS: Options = {
  ...{ label: "y", positive: undefined, name: "trial", drop: [], keep: [], category: [], zeroMissing: [] },
  groups: [],
};
const rows = Array.from({ length: 80 }, (_, row) => [
  row % 2 === 0 ? "yes" : "no",
  row % 9 === 0 ? "" : String((row * 7) % 31),
  ["red", "blue", "red"][row % 3] as string,
]);
const drafted = describeFile({ headers: ["y", "Size (mm)", "hue"], rows, hasDecimalComma: false }, OPTIONS);
const draft = drafted.draft as Draft;
const folder = folderOf(draft, {
  options: OPTIONS,
  level: 0.9,
  threshold: 0.5,
  samples: firstSamples(draft),
});

describe("a table's folder", () => {
  it("has the rows in the table's order, with keys for headers", () => {
    expect(folder["data.csv"]?.split("\n").slice(0, 3)).toEqual(["y,size_mm,hue", "yes,,red", "no,7,blue"]);
  });

  it("says in table.json what it was adopted with", () => {
    const table = JSON.parse(folder["table.json"] as string);
    expect(tableFile.shape.columns.parse(table.columns)).toEqual(table.columns);
    expect(tableFile.shape.adopted.parse(table.adopted)).toMatchObject({ headers: { size_mm: "Size (mm)" } });
    expect(table).toMatchObject({
      name: "trial",
      rows: 80,
      label: "y",
      classes: { positive: "yes", negative: "no" },
    });
    expect(table.samples).toEqual([
      { key: "positive", row: 0, values: [null, 0] },
      { key: "negative", row: 1, values: [7, 1] },
    ]);
  });

  it("asks for what only a person knows, and for nothing that the file says", () => {
    const questions = Object.entries(folder).flatMap(([file, text]) =>
      file.endsWith(".ts") ? todosIn(text, file).map(({ question }) => question) : [],
    );
    expect(questions).toEqual([
      "where is the data from, and under which licence?",
      "what is it meant for?",
      "what is it not meant for?",
      "where is the data from, and under which licence?",
      "whom does the data speak for, and whom not?",
    ]);
    expect(folder["words.ts"]).toContain('yes: { word: "y", shape: "▲" }');
    expect(folder["words.ts"]).toContain('size_mm: { label: "Size", unit: "mm", alias: "Size (mm)" }');
    expect(folder["words.ts"]).toContain("notice: null");
  });

  it("leaves words, rules, card and drawing to a person", () => {
    expect(Object.keys(folder).filter(isPersons).toSorted()).toEqual([
      ...["README.md", "card.ts", "drawing.ts", "rules.ts", "words.ts"],
    ]);
  });

  it("gets a line for each new column in the words that there are", () => {
    const words = folder["words.ts"] as string;
    expect(withNewColumns(words, draft, ["hue", "size_mm"])).toBe(words);
    const without = words.replace(/ {4}hue: .*\n/, "");
    const named = ["size_mm", "no_longer_there"];
    expect(withNewColumns(without, draft, named)).toContain('  columns: {\n    hue: { label: "Hue" },\n');
    expect(withNewColumns(without.replace("  columns: {", "  columns: all({"), draft, named)).toBeNull();
  });
});

describe("samples", () => {
  it("are a clear case of each class, one near the cut-off, and a missed one", () => {
    const heldOut = draft.truths.map((code, row) => (code === "yes" ? 0.6 + row / 250 : 0.4 - row / 250));
    heldOut[4] = 0.01;
    // The clearest of all, but its size is the largest, and a caution would stand beside its answer.
    heldOut[22] = 0.999;
    expect(draft.cells[22]?.[0]).toBe("30");
    const samples = chooseSamples(draft, heldOut, 0.5);
    expect(samples.map(({ key, row }) => [key, row])).toEqual([
      ["positive", 78],
      ["negative", 79],
      // The nearest to it that lacks a value.
      ["borderline", 0],
      ["hard", 4],
    ]);
    expect(samples.map(({ key }) => key)).toEqual(SAMPLE_KEYS);
  });

  it("have no missed one where nothing was missed", () => {
    const heldOut = draft.truths.map((code) => (code === "yes" ? 0.9 : 0.1));
    expect(chooseSamples(draft, heldOut, 0.5).map(({ key }) => key)).toEqual([
      "positive",
      "negative",
      "borderline",
    ]);
  });

  it("are middle values where no row may be shown", () => {
    for (const { row, values } of middleSamples(draft)) {
      expect(row).toBe(-1);
      expect(values[1]).toBe(0);
      expect(values[0]).toBeGreaterThan(5);
      expect(values[0]).toBeLessThan(25);
    }
  });
});

it("divides rows into folds that hold each once, with equal rows together and each class spread", () => {
  const twice = {
    ...draft,
    cells: [...draft.cells, ...draft.cells],
    truths: [...draft.truths, ...draft.truths],
  };
  const { repeats, splits, test_rows } = divideIntoFolds(twice);
  expect([repeats, splits, test_rows.length]).toEqual([5, 10, 50]);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const folds = test_rows.slice(10 * repeat, 10 * repeat + 10);
    expect(folds.flat().toSorted((a, b) => a - b)).toEqual([...twice.truths.keys()]);
    for (const fold of folds) {
      for (const row of fold) expect(fold).toContain((row + 80) % 160);
      const positives = fold.filter((row) => twice.truths[row] === "yes").length;
      expect(positives).toBeGreaterThan(3);
      // The largest set of equal rows alone has ten.
      expect(positives).toBeLessThan(20);
    }
  }
  expect(divideIntoFolds(twice)).toEqual({ repeats, splits, test_rows });
});

it("counts texts that are not written yet, and finds them with their lines", () => {
  expect(todo("why?")).toBe(NOT_WRITTEN);
  expect(
    countNotWritten({ a: todo("why?"), b: ["x", todo("who?")], c: null, d: () => "" }, todo("where?")),
  ).toBe(3);
  expect(todosIn('const a = 1;\n// todo("never")\nb: todo("say \\"what\\""),', "t/words.ts")).toEqual([
    { place: "t/words.ts:3", question: 'say \\"what\\"' },
  ]);
});
