import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SAMPLES } from "./samples";

const rows = readFileSync(new URL("../../model/data/wdbc.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1);

describe("SAMPLES", () => {
  it.each(SAMPLES)("$label is row $row of the dataset", ({ row, values, about }) => {
    const [diagnosis, ...cells] = (rows[row] ?? "").split(",");
    expect(values).toEqual(cells.map(Number));
    expect(about).toContain(diagnosis === "M" ? "malignant" : "benign");
  });
});
