import { type Mapping, namedWidth } from "@/lib/batch/mapping";
import { levelOf, NO, YES } from "@/lib/prediction/value";
import { FEATURES, type Feature } from "@/tables/current";
import { sqlName, sqlText } from "./duck";
import type { Prepared } from "./prepare";

/** The SQL that reads a prepared table by its mapping: each row once, in the file's order. */

/** Rows are copied to JavaScript by the thousand: a larger buffer would only take memory. */
const BUFFER_BYTES = 1024 * 1024;

/** No text of a file; what is empty stays apart from what is not there. */
const NEVER = "\\x01";

const cell = (at: number) => `c${at}`;
const value = (index: number) => `m${index}`;
const VALUES = FEATURES.map(({ index }) => value(index));
const KNOWN = FEATURES.filter(({ type, mayMiss }) => type === "number" && !mayMiss);

/** Columns of the file that are no measurement, and are kept as texts. */
export const textColumns = ({ shape }: Pick<Prepared, "shape">, { measurements }: Mapping): number[] =>
  shape.columns.map((_, at) => at).filter((at) => !measurements.includes(at));

/** All cells as texts: c0, c1 …, and behind the last what a line has beyond it. */
function cellsClause({ path, shape, dialect }: Prepared, parallel: boolean): string {
  const { columns, format } = shape;
  if (format !== "csv" || dialect === null) {
    const source = format === "parquet" ? `read_parquet(${sqlText(path)})` : `read_json(${sqlText(path)})`;
    const cells = columns.map((name, at) => `CAST(${sqlName(name)} AS VARCHAR) AS ${cell(at)}`);
    return `(SELECT ${cells.join(", ")}, NULL::VARCHAR AS ${cell(columns.length)} FROM ${source})`;
  }
  const names = Array.from({ length: columns.length + 1 }, (_, at) => `'${cell(at)}': 'VARCHAR'`);
  const options = [
    "auto_detect = false",
    `columns = {${names.join(", ")}}`,
    `delim = ${sqlText(dialect.delimiter)}`,
    `quote = '"', escape = '"'`,
    `header = ${dialect.hasHeader}, skip = ${dialect.skip}`,
    `nullstr = '${NEVER}'`,
    // Lines with too few or too many cells come with the others, and a quote that never closes is one long cell.
    "null_padding = true, strict_mode = false",
    "ignore_errors = true, store_rejects = true",
    `buffer_size = ${BUFFER_BYTES}, parallel = ${parallel}`,
  ];
  return `read_csv(${sqlText(path)}, ${options.join(", ")})`;
}

/** A cell as a number where it is plainly one by the file's decimal sign; else null. */
const plainly = (text: string, decimal: Mapping["decimal"]) =>
  decimal === "."
    ? `TRY_CAST(${text} AS DOUBLE)`
    : `CASE WHEN NOT contains(${text}, '.') THEN TRY_CAST(replace(${text}, ',', '.') AS DOUBLE) END`;

const NOT_KNOWN = "'NaN'::DOUBLE";

/** A cell as a level's place where it plainly names one; else null. */
function plainLevel(text: string, feature: Feature): string {
  const { levels, levelLabels } = feature;
  const names = new Map<string, Set<number>>();
  for (const name of [
    ...levels,
    ...Object.values(levelLabels),
    ...(feature.type === "yes-no" ? [...YES, ...NO] : []),
  ]) {
    const lower = name.trim().toLowerCase();
    const places = names.get(lower) ?? names.set(lower, new Set()).get(lower);
    for (const each of [name, lower]) places?.add(levelOf(feature, each) ?? -1);
  }
  // What differs by its case alone is left for the closer look.
  const plain = [...names].flatMap(([name, [place, ...others]]) =>
    place === undefined || place < 0 || others.length > 0 ? [] : [`WHEN ${sqlText(name)} THEN ${place}`],
  );
  return `CASE lower(trim(${text})) ${plain.join(" ")} END::DOUBLE`;
}

/** A cell as a measurement where it is plainly one; else null. */
function plainValue(text: string, feature: Feature, decimal: Mapping["decimal"]): string {
  const known = feature.type === "number" ? plainly(text, decimal) : plainLevel(text, feature);
  return feature.mayMiss
    ? `CASE WHEN coalesce(trim(${text}), '') = '' THEN ${NOT_KNOWN} ELSE ${known} END`
    : known;
}

/** Whether all measurements of a row are plain, and none below the least of its column: conditions that have to hold. */
function plainConditions(): string[] {
  const known = KNOWN.map(({ index }) => value(index));
  const least = Math.min(...KNOWN.map((feature) => feature.least));
  const conditions: string[] = [];
  // A sum that is a number has neither nulls nor infinities in it.
  if (known.length > 0) conditions.push(`isfinite(${known.join(" + ")})`);
  if (known.length > 1 && KNOWN.every((feature) => feature.least === least)) {
    if (least > -Number.MAX_VALUE) conditions.push(`least(${known.join(", ")}) >= ${least}`);
  } else conditions.push(...KNOWN.map((feature) => `${value(feature.index)} >= ${feature.least}`));
  for (const feature of FEATURES) {
    const name = value(feature.index);
    if (feature.type !== "number") conditions.push(`${name} IS NOT NULL`);
    else if (feature.mayMiss)
      conditions.push(`(isnan(${name}) OR (isfinite(${name}) AND ${name} >= ${feature.least}))`);
  }
  // A line of nothing is no case.
  if (FEATURES.every(({ mayMiss }) => mayMiss)) {
    conditions.push(`NOT (${VALUES.map((name) => `isnan(${name})`).join(" AND ")})`);
  }
  return conditions;
}

/**
 * Rows with `c…` of the columns that are no measurement, `m…` the measurements as plain numbers (NaN where one is not known), `truth` (0 positive, 1
 * negative, 255 neither) and `raw`: null where all is plain, else the line's cells as a JSON list, for a closer look.
 */
export function rowsClause(prepared: Prepared, mapping: Mapping, parallel: boolean): string {
  const { columns } = prepared.shape;
  const numbers = mapping.measurements.map(
    (at, index) => `${plainValue(cell(at), FEATURES[index] as Feature, mapping.decimal)} AS ${value(index)}`,
  );
  const every = Array.from({ length: columns.length + 1 }, (_, at) => cell(at));
  const isPlain = [
    ...plainConditions(),
    `${cell(columns.length)} IS NULL`,
    ...(prepared.shape.format === "csv"
      ? [`${cell(Math.max(0, namedWidth(prepared.shape) - 1))} IS NOT NULL`]
      : []),
  ];
  const texts = textColumns(prepared, mapping).map(cell);
  const truth =
    mapping.truth === null
      ? "255::UTINYINT"
      : `CASE lower(trim(${cell(mapping.truth.column)})) WHEN ${sqlText(mapping.truth.positive.toLowerCase())} THEN 0 WHEN ${sqlText(mapping.truth.negative.toLowerCase())} THEN 1 ELSE 255 END::UTINYINT`;
  return `(
    SELECT ${[...texts, ...VALUES].join(", ")}, ${truth} AS truth,
      CASE WHEN NOT coalesce(${isPlain.join(" AND ")}, false) THEN to_json([${every.join(", ")}])::VARCHAR END AS raw
    FROM (SELECT *, ${numbers.join(", ")} FROM ${cellsClause(prepared, parallel)}))`;
}

/** The columns of the measurements, in the table's order. */
export const VALUE_COLUMNS: readonly string[] = VALUES;

/** A measurement in SQL, null where it is not known: NaN would sort as the greatest number, and be found as one. */
export const knownValue = (sql: string, { mayMiss }: Feature) =>
  mayMiss ? `CASE WHEN NOT isnan(${sql}) THEN ${sql} END` : sql;

/** A measurement in SQL as a file has it: a level by its code. */
export const fileValue = ({ type, levels, index }: Feature) =>
  type === "number"
    ? value(index)
    : `CASE ${value(index)} ${levels.map((code, place) => `WHEN ${place} THEN ${sqlText(code)}`).join(" ")} END`;
export const cellColumn = cell;
