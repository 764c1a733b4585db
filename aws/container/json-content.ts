import * as z from "zod";
import { instance, type PredictRequest, wantedOf } from "../../lib/contract";
import { findFeature } from "../../lib/prediction/measurement-names";
import { holdsValue, readWireValue } from "../../lib/prediction/value";
import { fail, ok, type Result } from "../../lib/result";
import { FEATURES, type Feature } from "../../tables/current";

export type Instances = PredictRequest["instances"];
type Named = Readonly<Record<string, unknown>>;

const list = z.array(z.unknown()).min(1);
const rowList = z.array(z.array(z.unknown())).min(1);
const record = z.record(z.string(), z.unknown());
const records = z.array(record).min(1);
const split = z.strictObject({
  columns: z.array(z.union([z.string(), z.int()])).optional(),
  index: z.array(z.unknown()).optional(),
  data: rowList,
});

/**
 * What application/json says, by its one key: this project's and MLflow's. Columns are found by any name that files give
 * them; without names they are in the table's order. Source: https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/
 */
const readers: Record<string, (value: unknown) => Result<Instances, string>> = {
  instances: readInstances,
  inputs: (value) => (record.safeParse(value).success ? readColumns(value) : readInstances(value)),
  dataframe_records: (value) => parsed(records, value, readRecords),
  dataframe_split: (value) => parsed(split, value, readSplit),
};

/** A JSON document with rows. */
export function readDocument(document: unknown): Result<Instances, string> {
  const keys = Object.keys(record.safeParse(document).data ?? {});
  const [key = "", ...others] = keys;
  const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
  if (read === undefined || others.length > 0) {
    return fail(`expected an object with one of ${Object.keys(readers).join(", ")}, and nothing else`);
  }
  const instances = read((document as Named)[key]);
  return instances.ok ? instances : fail(`${key}${instances.error}`);
}

function parsed<T>(
  schema: z.ZodType<T>,
  value: unknown,
  read: (value: T) => Result<Instances, string>,
): Result<Instances, string> {
  const result = schema.safeParse(value);
  if (result.success) return read(result.data);
  const issue = result.error.issues[0];
  return fail(
    `${issue?.path.map((part) => `.${String(part)}`).join("") ?? ""}: ${issue?.message ?? "not valid"}`,
  );
}

function readInstances(value: unknown): Result<Instances, string> {
  return parsed(list, value, ([first, ...rest]) => {
    if (Array.isArray(first)) return parsed(rowList, [first, ...rest], readRows);
    if (typeof first === "object" && first !== null && !("features" in first)) {
      return parsed(records, [first, ...rest], readRecords);
    }
    return parsed(z.array(instance), [first, ...rest], (instances) => ok(instances));
  });
}

function readSplit({ columns, data }: z.infer<typeof split>): Result<Instances, string> {
  // What pandas calls columns that have no names.
  if (columns === undefined || columns.every((name, at) => name === at)) return readRows(data);
  const order = orderOf(columns.map(String));
  if (!order.ok) return order;
  const wrong = data.findIndex((row) => row.length !== columns.length);
  if (wrong >= 0) return fail(`: row ${wrong + 1}: expected ${columns.length} values`);
  return readRows(data.map((row) => order.value.map((at) => row[at])));
}

function readRecords(rows: readonly Named[]): Result<Instances, string> {
  const names = Object.keys(rows[0] ?? {});
  const order = orderOf(names);
  if (!order.ok) return order;
  const wrong = rows.findIndex(
    (row) => Object.keys(row).length !== names.length || names.some((name) => !Object.hasOwn(row, name)),
  );
  if (wrong >= 0) return fail(`: row ${wrong + 1}: its names are not those of the first row`);
  return readRows(rows.map((row) => order.value.map((at) => row[names[at] ?? ""])));
}

/** A list of values by name of the column. */
function readColumns(value: unknown): Result<Instances, string> {
  return parsed(z.record(z.string(), z.array(z.unknown()).min(1)), value, (columns) => {
    const lists = Object.values(columns);
    const order = orderOf(Object.keys(columns));
    if (!order.ok) return order;
    const length = lists[0]?.length ?? 0;
    if (lists.some((each) => each.length !== length)) return fail(": the columns have different lengths");
    return readRows(Array.from({ length }, (_, row) => order.value.map((at) => lists[at]?.[row])));
  });
}

/** Where each measurement is among the names, in the table's order. */
function orderOf(names: readonly string[]): Result<number[], string> {
  const found = names.map(findFeature);
  const unknown = found.indexOf(undefined);
  if (unknown >= 0)
    return fail(
      `: column ${unknown + 1} is called “${names[unknown]?.slice(0, 40)}”, which is no measurement`,
    );
  const order = FEATURES.map((feature) => found.indexOf(feature));
  const missing = FEATURES.find((_, at) => order[at] === -1);
  if (missing !== undefined) return fail(`: ${missing.key} is missing`);
  return names.length === FEATURES.length ? ok(order) : fail(": a measurement is there twice");
}

function readRows(rows: readonly (readonly unknown[])[]): Result<Instances, string> {
  const instances: Instances = [];
  for (const [at, values] of rows.entries()) {
    const features = checkRow(values, at);
    if (!features.ok) return fail(`: ${features.error}`);
    instances.push({ features: features.value });
  }
  return ok(instances);
}

/** A row in the table's order, counted from 0; the error names row and column. */
export function checkRow(values: readonly unknown[], row: number): Result<number[], string> {
  if (values.length !== FEATURES.length) {
    return fail(`row ${row + 1}: expected ${FEATURES.length} columns, found ${values.length}`);
  }
  const features: number[] = [];
  for (const [column, value] of values.entries()) {
    const feature = FEATURES[column] as Feature;
    const read = readWireValue(feature, value);
    if (read === undefined || !holdsValue(feature, read)) {
      return fail(`row ${row + 1}, column ${column + 1} (${feature.key}): expected ${wantedOf(feature)}`);
    }
    features.push(read);
  }
  return ok(features);
}
