import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { FEATURE_KEYS, SAMPLES } from "../../tables/current";
import { findWarnings, isOneCell, parseTexts, readNumbers, textsOf } from "./measurements";

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
