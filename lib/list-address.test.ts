import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";

const column = { group: null, property: null, alias: "", range: { min: 0, low: 0, high: 1, max: 1 } };
const COLUMNS = [
  {
    ...column,
    ...{ key: "job", label: "Job", type: "category", index: 0, least: 0, mayMiss: true },
    ...{ levels: ["free", "part, time", "fixed"], levelLabels: { free: "freelance" } },
  },
  {
    ...column,
    ...{ key: "income", label: "Income", type: "number", index: 1, least: -5, mayMiss: true },
    ...{ levels: [], levelLabels: {} },
  },
  {
    ...column,
    ...{ key: "age", label: "Age", type: "number", index: 2, least: 0, mayMiss: false },
    ...{ levels: [], levelLabels: {} },
  },
];

afterEach(() => vi.doUnmock("../tables/current"));

async function load() {
  vi.resetModules();
  vi.doMock("../tables/current", async (original) => ({
    ...(await original<typeof import("../tables/current")>()),
    FEATURES: COLUMNS,
    FEATURE_KEYS: COLUMNS.map(({ key }) => key),
  }));
  return { ...(await import("./list-address")), ...(await import("./level-filters")) };
}

describe("filters of a table with categories and missing values", () => {
  it("read what they write, levels with commas among them, as check boxes send it too", async () => {
    const { rangeParameters, readRanges, measurementPairs, levelPairs, describeLevels } = await load();
    const read = (params: Record<string, string | string[]>) => {
      const parsed = z.strictObject(rangeParameters).safeParse(params);
      return parsed.success ? readRanges(parsed.data) : parsed.error.issues[0]?.message;
    };
    const given = { job: ["part%2C time", "?"], income: "?", age: "10..20" };
    const ranges = read(given);
    expect(ranges).toEqual({
      probability: null,
      measurements: [{ key: "age", min: 10, max: 20 }],
      levels: [
        { key: "job", places: [1, Number.NaN] },
        { key: "income", places: [Number.NaN] },
      ],
    });
    if (typeof ranges !== "object") return;
    const pairs = [...measurementPairs(ranges.measurements), ...levelPairs(ranges.levels)];
    expect(pairs).toEqual([
      ["age", "10..20"],
      ["job", "part%2C time,?"],
      ["income", "?"],
    ]);
    expect(read(Object.fromEntries(pairs))).toEqual(ranges);
    expect(ranges.levels.map(describeLevels)).toEqual(["Job part, time or not known", "Income not known"]);
    expect(read({ job: "" })).toMatchObject({ levels: [] });
    expect(read({ job: "other" })).toBe('"job" cannot be "other". It can be free, part%2C time, fixed, ?.');
    expect(read({ age: "?" })).toBe('"age" cannot be "?". It is a range such as 10..20, 10.. or ..20.');
    expect(read({ income: "?", measure: "income", min: "1" })).toMatchObject({
      measurements: [{ key: "income", min: 1, max: null }],
      levels: [],
    });
  });
});
