import { type Mapping, namedWidth } from "@/lib/batch/mapping";
import { LEAST_VALUE } from "@/lib/contract";
import { FEATURES } from "@/tables/current";
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

/**
 * Rows with `c…` of the columns that are no measurement, `m…` the measurements as plain numbers, `truth` (0 positive, 1
 * negative, 255 neither) and `raw`: null where all is plain, else the line's cells as a JSON list, for a closer look.
 */
export function rowsClause(prepared: Prepared, mapping: Mapping, parallel: boolean): string {
  const { columns } = prepared.shape;
  const numbers = mapping.measurements.map(
    (at, index) => `${plainly(cell(at), mapping.decimal)} AS ${value(index)}`,
  );
  const every = Array.from({ length: columns.length + 1 }, (_, at) => cell(at));
  const isPlain = [
    // A sum that is a number has neither nulls nor infinities in it.
    `isfinite(${VALUES.join(" + ")})`,
    ...(FEATURES.every(({ least }) => least === LEAST_VALUE)
      ? [`least(${VALUES.join(", ")}) >= ${LEAST_VALUE}`]
      : FEATURES.map(({ index, least }) => `${value(index)} >= ${least}`)),
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
export const cellColumn = cell;
