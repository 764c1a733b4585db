import { FEATURE_KEYS } from "./features";

/** `features`: one row of 30 per case, dataset order; `malignant`: 1 or 0 per case. */
export type Dataset = {
  features: readonly (readonly number[])[];
  malignant: readonly (0 | 1)[];
};

/** A CSV that cannot be read; `line` is 1-based as editors count, `column` a header name or null. */
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

const HEADER = ["diagnosis", ...FEATURE_KEYS];
const LABELS: Readonly<Record<string, 0 | 1>> = { M: 1, B: 0, "1": 1, "0": 0, "1.0": 1, "0.0": 0 };
const NUMBER = /^\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads label-first CSV: diagnosis (M/B or 1/0), then the 30 measurements. With `header` (default) the first
 * line must name the columns in `FEATURE_KEYS` order. Throws DatasetError with line and column.
 */
export function parseDataset(csv: string, { header = true }: { header?: boolean } = {}): Dataset {
  const lines = csv.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (header) checkHeader(lines[0] ?? "");
  const features: number[][] = [];
  const malignant: (0 | 1)[] = [];
  for (let i = header ? 1 : 0; i < lines.length; i++) {
    const cells = (lines[i] as string).split(",");
    if (cells.length !== HEADER.length) {
      throw new DatasetError(i + 1, null, `expected ${HEADER.length} values, found ${cells.length}`);
    }
    const label = LABELS[(cells[0] as string).trim()];
    if (label === undefined) {
      throw new DatasetError(i + 1, "diagnosis", `expected M, B, 1 or 0, found ${quote(cells[0])}`);
    }
    malignant.push(label);
    features.push(FEATURE_KEYS.map((key, j) => parseMeasurement(cells[j + 1], i + 1, key)));
  }
  if (features.length === 0) throw new DatasetError(lines.length + 1, null, "there are no rows");
  return { features, malignant };
}

/** The cases at `rows` (0-based), in that order. Throws RangeError for a row that is not there. */
export function selectRows(dataset: Dataset, rows: readonly number[]): Dataset {
  const features: (readonly number[])[] = [];
  const malignant: (0 | 1)[] = [];
  for (const row of rows) {
    const values = dataset.features[row];
    const label = dataset.malignant[row];
    if (values === undefined || label === undefined) {
      throw new RangeError(`row ${row} is not in the dataset of ${dataset.features.length} rows`);
    }
    features.push(values);
    malignant.push(label);
  }
  return { features, malignant };
}

function checkHeader(line: string): void {
  const names = line.split(",");
  for (const [i, expected] of HEADER.entries()) {
    if (names[i]?.trim() !== expected) {
      throw new DatasetError(
        1,
        expected,
        `expected this header at position ${i + 1}, found ${quote(names[i])}`,
      );
    }
  }
  if (names.length > HEADER.length) {
    throw new DatasetError(1, null, `expected ${HEADER.length} columns, found ${names.length}`);
  }
}

function parseMeasurement(cell: string | undefined, line: number, column: string): number {
  const text = (cell ?? "").trim();
  // Number() alone would turn an empty cell into 0 and accept 0x10.
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) {
    throw new DatasetError(line, column, `expected a finite number of at least 0, found ${quote(cell)}`);
  }
  return value;
}

function quote(cell: string | undefined): string {
  return cell === undefined ? "nothing" : JSON.stringify(cell.slice(0, 40));
}
