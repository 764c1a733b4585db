import "server-only";
import {
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBInstance,
  type DuckDBVector,
  INTEGER,
  LIST,
  listValue,
  UINTEGER,
  UTINYINT,
} from "@duckdb/node-api";
import type { BatchTally, Check } from "@/lib/batch/batch";
import type { Mapping } from "@/lib/batch/mapping";
import type { Diagnosis, ModelIdentity } from "@/lib/contract";
import { cautionsText } from "@/lib/prediction/cautions";
import { BINS, binOf } from "@/lib/prediction/tally";
import { FEATURES } from "@/tables/current";
import { type RowReading, readRow } from "./check";
import { PARQUET, sqlText } from "./duck";
import { type AnswerMany, CLASSES, LABELS, type ManyAnswers, NOT_TOLD } from "./many-answers";
import type { Prepared } from "./prepare";
import { cellColumn, knownValue, textColumns, VALUE_COLUMNS } from "./relation";
import { stagedClause } from "./stage";

/** Answers a table part by part: streams its rows through the model, and writes what came of them as Parquet. */

/** What is written up to the end of a part. `part`: how many parts; `position`: rows of the file, answered or not. */
export type PartWritten = {
  part: number;
  position: number;
  tally: BatchTally;
  done: number;
  /** The model that answered; null before the first answer. */
  model: ModelIdentity | null;
};

export type AnswerJob = {
  instance: DuckDBInstance;
  prepared: Prepared;
  mapping: Mapping;
  check: Check;
  /** The file of the staged rows. */
  stage: string;
  answer: AnswerMany;
  /** Rows of the file in a part, which ends with the chunk that fills it. */
  partRows: number;
  /** What was written before. */
  start: PartWritten;
  /** Keeps a part's file under its number. */
  keep: (part: number, file: string) => Promise<void>;
  /** A file of this process for the part that is being written. */
  partFile: (part: number) => string;
  onSeen: (seen: Pick<PartWritten, "done" | "tally" | "model">) => void;
  onPart: (written: PartWritten) => void;
  /** Ends it after the rows that are answered already, which become a part. */
  signal: AbortSignal;
};

/** What is written when it ends: all; or only a beginning, because it was asked to end or by a `problem`. */
export type Answered = PartWritten & { isWhole: boolean; problem: string | null };

const WIDTH = FEATURES.length;
/** The most rows that DuckDB has in a chunk. */
const CHUNK_ROWS = 2048;

/** A chunk whose answers are being made, on another machine perhaps, while the next one is read. */
type Underway = { chunk: Chunk; answers: Promise<ManyAnswers> | null };
/** Chunks that are underway at a time. */
const AHEAD = 3;

/** Answers the rows from `start.position` on. Throws where reading or writing fails. */
export async function answerTable(job: AnswerJob): Promise<Answered> {
  const { instance, prepared, mapping, check, stage, partRows, start } = job;
  const [reading, writing] = await Promise.all([instance.connect(), instance.connect()]);
  const texts = textColumns(prepared, mapping);
  // One more than are underway, so that one is filled meanwhile.
  const buffers = Array.from({ length: AHEAD + 1 }, () => new Float64Array(CHUNK_ROWS * WIDTH));
  const tally = new Tallying(start.tally, start.done);
  let { model } = start;
  let written = start;
  let problem: string | null = null;

  const writePart = async (now: PartWritten, answers: PartAnswers): Promise<void> => {
    const file = job.partFile(now.part - 1);
    await answers.write(writing, stage, texts, file);
    await job.keep(now.part - 1, file);
    job.onPart(now);
  };

  let part = new PartAnswers(start.position, partRows);
  /** The part that is being written while the next one is answered. */
  let writingPart: Promise<void> = Promise.resolve();
  const endPart = async () => {
    await writingPart;
    written = {
      ...{ part: written.part + 1, position: written.position + part.rows },
      ...{ done: tally.done, tally: structuredClone(tally.tally), model },
    };
    writingPart = writePart(written, part);
    // Told where it is waited for.
    writingPart.catch(() => {});
    part = new PartAnswers(written.position, partRows);
  };

  const stream = await reading.stream(
    `SELECT ${VALUE_COLUMNS.join(", ")}, truth, raw, file_row_number::INTEGER FROM ${stagedClause(stage)}
     WHERE file_row_number >= ${start.position}`,
  );
  let turn = 0;
  let came = start.position;
  const begin = (data: DuckDBDataChunk): Underway => {
    const places = itemsOf(data.getColumnVector(WIDTH + 2));
    // Answers beside another row's values would be the worst of faults.
    if (places[0] !== came || places[data.rowCount - 1] !== came + data.rowCount - 1) {
      throw new Error(`rows from ${places[0]} on came where ${came} was next`);
    }
    came += data.rowCount;
    const buffer = buffers[turn++ % buffers.length] as Float64Array;
    const chunk = readChunk(data, buffer, (raw) => readRow(prepared, mapping, JSON.parse(raw)));
    const { length } = chunk.good;
    if (length === 0) return { chunk, answers: null };
    const answers = Promise.resolve(job.answer(buffer.subarray(0, length * WIDTH), length));
    // Told where it is waited for.
    answers.catch(() => {});
    return { chunk, answers };
  };
  const underway: Underway[] = [];
  for (let isOver = false; ; ) {
    while (!isOver && underway.length < AHEAD) {
      const data = job.signal.aborted ? null : await stream.fetchChunk();
      isOver = data === null || data.rowCount === 0;
      if (data !== null && !isOver) underway.push(begin(data));
    }
    const next = underway.shift();
    if (next === undefined) break;
    const answers = await next.answers;
    const count = answers?.probabilities.length ?? 0;
    if (count !== next.chunk.good.length) {
      throw new Error(`${count} answers came for ${next.chunk.good.length} rows`);
    }
    model = answers?.model ?? model;
    const isCut = part.add(next.chunk, answers, tally);
    job.onSeen({ done: tally.done, tally: tally.tally, model });
    if (part.rows >= partRows) await endPart();
    if (isCut) {
      problem = answers?.stopped?.problem ?? null;
      break;
    }
  }
  if (part.rows > 0) await endPart();
  await writingPart;
  for (const each of [reading, writing]) each.closeSync();
  const isWhole = !job.signal.aborted && problem === null;
  const expected = check.rows - check.bad;
  if (isWhole && written.done !== expected) {
    throw new Error(`${written.done} rows were answered where the check had found ${expected}`);
  }
  return { ...written, isWhole, problem };
}

/** Rows of a chunk: which of them can be read, by their places; what each says of the truth; and the values of those that needed a closer look. */
type Chunk = { rows: number; good: number[]; truths: ArrayLike<number>; looked: Map<number, number[]> };

/** Copies the values of the rows that can be read, laid end to end. */
function readChunk(data: DuckDBDataChunk, values: Float64Array, look: (raw: string) => RowReading): Chunk {
  const rows = data.rowCount;
  const raw = data.getColumnVector(WIDTH + 1);
  const good: number[] = [];
  const looked = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const text = raw.getItem(i);
    if (text !== null) {
      const reading = look(String(text));
      if (reading.kind !== "read") continue;
      looked.set(i, reading.values);
    }
    good.push(i);
  }
  for (let j = 0; j < WIDTH; j++) {
    const items = itemsOf(data.getColumnVector(j));
    for (let k = 0; k < good.length; k++) values[k * WIDTH + j] = items[good[k] as number] as number;
  }
  if (looked.size > 0) {
    for (const [k, i] of good.entries()) {
      const own = looked.get(i);
      if (own !== undefined) values.set(own, k * WIDTH);
    }
  }
  return {
    rows,
    good,
    looked,
    truths: (itemsOf(data.getColumnVector(WIDTH)) as Uint8Array).slice(0, rows),
  };
}

/** The array of numbers that a vector has; where it has none for a row, anything. What is changed counts from its `flush` on. */
const itemsOf = (vector: DuckDBVector): { [index: number]: number } =>
  (vector as unknown as { items: { [index: number]: number } }).items;

/** The answers of a part's rows, by their places in it, until they are written. */
class PartAnswers {
  rows = 0;
  readonly #from: number;
  readonly #ok: Uint8Array;
  readonly #probabilities: Float64Array;
  readonly #labels: Uint8Array;
  readonly #diagnoses: Uint8Array;
  readonly #cautions: Uint32Array;
  #codes: readonly string[] = [];
  readonly #looked = new Map<number, number[]>();

  /** Parts end where a chunk does. */
  constructor(from: number, partRows: number) {
    const most = partRows + CHUNK_ROWS;
    this.#from = from;
    this.#ok = new Uint8Array(most);
    this.#probabilities = new Float64Array(most);
    this.#labels = new Uint8Array(most);
    this.#diagnoses = new Uint8Array(most);
    this.#cautions = new Uint32Array(most);
  }

  /** Takes the answers of a chunk; whether they end before it does. */
  add({ rows, good, truths, looked }: Chunk, answers: ManyAnswers | null, tally: Tallying): boolean {
    const answered = answers?.stopped?.answered ?? good.length;
    if (answers !== null) {
      this.#codes = answers.cautionCodes;
      for (let k = 0; k < answered; k++) {
        const at = this.rows + (good[k] as number);
        this.#ok[at] = 1;
        this.#probabilities[at] = answers.probabilities[k] as number;
        this.#labels[at] = answers.labels[k] as number;
        this.#diagnoses[at] = answers.diagnoses[k] as number;
        this.#cautions[at] = answers.cautions[k] as number;
        tally.count(answers, k, truths[good[k] as number] as number);
      }
    }
    for (const [i, values] of looked) this.#looked.set(this.rows + i, values);
    const isCut = answered < good.length;
    this.rows += isCut ? (good[answered] as number) : rows;
    return isCut;
  }

  /** Writes the rows that are answered, beside what the file says of them, as Parquet. */
  async write(
    connection: DuckDBConnection,
    stage: string,
    texts: readonly number[],
    file: string,
  ): Promise<void> {
    const [from, to] = [this.#from, this.#from + this.rows];
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE answers (place INTEGER, ok UTINYINT, probability DOUBLE, label UTINYINT, diagnosis UTINYINT,
         cautions UINTEGER${this.#looked.size === 0 ? "" : ", looked DOUBLE[]"})`,
    );
    const appender = await connection.createAppender("answers");
    for (let at = 0; at < this.rows; at += CHUNK_ROWS)
      this.#append(appender, at, Math.min(CHUNK_ROWS, this.rows - at));
    appender.closeSync();
    await connection.run(
      `COPY (SELECT ${partColumns(texts, this.#codes, this.#looked.size > 0).join(", ")} FROM
         (SELECT * FROM ${stagedClause(stage)} WHERE file_row_number >= ${from} AND file_row_number < ${to}) r
         POSITIONAL JOIN answers a WHERE a.ok = 1) TO ${sqlText(file)}
       (${PARQUET})`,
    );
    await connection.run("DROP TABLE answers");
  }

  #append(appender: DuckDBAppender, at: number, rows: number): void {
    const chunk = DuckDBDataChunk.create(
      this.#looked.size === 0 ? NUMBERS : [...NUMBERS, LIST(DOUBLE)],
      rows,
    );
    const columns = [this.#ok, this.#probabilities, this.#labels, this.#diagnoses, this.#cautions];
    const place = itemsOf(chunk.getColumnVector(0));
    for (let i = 0; i < rows; i++) place[i] = this.#from + at + i;
    chunk.getColumnVector(0).flush();
    for (const [column, all] of columns.entries()) {
      const vector = chunk.getColumnVector(column + 1);
      const items = itemsOf(vector);
      for (let i = 0; i < rows; i++) items[i] = all[at + i] as number;
      vector.flush();
    }
    const looked = Array.from({ length: this.#looked.size === 0 ? 0 : rows }, (_, i) => {
      const own = this.#looked.get(at + i);
      return own === undefined ? null : listValue(own);
    });
    if (looked.length > 0) chunk.setColumnValues(columns.length + 1, looked);
    appender.appendDataChunk(chunk);
  }
}

const NUMBERS = [INTEGER, UTINYINT, DOUBLE, UTINYINT, UTINYINT, UINTEGER];

/** The columns of a part: what it keeps is readable by itself, codes as words. `r`: the staged rows; `a`: their answers. */
function partColumns(
  texts: readonly number[],
  cautionCodes: readonly string[],
  hasLooked: boolean,
): string[] {
  const word = (column: string, words: readonly string[], name: string) =>
    `CASE ${column} ${words.map((one, at) => `WHEN ${at} THEN ${sqlText(one)}`).join(" ")} END AS ${name}`;
  const codes = cautionCodes.map(
    (code, bit) => `CASE WHEN a.cautions & ${(1 << bit) >>> 0} <> 0 THEN ${sqlText(code)} END`,
  );
  const none = sqlText(cautionsText([]) ?? "");
  return [
    "CASE WHEN r.file_row_number = a.place THEN a.place + 1 ELSE error('answers are out of step') END AS row",
    ...texts.map(cellColumn),
    ...FEATURES.map((feature) => {
      const name = VALUE_COLUMNS[feature.index] as string;
      const value = hasLooked ? `coalesce(a.looked[${feature.index + 1}], r.${name})` : name;
      return feature.mayMiss || hasLooked ? `${knownValue(value, feature)} AS ${name}` : value;
    }),
    word("r.truth", CLASSES, "truth"),
    word("a.label", LABELS, "label"),
    word("a.diagnosis", CLASSES, "diagnosis"),
    "a.probability AS probability",
    `CASE a.cautions WHEN ${NOT_TOLD.cautions} THEN NULL WHEN 0 THEN ${none} ELSE concat_ws(' ', ${codes.join(", ") || "NULL"}) END AS cautions`,
  ];
}

/** A tally that goes on from another. */
class Tallying {
  readonly tally: BatchTally;
  done: number;
  constructor(from: BatchTally, done: number) {
    this.tally = structuredClone(from);
    this.done = done;
  }
  count(answers: ManyAnswers, row: number, truth: number): void {
    this.done++;
    const { bins, cautions, truth: truths } = this.tally;
    const said = CLASSES[answers.diagnoses[row] as number] as Diagnosis;
    const answered = LABELS[answers.labels[row] as number] ?? said;
    bins[answered] ??= new Array<number>(BINS).fill(0);
    const ofAnswer = bins[answered] as number[];
    const bin = binOf(answers.probabilities[row] as number);
    ofAnswer[bin] = (ofAnswer[bin] ?? 0) + 1;
    const bits = answers.cautions[row] as number;
    if (bits !== 0 && bits !== NOT_TOLD.cautions) {
      for (const [at, code] of answers.cautionCodes.entries()) {
        if ((bits >>> at) & 1) cautions[code] = (cautions[code] ?? 0) + 1;
      }
      cautions.any = (cautions.any ?? 0) + 1;
    }
    const known = CLASSES[truth];
    if (known === undefined) return;
    truths[known] ??= { answers: {}, diagnoses: {} };
    const ofTruth = truths[known];
    ofTruth.answers[answered] = (ofTruth.answers[answered] ?? 0) + 1;
    ofTruth.diagnoses[said] = (ofTruth.diagnoses[said] ?? 0) + 1;
  }
}
