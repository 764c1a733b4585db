import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURE_KEYS } from "../tables/current";
import { parseDataset, selectRows } from "./dataset";

const header = ["diagnosis", ...FEATURE_KEYS].join(",");
const measurement = fc.double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true }).map((x) => x || 0);
const row = fc.array(measurement, { minLength: 30, maxLength: 30 });
const cases = fc.array(fc.tuple(fc.constantFrom("M", "B"), row), { minLength: 1, maxLength: 5 });

describe("parseDataset", () => {
  it("gives back every number exactly, whatever the line ends", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom("\n", "\r\n"), fc.boolean(), (rows, end, headed) => {
        const lines = rows.map(([label, values]) => [label, ...values].join(","));
        const text = [...(headed ? [header] : []), ...lines, ""].join(end);
        const dataset = parseDataset(text, { header: headed });
        expect(dataset.features).toEqual(rows.map(([, values]) => values));
        expect(dataset.positive).toEqual(rows.map(([label]) => (label === "M" ? 1 : 0)));
      }),
    );
  });

  it("names line and column of the first bad cell", () => {
    fc.assert(
      fc.property(
        cases,
        fc.nat(),
        fc.nat(29),
        fc.constantFrom("", "-1", "1e999", "0x10", "NaN", "1 2", "x", ".5", "Infinity"),
        (rows, which, column, bad) => {
          const at = which % rows.length;
          const lines = rows.map(([label, values], i) =>
            [label, ...values.map((v, j) => (i === at && j === column ? bad : v))].join(","),
          );
          const where = `line ${at + 2}, column ${FEATURE_KEYS[column]}: expected a finite number`;
          expect(() => parseDataset([header, ...lines].join("\n"))).toThrow(where);
        },
      ),
    );
  });

  it("refuses a wrong label, count, header and an empty file", () => {
    const values = Array(30).fill("1").join(",");
    expect(() => parseDataset(`${header}\nX,${values}`)).toThrow("line 2, column diagnosis");
    expect(() => parseDataset(`${header}\nM,${values},1`)).toThrow("line 2: expected 31 values, found 32");
    expect(() => parseDataset(`${header}\nM,${values}\n\nB,${values}`)).toThrow("line 3: expected 31 values");
    expect(() => parseDataset(header.replace("texture_mean", "texture"))).toThrow(
      "line 1, column texture_mean",
    );
    expect(() => parseDataset(`${header},extra\n`)).toThrow("line 1: expected 31 columns, found 32");
    expect(() => parseDataset(header)).toThrow("there are no rows");
    expect(() => parseDataset("")).toThrow("line 1");
  });

  it("reads headerless rows with 1 and 0, as training jobs send them", () => {
    const values = Array(30).fill("0.5").join(",");
    expect(parseDataset(`1,${values}\n0,${values}\n`, { header: false }).positive).toEqual([1, 0]);
  });
});

describe("selectRows", () => {
  it("keeps the asked order and refuses a row that is not there", () => {
    const values = (x: number) => Array(30).fill(x).join(",");
    const dataset = parseDataset(`M,${values(1)}\nB,${values(2)}`, { header: false });
    expect(selectRows(dataset, [1, 0]).positive).toEqual([0, 1]);
    expect(() => selectRows(dataset, [2])).toThrow("row 2 is not in the dataset of 2 rows");
  });
});
