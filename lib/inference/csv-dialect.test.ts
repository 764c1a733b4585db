import fc from "fast-check";
import { expect, it } from "vitest";
import { readCsv } from "@/aws/container/content";
import { readCsvAnswer, writeCsvRequest } from "./csv-dialect";
import { parseEndpointAnswer } from "./endpoint-answer";

const read = (text: string, rows: number, threshold = 0.5) => {
  const answer = readCsvAnswer(text, { rows, threshold, name: "xgboost" });
  return answer.ok ? parseEndpointAnswer(answer.value, { rows, endpointName: "xgboost" }) : answer;
};
const diagnoses = (text: string, rows: number, threshold?: number) => {
  const answer = read(text, rows, threshold);
  return answer.ok ? answer.value.predictions.map(({ diagnosis }) => diagnosis).join("") : answer.error;
};

it("writes rows as the container reads them", () => {
  const value = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
  const row = fc.array(value, { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (cases) => {
      const instances = cases.map((features) => ({ features: features.map((each) => each + 0) }));
      expect(readCsv(writeCsvRequest(cases))).toEqual({ ok: true, value: instances });
    }),
  );
});

it.each([
  ["a bare score", "0.98", 1, "M"],
  ["a bare score with its line's end", "0.02\n", 1, "B"],
  ["an exponent", "1.2e-05", 1, "B"],
  ["several lines", "0.98\r\n0.02\r\n0.5\r\n", 3, "MBM"],
  ["all in one line", "0.98,0.02,0.7", 3, "MBM"],
  ["two in one line", "0.98,0.02", 2, "MB"],
  ["score and label", "0.98,1\n0.02,0\n", 2, "MB"],
  ["score and label of one", "0.98,1.0", 1, "M"],
])("reads %s", (_, text, rows, expected) => {
  expect(diagnoses(text, rows)).toBe(expected);
});

it("decides by the threshold that was stated, which the answer carries", () => {
  expect(diagnoses("0.3\n0.29", 2, 0.3)).toBe("MB");
  expect(read("0.3", 1, 0.3)).toMatchObject({ value: { model: { name: "xgboost", threshold: 0.3 } } });
});

it.each([
  ["nothing", "", 1],
  ["a header", "score\n0.98", 1],
  ["a page", "<html>", 1],
  ["infinity", "Infinity", 1],
  ["a score cut to an integer above 1", "2", 1],
  ["a third column", "0.98,1,0", 1],
  ["a label that is none", "0.98,M", 1],
  ["a row too few", "0.98", 2],
  ["a row too many", "0.98\n0.02", 1],
  ["a blank line inside", "0.98\n\n0.02", 2],
  ["a label against the threshold", "0.98,0", 1],
])("does not guess at %s", (_, text, rows) => {
  expect(read(text, rows).ok).toBe(false);
});
