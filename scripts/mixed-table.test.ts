import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { csvCell } from "@/lib/exchange/spreadsheet-text";
import { cellText } from "@/lib/prediction/value";
import { ok } from "@/lib/result";
import type { Inference } from "@/lib/server/inference/inference";
import { anyCase, FEATURE_KEYS, FEATURES } from "@/test/mixed-table";
import { predictTable } from "./predict-table";

vi.mock("@/tables/current", () => import("@/test/mixed-table"));

/** The cases that a text asks the model for, and what is wrong with its lines. */
async function askedOf(text: string) {
  const asked: number[][] = [];
  const problems: string[] = [];
  const model: Pick<Inference, "predict"> = {
    predict: async (instances) => {
      asked.push(...instances.map((values) => [...values]));
      const none = { label: null, base: null, contributions: null, typicality: null, cautions: null };
      const identity = { name: "m", version: "1", hash: null, threshold: null, uncertain: null };
      return ok({
        predictions: instances.map(() => ({ diagnosis: "B" as const, probability: 0.25, ...none })),
        ...{ model: identity, requestId: "r", backend: "embedded" as const, latencyMs: 1, hops: null },
      });
    },
  };
  async function* read() {
    yield Buffer.from(text);
  }
  const lines = predictTable(read(), {
    ...{ json: false, model },
    report: (line, message) => problems.push(`${line}: ${message}`),
  });
  let output = "";
  for (;;) {
    const { done, value } = await lines.next();
    if (done === true) return { asked, problems, output };
    output += value;
  }
}

const lineOf = (values: readonly number[]) =>
  FEATURES.map((feature) => csvCell(cellText(feature, values[feature.index] ?? Number.NaN))).join(",");
const header = FEATURE_KEYS.join(",");

it("any cases of a table with columns of every type are asked for as they are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCase, { minLength: 1, maxLength: 5 }), async (cases) => {
      const { asked, problems } = await askedOf([header, ...cases.map(lineOf)].join("\n"));
      expect({ asked, problems }).toEqual({ asked: cases, problems: [] });
    }),
  );
});

it("and by their places, where nothing names them", async () => {
  const values = [5, 2.5, 0, Number.NaN, 1, 1, 40];
  expect(await askedOf(`${lineOf(values)}\n`)).toMatchObject({ asked: [values], problems: [] });
});

it("says of a bad line which level is not known, and keeps the cells of the others", async () => {
  const { problems, output } = await askedOf(
    `${header}\n5,2,part,own,yes,J,40\n5,2,Fixed,?,no,,\n5,2,,,no,,\n`,
  );
  expect(problems).toEqual([
    '2: Column 3 (job): It can be “fixed”, “a "b", c;d”, “=1+1” or “-”.',
    "4: Column 3 (job): The value is missing.",
  ]);
  expect(output.split("\n")[1]).toBe("5,2,Fixed,?,no,,,,B,0.25,");
});
