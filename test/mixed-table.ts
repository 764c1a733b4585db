import fc from "fast-check";
import { assembleTable } from "@/tables/assemble-table";
import type { Words } from "@/tables/table";

/**
 * A made-up table with columns of every type, some of which may miss, and with codes that files have to quote. Tests put it in
 * the place of the table there is: `vi.mock("@/tables/current", () => import("@/test/mixed-table"))`.
 */

const range = { min: 0, low: 1, high: 9, max: 10 };
const column = (key: string, type: string, more = {}) => ({ key, type, ...more });
const ends = { key: "end", row: 0, values: [1, -2.5, 0, 1, 0, null, null] };

const words: Words = {
  app: { name: "Mixed", slug: "mixed" },
  notice: ["", "", ""],
  classes: { bad: { word: "default", shape: "▲" }, good: { word: "repaid", shape: "●" } },
  outcome: { test: "check", aTest: "a check", tested: "checked" },
  grid: { heading: "", units: "" },
  groups: {},
  properties: {},
  columns: {
    income: { label: "Income" },
    balance: { label: "Balance" },
    job: { label: "Job", levels: { 'a "b", c;d': "Fixed contract" } },
    home: { label: "Home" },
    owner: { label: "Owner" },
    records: { label: "Records" },
    age: { label: "Age" },
  },
  samples: { start: { label: "Start", about: "" }, end: { label: "End", about: "" } },
};

const limits = { outside: Number.POSITIVE_INFINITY, broken: Number.POSITIVE_INFINITY };

export const {
  table,
  FEATURES,
  FEATURE_KEYS,
  FAMILIES,
  GROUPS,
  PROPERTIES,
  SAMPLES,
  CAUTIONS,
  oneCase,
  notice,
} = assembleTable(
  {
    ...{ format: 1, name: "mixed", file: "data.csv", sha256: "", rows: 2, label: "status" },
    classes: { positive: "bad", negative: "good" },
    columns: [
      column("income", "number", { least: 0, range }),
      column("balance", "number", { range: { min: -9, low: -5, high: 5, max: 9 } }),
      column("job", "category", { levels: ["fixed", 'a "b", c;d', "=1+1", "-"] }),
      column("home", "category", { levels: ["rent", "own"], missing: 0.1 }),
      column("owner", "yes-no", { levels: ["no", "yes"] }),
      column("records", "yes-no", { levels: ["0", "J"], missing: 0.2 }),
      column("age", "number", { least: 18, range: { min: 18, low: 20, high: 70, max: 90 }, missing: 0.3 }),
    ],
    samples: [{ ...ends, key: "start", values: [5, 2.5, 1, 0, 1, 1, 40] }, ends],
    settings: { shift: [0], whitening: [0], curvature: [0], ridge: [1] },
    ...{ certainAndWrong: 0.02, threshold: 0.5 },
  },
  words,
  { rules: [], limits, scales: [], patterns: [] },
);

export { words };
export const scales = [];
export const patterns = [];
export const drawing = null;
export const measuring = null;
export const site = { order: "" };

/** Any case: a number for each column, in the table's order. */
export const anyCase: fc.Arbitrary<number[]> = fc.tuple(
  ...FEATURES.map(({ type, levels, least, mayMiss }) => {
    const known =
      type === "number"
        ? fc.double({ min: Math.max(least, -1e6), max: 1e6, noNaN: true }).map((value) => value + 0)
        : fc.nat(levels.length - 1);
    return mayMiss ? fc.oneof(known, fc.constant(Number.NaN)) : known;
  }),
);
