import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { FEATURE_KEYS, SAMPLES } from "../../tables/current";
import {
  fieldText,
  findWarnings,
  isOneCell,
  parseField,
  parseTexts,
  readNumbers,
  textsOf,
} from "./measurements";

const values = SAMPLES[0]?.values ?? [];
const texts = textsOf(values);

describe("parseTexts", () => {
  it("turns 30 texts into the numbers as typed", () => {
    const parsed = parseTexts(texts);
    expect(parsed.ok && Object.values(parsed.value)).toEqual(values);
  });

  it("names every field that is wrong, and never reads an empty field as 0", () => {
    const wrong = { radius_se: "1,095", symmetry_se: "", radius_mean: undefined, texture_mean: 10.38 };
    expect(parseTexts({ ...texts, ...wrong })).toEqual({
      ok: false,
      error: {
        radius_mean: "Enter a number.",
        texture_mean: "Enter a number.",
        radius_se: "This can be read two ways. Write 1.095 or 1095.",
        symmetry_se: "Enter a number.",
      },
    });
  });
});

describe("findWarnings", () => {
  it("finds nothing in any row of the dataset, nor in an empty form", () => {
    const rows = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8")).features;
    expect(rows.flatMap((row) => findWarnings(readNumbers(textsOf(row))))).toEqual([]);
    expect(findWarnings({})).toEqual([]);
  });

  it("tells what does not fit", () => {
    const numbers = { ...readNumbers(texts), texture_worst: 10, area_mean: 500, radius_se: 3 };
    expect(findWarnings(numbers)).toEqual([
      { key: "radius_se", message: "outside the training data (0.1115 to 2.873)" },
      { key: "texture_worst", message: "outside the training data (12.02 to 49.54)" },
      { key: "texture_worst", message: "smaller than the mean; worst is the mean of the three largest" },
      {
        key: "area_mean",
        message: "does not fit the mean radius: area/(πr²) is 0.49, in the training data 0.91 to 1.07",
      },
    ]);
  });
});

describe("parseTexts, where one field says how another is read", () => {
  const numbers = (changed: Partial<typeof texts>) => readNumbers({ ...texts, ...changed });

  it("takes the decimal sign that the other fields prove", () => {
    expect(numbers({ area_mean: "1,001" }).area_mean).toBe(1001);
    const german = textsOf(values);
    for (const key of FEATURE_KEYS) german[key] = german[key].replace(".", ",");
    expect(readNumbers({ ...german, area_mean: "1.001" })).toEqual(readNumbers(texts));
  });
});

it("isOneCell is true for what goes into one field", () => {
  for (const text of ["17.99", " 1,095 ", "1 001", "n/a", "abc"]) expect(isOneCell(text)).toBe(true);
  for (const text of ["1,2,3", "1;2", "1\t2", "1 2", "[1]", "radius_mean 17.99"])
    expect(isOneCell(text)).toBe(false);
});

const kinds = {
  range: { min: -2, low: 0, high: 3, max: 4 },
  least: -5,
  levelLabels: { s: "single", m: "married" },
};
const column = (type: "number" | "category" | "yes-no", levels: string[], mayMiss = false) => ({
  ...kinds,
  ...{ type, levels, mayMiss },
});

describe("parseField", () => {
  const said = (text: string, of: Parameters<typeof parseField>[1]) => {
    const parsed = parseField(text, of, null);
    return parsed.ok ? parsed.value : parsed.error;
  };

  it("reads numbers, levels by code or word, and yes and no", () => {
    expect(said("-1,5", column("number", []))).toBe(-1.5);
    expect(said("-6", column("number", []))).toBe("A measurement cannot be less than -5.");
    expect(said("m", column("category", ["s", "m"]))).toBe(1);
    expect(said("Married", column("category", ["s", "m"]))).toBe(1);
    expect(said("widow", column("category", ["s", "m"]))).toBe("“widow” is none of the 2 known here.");
    expect(said("yes", column("yes-no", ["n", "y"]))).toBe(1);
  });

  it("takes “not known” only as a choice, and only where it may be", () => {
    for (const type of ["number", "category", "yes-no"] as const) {
      const levels = type === "number" ? [] : ["n", "y"];
      expect(said("?", column(type, levels, true))).toBeNaN();
      expect(said("?", column(type, levels))).toBe("There is no prediction without this value.");
      expect(said("", column(type, levels, true))).toMatch("Not known");
      expect(said("", column(type, levels))).toBe(type === "number" ? "Enter a number." : "Choose one.");
    }
  });

  it("reads what fieldText writes", () => {
    const long = column("category", ["s", ...Array.from({ length: 19 }, (_, at) => `code ${at}`)], true);
    const short = column("category", ["s", "m", "w"], true);
    for (const [of, values] of [
      [long, [0, 5, 19, Number.NaN]],
      [short, [0, 1, 2, Number.NaN]],
      [column("number", []), [-1.5, 0]],
    ] as const)
      for (const value of values) expect(said(fieldText(of, value), of)).toBe(value);
    expect([fieldText(long, 0), fieldText(short, 0), fieldText(short, undefined)]).toEqual([
      "single",
      "s",
      "",
    ]);
  });
});
