import { assembleTable } from "../tables/assemble-table";
import type { Words } from "../tables/table";

/** A table with a column of every type, some of which may miss, in the place of tables/current. */

const samples = [
  { key: "known", row: 0, values: [3, -1, 0, 1] },
  { key: "missing", row: 1, values: [null, 2, 2, null] },
];

const words: Words = {
  app: { name: "Mixed", slug: "mixed" },
  notice: ["", "", ""],
  classes: { late: { word: "late", shape: "▲" }, paid: { word: "paid", shape: "●" } },
  outcome: { test: "check", aTest: "a check", tested: "checked" },
  grid: { heading: "", units: "" },
  groups: {},
  properties: {},
  columns: {
    income: { label: "Income" },
    balance: { label: "Balance" },
    job: { label: "Job" },
    owner: { label: "Owner" },
  },
  samples: { known: { label: "", about: "" }, missing: { label: "", about: "" } },
};

export const { table, FEATURES, FEATURE_KEYS, SAMPLES, CAUTIONS, oneCase } = assembleTable(
  {
    ...{ format: 1, name: "mixed", file: "data.csv", sha256: "", rows: 400, label: "status" },
    classes: { positive: "late", negative: "paid" },
    columns: [
      {
        key: "income",
        type: "number",
        least: 0,
        missing: 0.1,
        range: { min: 0, low: 1, high: 60, max: 400 },
      },
      { key: "balance", type: "number", range: { min: -4, low: -2, high: 2, max: 4 } },
      { key: "job", type: "category", levels: ["fixed", "free", "none", "rare", "new"] },
      { key: "owner", type: "yes-no", levels: ["no", "yes"], missing: 0.1 },
    ],
    samples,
    settings: null,
    threshold: 0.5,
  },
  words,
  { rules: [], limits: { outside: 5, broken: 1 }, scales: [], patterns: [] },
);

export const scales = [];
export const patterns = [];
