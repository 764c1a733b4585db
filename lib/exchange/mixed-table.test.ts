import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { anyCase, FEATURE_KEYS, FEATURES } from "@/test/mixed-table";
import { csvRecordReader, readJsonLine, type WrittenPrediction, writerOf } from "./prediction-file";

vi.mock("@/tables/current", () => import("@/test/mixed-table"));

const facts = {
  ...{ id: "0192f3a4-0000-7000-8000-000000000000", created_at: "2026-01-31T12:00:00.000Z", source: "form" },
  ...{ diagnosis: "bad", label: null, cautions: null, probability: 0.75, threshold: 0.5, base: null },
  ...{ model_name: "m", model_version: "1", model_hash: null, uncertain_level: null },
  ...{ uncertain_from: null, uncertain_to: null, backend: "embedded", latency_ms: 1.5, outcome: null },
  ...{ outcome_on: null, case_code: null, note: null },
} satisfies WrittenPrediction["facts"];
const written = (measurements: readonly (number | null)[]): WrittenPrediction => ({
  ...{ facts, measurements, contributions: null, typicality: null },
});
const byKey = (values: readonly number[]) =>
  Object.fromEntries(FEATURES.map(({ key, index }) => [key, values[index]]));

/** Records of a line, by RFC 4180 with this separator. */
function split(line: string, separator: string): string[] {
  const cells = [""];
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === separator && !isQuoted) cells.push("");
    else cells[cells.length - 1] += character;
  }
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

describe("any case of a table with columns of every type comes back from a file", () => {
  it.each(["comma", "semicolon"] as const)("CSV with the separator %s", (separator) => {
    const writer = writerOf({ format: "csv", bom: false, separator });
    const sign = separator === "comma" ? "," : ";";
    const read = csvRecordReader(writer.head.trim().split(sign));
    fc.assert(
      fc.property(anyCase, (values) => {
        const cells = split(writer.line(written(values)).join("").replace(/\r\n$/, ""), sign);
        expect(read.ok && read.value(cells)).toMatchObject({ ok: true, value: byKey(values) });
      }),
    );
  });

  it("JSON lines, and null as a database has it for what is not known", () => {
    const writer = writerOf({ format: "jsonl", bom: false, separator: "comma" });
    fc.assert(
      fc.property(anyCase, (values) => {
        const kept: (number | null)[] = JSON.parse(JSON.stringify(values));
        const line = writer.line(written(kept)).join("");
        expect(readJsonLine(line)).toMatchObject({ ok: true, value: byKey(values) });
      }),
    );
  });
});

it("writes codes, booleans and what is not known as people and programs expect them", () => {
  const one = written([5, -2.5, 2, 0, 1, 1, null]);
  const csv = writerOf({ format: "csv", bom: false, separator: "comma" });
  expect(csv.line(one).join("").split(",").slice(-7).join(",")).toBe("5,-2.5,'=1+1,rent,yes,J,\r\n");
  const jsonl = writerOf({ format: "jsonl", bom: false, separator: "comma" });
  expect(JSON.parse(jsonl.line(one).join(""))).toMatchObject({
    ...{ income: 5, balance: -2.5, job: "=1+1", home: "rent", owner: true, records: true, age: null },
  });
});

it.each([
  ["job", "part", 'job has to be one of “fixed”, “a "b", c;d”, “=1+1”, “-”.'],
  ["job", "", 'job has to be one of “fixed”, “a "b", c;d”, “=1+1”, “-”.'],
  ["home", "x", "home has to be one of “rent”, “own”, or null."],
  ["owner", "x", "owner has to be true or false."],
  ["age", "17", "age has to be a number that is finite and not less than 18, or null."],
  ["income", "", "income has to be a number."],
])("%s as %j is refused", (key, cell, error) => {
  const names = [...Object.keys(facts), ...FEATURE_KEYS];
  const cells = [
    ...Object.values(facts).map((fact) => String(fact ?? "")),
    "5",
    "2",
    "fixed",
    "own",
    "yes",
    "",
    "40",
  ];
  const read = csvRecordReader(names);
  expect(read.ok && read.value(cells)).toMatchObject({ ok: true });
  const changed = cells.map((one, at) => (names[at] === key ? cell : one));
  expect(read.ok && read.value(changed)).toEqual({ ok: false, error });
});
