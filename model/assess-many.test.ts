import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURES, oneCase } from "../tables/current";
import artifactJson from "../tables/wdbc/artifact.json";
import { parseArtifact } from "./artifact";
import { assess } from "./assess";
import { cautionCodes, createAssessor, LABELS } from "./assess-many";
import { createPredictor } from "./predict";

const artifact = parseArtifact(artifactJson);
const predictor = createPredictor(artifact);
const assessMany = createAssessor(artifact);

/** A case within the training ranges, or with values of it multiplied, copied, at 0 or far beyond. */
const oneRow = fc
  .tuple(
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: FEATURES.length,
      maxLength: FEATURES.length,
    }),
    fc.array(
      fc.record({
        at: fc.nat(FEATURES.length - 1),
        factor: fc.constantFrom(0, 0.5, 0.8, 1.25, 2, 10, 1e6),
      }),
      { maxLength: 12 },
    ),
    fc.boolean(),
  )
  .map(([shares, changes, copied]) => {
    const row = FEATURES.map(({ range }, j) => range.min + (range.max - range.min) * (shares[j] as number));
    for (const { at, factor } of changes) row[at] = (row[at] as number) * factor;
    if (copied) for (let j = 0; j < 4; j++) row[row.length - 1 - j] = row[j] as number;
    return row;
  });

describe("createAssessor", () => {
  it("says of each row what predict() and assess() say", () => {
    fc.assert(
      fc.property(fc.array(oneRow, { minLength: 1, maxLength: 9 }), (rows) => {
        const { probabilities, labels, cautions } = assessMany(Float64Array.from(rows.flat()));
        const found = rows.map((_, i) => ({
          probability: probabilities[i],
          label: LABELS[labels[i] as number],
          cautions: cautionCodes(cautions[i] as number),
        }));
        const expected = rows.map((row) => {
          const prediction = predictor.predict(row);
          const { label, cautions } = assess(artifact, row, prediction);
          return { probability: prediction.probability, label, cautions };
        });
        expect(found).toEqual(expected);
      }),
    );
  });
});

describe("isImpossibleRow", () => {
  it("is isImpossible of the same numbers", () => {
    fc.assert(
      fc.property(oneRow, fc.nat(3), (row, before) => {
        const numbers = Object.fromEntries(FEATURES.map(({ key, index }) => [key, row[index]]));
        const values = [...Array(before).fill(1), ...row];
        expect(oneCase.isImpossibleRow(values, before)).toBe(oneCase.isImpossible(numbers));
      }),
    );
  });
});
