import type * as z from "zod";
import { instance } from "../../lib/contract";
import type { EndpointAnswer } from "../../lib/inference/endpoint-answer";
import { plainCells, readPlainCell } from "../../lib/inference/plain-cell";
import { cautionsText } from "../../lib/prediction/cautions";
import { type WireValue, wireValue } from "../../lib/prediction/value";
import { fail, ok, type Result } from "../../lib/result";
import { FEATURES } from "../../tables/current";
import { checkRow, type Instances, readDocument } from "./json-content";

/** What /invocations reads and writes, by media type; rows and columns in messages count from 1. */

type Row = EndpointAnswer["predictions"][number];

const readers: Record<string, (text: string) => Result<Instances, string>> = {
  "text/csv": readCsv,
  "application/json": readJson,
  "application/jsonlines": readJsonLines,
};

const writers: Record<string, (answer: EndpointAnswer) => string> = {
  "application/json": (answer) => JSON.stringify(answer),
  "application/jsonlines": ({ predictions }) => predictions.map((row) => `${JSON.stringify(row)}\n`).join(""),
  // Batch transform joins line by line: score and label are what fits in two columns.
  "text/csv": ({ predictions }) =>
    predictions.map((row: Row) => `${row.score},${row.predicted_label}\n`).join(""),
};

/** All that fits in a line: score, label, the third answer, cautions and the model's hash; empty where not told. */
const writeAllColumns = ({ predictions, model }: EndpointAnswer) =>
  predictions
    .map(({ score, predicted_label, label, cautions }) =>
      [score, predicted_label, label ?? "", cautionsText(cautions) ?? "", `${model?.hash ?? ""}\n`].join(),
    )
    .join("");

/** The reader of a Content-Type header, or undefined for a type this container does not read. */
export function readerOf(contentType: string | undefined) {
  return readers[mediaType(contentType) ?? ""];
}

/**
 * The type of an Accept header with the most weight that this container writes, of equals the first, JSON for none or any; undefined for only others. A
 * setting says how many columns CSV has: SageMaker joins only what is plainly text/csv.
 */
export function writerOf(accept: string | undefined, csvColumns: "score" | "all" = "score") {
  const wanted = (accept || "*/*")
    .split(",")
    .map((range) => ({ type: mediaType(range), weight: weightOf(range) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { type } of wanted) {
    const known = type === "*/*" || type === "application/*" ? "application/json" : type;
    const write = known === "text/csv" && csvColumns === "all" ? writeAllColumns : writers[known ?? ""];
    if (write !== undefined && known !== undefined) return { type: known, write };
  }
  return undefined;
}

/** 1 where it does not say, as https://www.rfc-editor.org/rfc/rfc9110#name-quality-values has it. */
function weightOf(range: string): number {
  const [, weight] = /;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)/i.exec(range) ?? [];
  return weight === undefined ? 1 : Number(weight);
}

const mediaType = (header: string | undefined) => header?.split(";")[0]?.trim().toLowerCase();

/** Headerless rows of cells in the table's order; empty where a value is not known. */
export function readCsv(text: string): Result<Instances, string> {
  const lines = linesOf(text);
  const instances: Instances = [];
  for (const [row, line] of lines.entries()) {
    const features = checkRow(plainCells(line).map(readWireCell), row);
    if (!features.ok) return features;
    instances.push({ features: features.value });
  }
  return instances.length === 0 ? fail("there are no rows") : ok(instances);
}

/** A cell as JSON would have it; what is none of its column comes out as undefined, which no column takes. */
function readWireCell(cell: string, column: number): WireValue | undefined {
  const feature = FEATURES[column];
  const value = feature === undefined ? null : readPlainCell(feature, cell);
  return feature === undefined || value === null ? undefined : wireValue(feature, value);
}

function readJson(text: string): Result<Instances, string> {
  const json = decode(text);
  return json.ok ? readDocument(json.value) : fail("the body is not JSON");
}

/** One {"features": [...]} a line. */
export function readJsonLines(text: string): Result<Instances, string> {
  const instances: Instances = [];
  for (const [row, line] of linesOf(text).entries()) {
    const json = decode(line);
    if (!json.ok) return fail(`row ${row + 1}: not JSON`);
    const parsed = instance.safeParse(json.value);
    if (!parsed.success) return fail(`row ${row + 1}: ${firstProblem(parsed.error)}`);
    instances.push(parsed.data);
  }
  return instances.length === 0 ? fail("there are no rows") : ok(instances);
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

function decode(text: string): Result<unknown, null> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return fail(null);
  }
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join(".") || "the document"}: ${issue?.message ?? "not valid"}`;
}
