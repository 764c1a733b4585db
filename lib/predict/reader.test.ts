import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBrief } from "@/test/brief";
import { parseDataset } from "../../model/dataset";
import { FEATURE_KEYS, FEATURES, GROUPS, PROPERTIES } from "../../tables/current";
import { readMeasurements } from "./reader";

const ROWS = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8")).features;
const [malignant = [], other = []] = ROWS;

/** The values of the only way, case by case; null where it asks or refuses. */
function read(text: string) {
  const reading = readMeasurements(text);
  return reading.kind === "read"
    ? reading.way.cases.map((values) => (values.ok ? values.value : values.error))
    : null;
}

const comma = (text: string) => text.replace(".", ",");
/** 1234.5 as "1,234.5". */
const grouped = (value: number, sign: string) => {
  const [integer = "", fraction] = String(value).split(".");
  return integer.replace(/\B(?=(\d{3})+$)/g, sign) + (fraction === undefined ? "" : `.${fraction}`);
};
const german = (value: number) => grouped(value, "'").replace(".", ",").replace("'", ".");
const texts = (row: readonly number[], write: (value: number) => string = String) => row.map(write);

const SKLEARN = FEATURES.map(({ property, group }) => {
  const name = property?.replace("_", " ");
  return group === "se" ? `${name} error` : `${group} ${name}`;
});
const KAGGLE = FEATURES.map(({ alias }) => alias);
const UCI = FEATURES.map(
  ({ property, group }) => `${property}${{ mean: 1, se: 2, worst: 3 }[group as "mean" | "se" | "worst"]}`,
);
const R = KAGGLE.map((name) =>
  name.replace("fractal_dimension", "fractal_dim").replace("concave points", "concave_pts"),
);
const LABELS = FEATURES.map(({ label }) => label);

const block = (row: readonly string[]) =>
  PROPERTIES.map(({ key }) =>
    FEATURES.filter(({ property }) => property === key).map(({ index }) => row[index] ?? ""),
  );
const turned = (row: readonly string[]) =>
  GROUPS.map(({ key }) => FEATURES.filter(({ group }) => group === key).map(({ index }) => row[index] ?? ""));
const lines = (cells: readonly (readonly string[])[], separator: string) =>
  cells.map((line) => line.join(separator)).join("\r\n");
const pairs = (names: readonly string[], separator: string, row: readonly string[]) =>
  names.map((name, index) => `${name}${separator}${row[index]}`).join("\n");
const record = (names: readonly string[], row: readonly number[]) =>
  Object.fromEntries(names.map((name, index) => [name, row[index]]));
/** As NumPy prints an array. */
const wrapped = (row: readonly string[]) =>
  row.reduce(
    (text, value, index) => text + (index === 0 ? "" : index % 6 === 0 ? ",\n       " : ", ") + value,
    "",
  );
const series = (row: readonly number[]) =>
  pairs(
    SKLEARN.map((name) => name.padEnd(27)),
    "",
    texts(row, (value) => value.toFixed(6).padStart(11)),
  );

/** Every layout that has to be read, each with what it does to a row; to six digits where a program prints no more. */
const LAYOUTS: Record<string, (row: readonly number[]) => string> = {
  commas: (row) => row.join(),
  "commas and spaces": (row) => row.join(", "),
  tabs: (row) => row.join("\t"),
  semicolons: (row) => row.join(";"),
  spaces: (row) => row.join(" "),
  "upright lines": (row) => row.join(" | "),
  "a Markdown table": (row) =>
    `| ${LABELS.join(" | ")} |\n|${LABELS.map(() => "---").join("|")}|\n| ${row.join(" | ")} |`,
  "quoted cells": (row) => texts(row, (value) => `"${value}"`).join(),
  "blank lines around": (row) => `\uFEFF\r\n \n${row.join("\t")}\r\n\n`,
  "a Python list": (row) => `[${row.join(", ")}]`,
  "a Python tuple given to a name": (row) => `x = (${row.join(", ")},)`,
  "a list in a list": (row) => `[[${row.join(", ")}]]`,
  "NumPy scalars": (row) => `[${texts(row, (value) => `np.float64(${value})`).join(", ")}]`,
  "a NumPy array over several lines": (row) =>
    `array([${wrapped(texts(row, (value) => value.toExponential()))}])`,
  "a NumPy array with a type": (row) => `np.array([${wrapped(texts(row))}], dtype=float64)`,
  "a NumPy array without commas": (row) =>
    `[${texts(row, (value) => (Number.isInteger(value) ? `${value}.` : String(value))).join(" ")}]`,
  "a tensor": (row) => `tensor([[${row.join(", ")}]])`,
  "an R vector": (row) => `x <- c(${row.join(", ")})`,
  "a named R vector": (row) => `c(${pairs(FEATURE_KEYS, " = ", texts(row)).replaceAll("\n", ", ")})`,
  "an R vector as printed": (row) => `[1] ${row.slice(0, 15).join("  ")}\n[16] ${row.slice(15).join("  ")}`,
  "a MATLAB matrix": (row) => `x = [${row.join(" ")}];`,
  "17 digits": (row) => texts(row, (value) => value.toPrecision(17)).join(),
  "19 digits, as numpy.savetxt writes": (row) => texts(row, (value) => value.toExponential(18)).join(" "),
  "an id in front": (row) => `842302,${row.join()}`,
  "an id and a class in front": (row) => `842302,M,${row.join()}`,
  "a class in front": (row) => `B\t${row.join("\t")}`,
  "a class in words behind": (row) => `${row.join()},malignant`,
  "an empty column behind": (row) => `842302,M,${row.join()},`,
  "a target behind: scikit-learn": (row) => `${row.join()},0`,
  "a class in quotes behind: OpenML": (row) => `${row.join()},'2'`,
  "a target in front": (row) => `1,${row.join()}`,
  "decimal commas between tabs": (row) => texts(row).map(comma).join("\t"),
  "decimal commas between semicolons": (row) => texts(row).map(comma).join(";"),
  "decimal commas between spaces": (row) => texts(row).map(comma).join(" "),
  "decimal commas and a comma with a space": (row) => texts(row).map(comma).join(", "),
  "quoted decimal commas": (row) =>
    texts(row)
      .map((text) => `"${comma(text)}"`)
      .join(),
  "a German spreadsheet": (row) => texts(row, german).join("\t"),
  "an American spreadsheet": (row) => texts(row, (value) => grouped(value, ",")).join("\t"),
  "American, quoted": (row) => texts(row, (value) => `"${grouped(value, ",")}"`).join(),
  "a Swiss spreadsheet": (row) => texts(row, (value) => grouped(value, "'")).join("\t"),
  "a French spreadsheet": (row) => texts(row, (value) => comma(grouped(value, "\u202f"))).join(";"),
  "spaces between thousands": (row) => texts(row, (value) => grouped(value, " ")).join("\t"),
  "10 lines of 3": (row) => lines(block(texts(row)), "\t"),
  "10 lines of 3, decimal commas": (row) => lines(block(texts(row).map(comma)), "\t"),
  "10 lines of 3 between commas": (row) => lines(block(texts(row)), ","),
  "10 named lines of 3": (row) =>
    block(texts(row))
      .map((cells, index) => [PROPERTIES[index]?.label, ...cells].join("\t"))
      .join("\n"),
  "10 named lines in another order, groups too": (row) =>
    [
      ["", "Worst", "Mean", "SE"],
      ...block(texts(row))
        .map(([mean, se, worst], index) => [PROPERTIES[index]?.label, worst, mean, se])
        .reverse(),
    ]
      .map((cells) => cells.join("\t"))
      .join("\n"),
  "10 lines of 3 below their names": (row) =>
    `Worst\tMean\tSE\n${block(texts(row))
      .map(([mean, se, worst]) => [worst, mean, se].join("\t"))
      .join("\n")}`,
  "3 lines of 10": (row) => lines(turned(texts(row)), "\t"),
  "3 named lines of 10": (row) =>
    [
      PROPERTIES.map(({ label }) => label),
      ...turned(texts(row)).map((cells, index) => [GROUPS[index]?.label, ...cells]),
    ]
      .map((cells) => cells.join(";"))
      .join("\n"),
  "a NumPy block of 10 x 3": (row) =>
    `[[${block(texts(row))
      .map((cells) => cells.join(" "))
      .join("]\n [")}]]`,
  "30 lines": (row) => row.join("\n"),
  "30 numbered lines": (row) => row.map((value, index) => `${index}\t${value}`).join("\n"),
  "names and a row: Kaggle": (row) =>
    `"id","diagnosis",${KAGGLE.map((name) => `"${name}"`).join()},\n842302,M,${row.join()}`,
  "names and a row: scikit-learn": (row) => `${SKLEARN.join()},target\n${row.join()},0`,
  "names and a row: ucimlrepo": (row) => `${UCI.join("\t")}\n${row.join("\t")}`,
  "names and a row: R": (row) => `${R.join()}\n${row.join()}`,
  "names and a row in another order, decimal commas": (row) =>
    `${FEATURE_KEYS.toReversed().join(";")}\n${texts(row).map(comma).reverse().join(";")}`,
  "labels and a row": (row) => `${LABELS.join("\t")}\n${row.join("\t")}`,
  "name, tab, value": (row) => pairs(FEATURE_KEYS, "\t", texts(row)),
  "name, tab, value: a German spreadsheet": (row) => pairs(LABELS, "\t", texts(row, german)),
  "name: value": (row) => pairs(SKLEARN, ": ", texts(row)),
  "name = value": (row) => pairs(R, " = ", texts(row)),
  "name,value": (row) => pairs(KAGGLE, ",", texts(row)),
  "label and value": (row) => pairs(LABELS, " ", texts(row)),
  "a pandas series": (row) => `${series(row)}\nName: 0, dtype: float64`,
  "a JSON array": (row) => JSON.stringify(row),
  "a JSON object in another order": (row) =>
    JSON.stringify(record(FEATURE_KEYS.toReversed(), row.toReversed())),
  "a JSON object, indented, with an id": (row) =>
    JSON.stringify({ id: 842302, diagnosis: "M", ...record(SKLEARN, row) }, null, 2),
  "a Python dict": (row) => JSON.stringify(record(KAGGLE, row)).replaceAll('"', "'"),
  "a pandas dict of lists": (row) => JSON.stringify(record(KAGGLE, row)).replace(/:([\d.e-]+)/g, ":[$1]"),
  "a pandas dict of records": (row) =>
    JSON.stringify(record(KAGGLE, row)).replace(/:([\d.e-]+)/g, ':{"0":$1}'),
  "pandas, split": (row) => JSON.stringify({ columns: SKLEARN, index: [0], data: [row] }),
  instances: (row) => JSON.stringify({ instances: [{ features: row }] }),
  "named instances": (row) => JSON.stringify({ instances: [record(FEATURE_KEYS, row)] }),
  "data as text": (row) => JSON.stringify({ data: row.join() }),
};

/** The rows that each layout is tried with: all, or in brief another quarter for each. */
const BY_LAYOUT = Object.entries(LAYOUTS).map(
  ([name, write], at) => [name, write, ROWS.filter((_, row) => !isBrief || (row + at) % 4 === 0)] as const,
);

describe.each(BY_LAYOUT)("%s", (name, write, rows) => {
  it("gives every row of the dataset as it is", () => {
    const digits = name === "a pandas series" ? 6 : 20;
    for (const row of rows) {
      expect(read(write(row))).toEqual([
        digits === 20 ? row : row.map((value) => Number(value.toFixed(digits))),
      ]);
    }
  });
});

/** Where a layout writes numbers that are parted themselves, these are whole. */
const WHOLE: Record<string, RegExp> = {
  ...Object.fromEntries(
    Object.keys(LAYOUTS)
      .filter((layout) => /decimal comma|spreadsheet|American/.test(layout))
      .map((layout) => [layout, /\d+(?:[.,'\u202f]\d+)*|[^\s,;"]+/g]),
  ),
  "spaces between thousands": /\d+(?:[. ]\d+)*/g,
};
const WORD = /[^\s,;|[\](){}:="']+/g;

/** A row's text without one of its words or numbers, with or without what parts it from the next; or with one of them twice. */
function corrupt(
  row: readonly number[],
  layout: string,
  place: number,
  how: "empty" | "gone" | "twice",
): string {
  const text = LAYOUTS[layout]?.(row) ?? "";
  const words = [...text.matchAll(WHOLE[layout] ?? WORD)];
  const index = place % words.length;
  const [before, word, after] = [words[index - 1], words[index], words[index + 1]];
  if (word === undefined) return text;
  const end = word.index + word[0].length;
  if (how === "twice") {
    const from = before === undefined ? word.index : before.index + before[0].length;
    const to = before === undefined ? (after?.index ?? end) : end;
    return text.slice(0, to) + text.slice(from);
  }
  return text.slice(0, word.index) + text.slice(how === "gone" ? (after?.index ?? end) : end);
}

describe("a text with something missing or too much", () => {
  const written = fc.record({
    row: fc.constantFrom(...ROWS),
    layout: fc.constantFrom(...Object.keys(LAYOUTS)),
    place: fc.nat(200),
    how: fc.constantFrom("empty" as const, "gone" as const, "twice" as const),
  });

  it("never gives values that are not the row's", () => {
    fc.assert(
      fc.property(written, ({ row, layout, place, how }) => {
        const digits = layout === "a pandas series" ? 6 : 20;
        const right = digits === 20 ? row : row.map((value) => Number(value.toFixed(digits)));
        for (const values of read(corrupt(row, layout, place, how)) ?? []) {
          if (typeof values !== "string") expect(values).toEqual(right);
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 1500) },
    );
  });
});

describe("a text that is not surely one case", () => {
  const cells = malignant.map(String);
  const [row, short] = [cells.join(), cells.slice(0, 29).join()];
  const side = block(cells);

  it.each([
    ["an id in front and the last missing", `842302,${short},`, "Fractal dimension, worst is missing."],
    ["an id in front of 29", `842302,${short}`, "the first value, “842302”, is an id or a label"],
    ["a label in front of 29", `1,${short}`, "Are they in another order, or is one missing?"],
    ["a label behind 29", `${short},0`, "the last value, “0”, is an id or a label"],
    [
      "a class in front of 29",
      `M\t${short.replaceAll(",", "\t")}`,
      "the first value, “M”, is an id or a label",
    ],
    ["a label at both ends of 29", `0,${short},1`, "Are they in another order, or is one missing?"],
    ["29", short, "a row needs 30 numbers, and this has 29."],
    ["three", "1;2;3", "a row needs 30 numbers, and this has 3."],
    ["33", `${row},1,2,3`, "a row needs 30 numbers, and this has 33."],
    ["zeros", cells.map(() => 0).join(), "cannot be one case"],
    ["a word among them", row.replace("122.8", "?!"), "number 3 (Perimeter, mean) is “?!”"],
    ["a missing value", row.replace("122.8", ""), "Perimeter, mean is missing."],
    ["a missing value by name", row.replace("122.8", "NaN"), "Perimeter, mean is missing (“NaN”)."],
    ["a negative one", row.replace("122.8", "-122.8"), "A measurement cannot be negative."],
    [
      "a point among decimal commas that sets no thousands apart",
      cells.map(comma).join("\t").replace("8,589", "8.58"),
      "number 13 (Perimeter, SE) is “8.58”. The other numbers have a decimal comma.",
    ],
    [
      "a thousands separator where only a decimal sign is likely",
      cells.join("\t").replace("1.095", "1,095"),
      "number 11 (Radius, SE) is “1,095”. This can be read two ways.",
    ],
    [
      "a column that is not there",
      `${KAGGLE.slice(1).join()}\n${cells.slice(1).join()}`,
      "Radius, mean is missing.",
    ],
    [
      "a name that is misspelt",
      pairs(["radus_mean", ...FEATURE_KEYS.slice(1)], "\t", cells),
      "Radius, mean is missing.",
    ],
    [
      "a name that is there twice",
      pairs([...FEATURE_KEYS, "mean radius"], ",", [...cells, "1"]),
      "named more than once",
    ],
    ["names alone", KAGGLE.join("\t"), "there are names, and no values."],
    ["names that are not known", `a\tb\tc\n1\t2\t3`, "names that are not known here, “a” among them"],
    [
      "lines of six",
      lines(
        [0, 6, 12, 18, 24].map((at) => cells.slice(at, at + 6)),
        ",",
      ),
      "this has 5 lines of 6.",
    ],
    ["9 lines of 3", lines(side.slice(1), "\t"), "this has 9 lines of 3."],
    [
      "10 lines of mean, worst and SE",
      lines(
        side.map(([a = "", b = "", c = ""]) => [a, c, b]),
        "\t",
      ),
      "cannot be one case",
    ],
    ["an array that is cut short", "array([17.99, 10.38, ..., 0.1189])", "a row needs 30 numbers"],
    ["nothing", " \n ", "there is no row of 30 numbers in it."],
  ])("refuses %s", (_, text, reason) => {
    expect(readMeasurements(text)).toEqual({ kind: "refused", reason: expect.stringContaining(reason) });
  });

  it("asks where a number in front may count the rows, or the order is the form's", () => {
    for (const text of [`14,${row}`, side.flat().join()]) {
      const reading = readMeasurements(text);
      expect(reading).toMatchObject({ kind: "unsure", ways: [{ cases: [{ ok: true, value: malignant }] }] });
    }
  });

  it("says what it left out, and of several cases which are none", () => {
    const text = `569,30,malignant,benign\n${row},0\n${other.join()},1\n${row.replace("122.8", "x")},0`;
    expect(readMeasurements(text)).toMatchObject({
      kind: "read",
      way: {
        cases: [
          { value: malignant },
          { value: other },
          {
            error:
              "number 3 (Perimeter, mean) is “x”. This is not a number. Write it like 0.0062, 0,0062 or 6.2e-3.",
          },
        ],
        layout: "3 rows",
        left: ["569, 30, malignant, benign", "what is no measurement in front or behind"],
      },
    });
  });
});

it("gives a reading of whatever is pasted", () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true }).map(String),
    fc.constantFrom("", "M", "x", "1,5", "-1", "[", "{", '"', "radius_mean", "Mean"),
  );
  const cells = fc.tuple(
    fc.array(cell, { maxLength: 33 }),
    fc.constantFrom("\t", ";", ",", "\n", " ", ":", "|"),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        cells.map(([each, separator]) => each.join(separator)),
      ),
      (text) => {
        expect(["read", "unsure", "refused"]).toContain(readMeasurements(text).kind);
      },
    ),
  );
});
