import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { FEATURE_KEYS, SAMPLES } from "../../tables/current";
import { findWarnings, looksLikeRow, parsePastedRow, parseTexts, readNumbers, textsOf } from "./measurements";

const values = SAMPLES[0]?.values ?? [];
const texts = textsOf(values);

describe("parseTexts", () => {
  it("turns 30 texts into the numbers as typed", () => {
    const parsed = parseTexts(texts);
    expect(parsed.ok && Object.values(parsed.value)).toEqual(values);
  });

  it("names every field that is wrong, and never reads an empty field as 0", () => {
    const wrong = { area_mean: "1,001", symmetry_se: "", radius_mean: undefined, texture_mean: 10.38 };
    expect(parseTexts({ ...texts, ...wrong })).toEqual({
      ok: false,
      error: {
        radius_mean: "Enter a number.",
        texture_mean: "Enter a number.",
        area_mean: "This can be read two ways. Write 1.001 or 1001.",
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

describe("parsePastedRow", () => {
  const line = values.join(",");

  it.each([
    ["commas", line],
    ["commas with spaces", values.join(", ")],
    ["tabs", values.join("\t")],
    ["semicolons", values.join(";")],
    ["blank lines around it", `\r\n \n${values.join("\t")}\r\n\n`],
    ["a diagnosis in front", `M,${line}`],
    ["an id and a diagnosis in front", `842302,M,${line}`],
    ["an id in front", `842302,${line}`],
    ["a diagnosis and an id in front, and an empty column behind", `842302,B,${line},\n`],
    ["quotes", values.map((value) => `"${value}"`).join(",")],
  ])("reads %s", (_, text) => {
    expect(parsePastedRow(text)).toEqual({ ok: true, value: texts });
  });

  it("keeps a decimal comma where another separator stands", () => {
    const pasted = parsePastedRow(values.map((value) => String(value).replace(".", ",")).join("\t"));
    expect(pasted.ok && readNumbers(pasted.value)).toEqual(readNumbers(texts));
  });

  it("refuses a comma that could be a thousands separator where nothing proves otherwise", () => {
    const pasted = parsePastedRow(values.map((_, index) => (index === 3 ? "1,001" : "7")).join("\t"));
    expect(pasted).toMatchObject({ error: expect.stringContaining("Write 1.001 or 1001.") });
  });

  const block = (row: readonly number[]) =>
    row.slice(0, 10).map((mean, i) => [mean, row[i + 10], row[i + 20]]);
  it.each([
    ["a label behind", `${line},0`, "this has 31 values. Is the first an id, or the last a label?"],
    ["a label in quotes behind", `${line},'2'`, "this has 31 values."],
    ["a row number in front", `14,${line}`, "this has 31 values."],
    ["two numbers in front", `842302,842303,${line}`, "this has 31 after the id or diagnosis"],
    [
      "an id in front and the last missing",
      `842302,${line.replace(/[^,]*$/, "")}`,
      "number 30 (Fractal dimension, worst) is “”",
    ],
    ["an id in front of 29", `842302,${values.slice(0, 29).join()}`, "this has 29 after the id or diagnosis"],
    [
      "a diagnosis in front of 29",
      `M\t${values.slice(0, 29).join("\t")}`,
      "this has 29 after the id or diagnosis",
    ],
    ["a small number in front of 29", [1, ...values.slice(0, 29)].join(), "cannot be one case"],
    ["mean, SE and worst side by side", block(values).flat().join(), "cannot be one case"],
    ["only zeros", values.map(() => 0).join(), "cannot be one case"],
    [
      "ten lines as the form shows them",
      block(values)
        .map((cells) => cells.join("\t"))
        .join("\n"),
      "this has 10 lines. Paste one row",
    ],
    ["a number on each line", values.join("\r\n"), "this has 30 lines."],
    ["the names above it", `${FEATURE_KEYS.join()}\n${line}`, "this has 2 lines."],
    ["spaces", values.join(" "), "with commas, tabs or semicolons between, and this has 1."],
    ["brackets", `[${values.join(", ")}]`, "number 1 (Radius, mean) is “[17.99”"],
  ])("refuses %s", (_, text, reason) => {
    expect(looksLikeRow(text)).toBe(true);
    expect(parsePastedRow(text)).toEqual({ ok: false, error: expect.stringContaining(reason) });
  });

  it("refuses a point among decimal commas, where it may set thousands apart", () => {
    const german = values.map((value) => String(value).replace(".", ",")).join("\t");
    expect(parsePastedRow(german.replace("1001", "1.001"))).toMatchObject({
      error: expect.stringContaining("number 4 (Area, mean) is “1.001”, though other numbers"),
    });
    expect(parsePastedRow(values.join("\t").replace("1001", "1,001"))).toMatchObject({
      error: expect.stringContaining("number 4 (Area, mean) is “1,001”. This can be read two ways."),
    });
  });

  it("says how many numbers it found, and which is wrong", () => {
    expect(parsePastedRow("1,2,3")).toMatchObject({
      error: expect.stringContaining(
        "a row needs 30 numbers, with commas, tabs or semicolons between, and this has 3.",
      ),
    });
    expect(parsePastedRow(line.replace("122.8", "n/a"))).toMatchObject({
      error: expect.stringContaining("number 3 (Perimeter, mean) is “n/a”"),
    });
    expect(parsePastedRow(line.replace("122.8", ""))).toMatchObject({
      error: expect.stringContaining("number 3"),
    });
  });

  it("gives 30 texts that are numbers or an error, whatever is pasted", () => {
    const cell = fc.oneof(
      fc.double({ min: 0, noNaN: true }).map(String),
      fc.constantFrom("", "M", "x", "1,5", "-1"),
    );
    const row = fc.tuple(
      fc.array(cell, { minLength: 28, maxLength: 33 }),
      fc.constantFrom("\t", ";", ",", "\n"),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          row.map(([cells, separator]) => cells.join(separator)),
        ),
        (text) => {
          const result = parsePastedRow(text);
          if (result.ok) expect(Object.keys(readNumbers(result.value))).toEqual([...FEATURE_KEYS]);
          else expect(result.error).toMatch(/^Nothing was pasted: /);
        },
      ),
    );
  });
});

describe("looksLikeRow", () => {
  it.each([
    ["17.99", false],
    ["1,5", false],
    ["1,5\n", false],
    ["1,2,3", true],
    ["1\t2", true],
    ["1 2", true],
    ["[1, 2]", true],
    [" 17.99\t", false],
  ])("%j: %s", (text, expected) => {
    expect(looksLikeRow(text)).toBe(expected);
  });
});
