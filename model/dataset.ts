import { type ClassCode, FEATURES, type Feature, table } from "../tables/current";

const { positive, negative } = table.classes;

/**
 * `features`: one row of measurements per case, in the table's order, a level as its place and NaN for what is not known;
 * `positive`: 1 or 0 per case.
 */
export type Dataset = {
  features: readonly (readonly number[])[];
  positive: readonly (0 | 1)[];
};

/**
 * A CSV that cannot be read; `line` is 1-based as editors count, `column` a header name or null. It never says what is in a
 * cell: training jobs keep it in logs, where no measurement may be.
 */
class DatasetError extends Error {
  override name = "DatasetError";
  constructor(
    readonly line: number,
    readonly column: string | null,
    problem: string,
  ) {
    super(`line ${line}${column === null ? "" : `, column ${column}`}: ${problem}`);
  }
}

/** The class of a case whose `positive` is 1 or 0. */
export const classOf = (truth: 0 | 1): ClassCode => (truth === 1 ? positive : negative);

const HEADER = [table.label, ...FEATURES.map(({ key }) => key)];
const LABELS: Record<string, 0 | 1> = { "1": 1, "0": 0, "1.0": 1, "0.0": 0, [positive]: 1, [negative]: 0 };
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads label-first CSV: the class (its code, or 1 and 0), then the measurements. With `header` (default) the first
 * line must name the columns in the table's order. Levels are their codes; a column that may miss may be empty. Throws DatasetError with line and column.
 */
export function parseDataset(csv: string, { header = true }: { header?: boolean } = {}): Dataset {
  const lines = csv.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (header) checkHeader(lines[0] ?? "");
  const features: number[][] = [];
  const truths: (0 | 1)[] = [];
  for (let i = header ? 1 : 0; i < lines.length; i++) {
    const cells = (lines[i] as string).split(",");
    if (cells.length !== HEADER.length) {
      throw new DatasetError(i + 1, null, `expected ${HEADER.length} values, found ${cells.length}`);
    }
    const label = LABELS[(cells[0] as string).trim()];
    if (label === undefined) {
      throw new DatasetError(
        i + 1,
        table.label,
        `expected ${positive}, ${negative}, 1 or 0, found ${kindOf(cells[0])}`,
      );
    }
    truths.push(label);
    features.push(FEATURES.map((feature, j) => parseMeasurement(cells[j + 1], i + 1, feature)));
  }
  if (features.length === 0) throw new DatasetError(lines.length + 1, null, "there are no rows");
  return { features, positive: truths };
}

/** The cases at `rows` (0-based), in that order. Throws RangeError for a row that is not there. */
export function selectRows(dataset: Dataset, rows: readonly number[]): Dataset {
  const features: (readonly number[])[] = [];
  const truths: (0 | 1)[] = [];
  for (const row of rows) {
    const values = dataset.features[row];
    const label = dataset.positive[row];
    if (values === undefined || label === undefined) {
      throw new RangeError(`row ${row} is not in the dataset of ${dataset.features.length} rows`);
    }
    features.push(values);
    truths.push(label);
  }
  return { features, positive: truths };
}

function checkHeader(line: string): void {
  const names = line.split(",");
  for (const [i, expected] of HEADER.entries()) {
    if (names[i]?.trim() !== expected) {
      throw new DatasetError(
        1,
        expected,
        `expected this header at position ${i + 1}, found ${kindOf(names[i])}`,
      );
    }
  }
  if (names.length > HEADER.length) {
    throw new DatasetError(1, null, `expected ${HEADER.length} columns, found ${names.length}`);
  }
}

/** A case as a line of such a file, without its class. */
export const csvLine = (features: readonly number[]): string =>
  FEATURES.map(({ type, levels }, j) => {
    const value = features[j] as number;
    return Number.isNaN(value) ? "" : type === "number" ? value : levels[value];
  }).join();

function parseMeasurement(
  cell: string | undefined,
  line: number,
  { key, type, levels, least, mayMiss }: Feature,
): number {
  const text = (cell ?? "").trim();
  if (text === "" && mayMiss) return Number.NaN;
  if (type !== "number") {
    const place = levels.indexOf(text);
    if (place !== -1) return place;
    throw new DatasetError(line, key, `expected ${levels.join(", ")}, found ${kindOf(cell)}`);
  }
  // Number() alone would turn an empty cell into 0 and accept 0x10.
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value) || value < least) {
    throw new DatasetError(line, key, `expected a finite number of at least ${least}, found ${kindOf(cell)}`);
  }
  return value;
}

const kindOf = (cell: string | undefined): string =>
  cell === undefined || cell.trim() === "" ? "nothing" : NUMBER.test(cell.trim()) ? "another number" : "text";
