import "server-only";
import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBInstance,
  DuckDBIntegerVector,
  DuckDBUIntegerVector,
  DuckDBUTinyIntVector,
} from "@duckdb/node-api";
import type { BatchTally, Check } from "@/lib/batch/batch";
import type { Mapping } from "@/lib/batch/mapping";
import type { Diagnosis, ModelIdentity } from "@/lib/contract";
import { cautionsText } from "@/lib/prediction/cautions";
import { BINS, binOf } from "@/lib/prediction/tally";
import { FEATURES } from "@/tables/current";
import { readRow } from "./check";
import { sqlText } from "./duck";
import { type AnswerMany, CLASSES, LABELS, type ManyAnswers, NOT_TOLD } from "./many-answers";
import type { Prepared } from "./prepare";
import { cellColumn, rowsClause, textColumns, VALUE_COLUMNS } from "./relation";

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
  answer: AnswerMany;
  /** Rows of the file in a part. */
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

const WIDTH = FEATURES.length;
/** The most rows that DuckDB has in a chunk. */
const CHUNK_ROWS = 2048;

/** What is written when it ends: all; or only a beginning, because it was asked to end or by a `problem`. */
export type Answered = PartWritten & { isWhole: boolean; problem: string | null };

/** Answers the rows from `start.position` on. Throws where reading or writing fails. */
export async function answerTable(job: AnswerJob): Promise<Answered> {
  const { instance, prepared, mapping, check, answer, partRows, start } = job;
  const [reading, filling, writing] = await Promise.all([
    instance.connect(),
    instance.connect(),
    instance.connect(),
  ]);
  const texts = textColumns(prepared, mapping);
  const columns = partColumns(texts);
  const stream = await reading.stream(
    `SELECT 0::INTEGER AS row, * EXCLUDE (raw), raw, 0::UTINYINT AS ok, 0::DOUBLE AS probability,
       0::UTINYINT AS label, 0::UTINYINT AS diagnosis, 0::UINTEGER AS cautions
     FROM ${rowsClause(prepared, mapping, check.inParallel)} OFFSET ${start.position}`,
  );
  const at = Object.fromEntries(columns.map(({ name }, index) => [name, index])) as Record<string, number>;
  // Shared, so that a thread can read them; two, so that one is filled while the other is read.
  const buffers = [0, 1].map(() => new Float64Array(new SharedArrayBuffer(CHUNK_ROWS * WIDTH * 8)));
  const parts = partTables(filling, columns);
  let codes: readonly string[] = [];
  let { model } = start;
  let problem: string | null = null;
  let isCut = false;
  let written = start;
  let position = start.position;
  let tally = new Tallying(start.tally, start.done);
  let last = Promise.resolve();
  let failure: unknown = null;

  /** Writes the part that has been filled while the next one is. */
  const finishPart = async (bound: number) => {
    const part = written.part + 1;
    const source = await parts.turn(bound);
    await last;
    if (failure !== null) throw failure;
    const now = { part, position: Math.min(bound, position), tally: tally.tally, done: tally.done, model };
    written = now;
    last = (async () => {
      const file = job.partFile(part - 1);
      await writing.run(copyStatement(source, bound, texts, codes, file));
      await writing.run(`DROP TABLE ${source}`);
      await job.keep(part - 1, file);
      job.onPart(now);
    })().catch((error: unknown) => {
      failure = error;
    });
  };

  /** A chunk whose answers are being made: in another thread, or on another machine, while the next one is read. */
  type Underway = { chunk: DuckDBDataChunk; good: number[]; answers: Promise<ManyAnswers> | null };
  let turn = 0;
  const begin = (chunk: DuckDBDataChunk): Underway => {
    const buffer = buffers[turn++ % 2] as Float64Array;
    const good = readChunk(chunk, buffer);
    const answers =
      good.length === 0
        ? null
        : Promise.resolve(answer(buffer.subarray(0, good.length * WIDTH), good.length));
    // Told where it is waited for.
    answers?.catch(() => {});
    return { chunk, good, answers };
  };
  const finish = async ({ chunk, good, answers: asked }: Underway): Promise<void> => {
    const answers = await asked;
    if (answers !== null && answers.stopped === null && answers.probabilities.length !== good.length) {
      throw new Error(`${answers.probabilities.length} answers came for ${good.length} rows`);
    }
    if (failure !== null) throw failure;
    codes = answers?.cautionCodes ?? codes;
    model = answers?.model ?? model;
    const rows = chunk.rowCount;
    const cut = answers?.stopped ?? null;
    if (cut !== null) {
      isCut = true;
      problem = cut.problem;
      bound = Math.min(bound, position + (good[cut.answered] ?? rows));
    }
    const next = fill(chunk, good, answers);
    parts.append(chunk);
    position += rows;
    const seen = tally;
    if (position >= bound) {
      await finishPart(bound);
      bound += partRows;
      if (next !== null) tally = next;
    }
    job.onSeen({ done: seen.done, tally: seen.tally, model });
  };

  await parts.begin();
  let bound = start.position + partRows;
  let underway: Underway | null = null;
  do {
    const chunk: DuckDBDataChunk | null = job.signal.aborted || isCut ? null : await stream.fetchChunk();
    const next: Underway | null = chunk === null || chunk.rowCount === 0 ? null : begin(chunk);
    if (underway !== null && !isCut) await finish(underway);
    underway = next;
  } while (underway !== null);
  const isWhole = !job.signal.aborted && !isCut;
  // Where the model broke off, what it had answered is a part already.
  if (!isCut && position > written.position) await finishPart(position);
  await last;
  for (const each of [reading, filling, writing]) each.closeSync();
  if (failure !== null) throw failure;
  const expected = check.rows - check.bad;
  if (isWhole && written.done !== expected) {
    throw new Error(`${written.done} rows were answered where the check had found ${expected}`);
  }
  return { ...written, isWhole, problem };

  /** Copies the values of the rows that can be read, and says which these are. */
  function readChunk(chunk: DuckDBDataChunk, values: Float64Array): number[] {
    const rows = chunk.rowCount;
    const raw = chunk.getColumnVector(at.raw as number);
    const vectors = VALUE_COLUMNS.map(
      (name) => chunk.getColumnVector(at[name] as number) as DuckDBDoubleVector,
    );
    const good: number[] = [];
    let isChanged = false;
    for (let i = 0; i < rows; i++) {
      const text = raw.getItem(i);
      if (text === null) {
        good.push(i);
        continue;
      }
      const reading = readRow(prepared, mapping, JSON.parse(String(text)));
      if (reading.kind !== "read") continue;
      good.push(i);
      for (const [j, value] of reading.values.entries()) vectors[j]?.setItem(i, value);
      isChanged = true;
    }
    for (let j = 0; j < WIDTH; j++) {
      const vector = vectors[j] as DuckDBDoubleVector;
      if (isChanged) vector.flush();
      const items = itemsOf(vector);
      for (let k = 0; k < good.length; k++) values[k * WIDTH + j] = items[good[k] as number] as number;
    }
    return good;
  }

  /** Writes numbers and answers into the chunk, counts them; the tally of the next part where the chunk goes beyond this one. */
  function fill(
    chunk: DuckDBDataChunk,
    good: readonly number[],
    answers: ManyAnswers | null,
  ): Tallying | null {
    const vector = (name: string) => chunk.getColumnVector(at[name] as number);
    const row = vector("row") as DuckDBIntegerVector;
    const ok = vector("ok") as DuckDBUTinyIntVector;
    const probability = vector("probability") as DuckDBDoubleVector;
    const labels = vector("label") as DuckDBUTinyIntVector;
    const diagnoses = vector("diagnosis") as DuckDBUTinyIntVector;
    const cautions = vector("cautions") as DuckDBUIntegerVector;
    const truths = itemsOf(vector("truth") as DuckDBUTinyIntVector);
    const [rows, oks] = [itemsOf(row), itemsOf(ok)];
    for (let i = 0; i < chunk.rowCount; i++) {
      rows[i] = position + i + 1;
      oks[i] = 0;
    }
    let next: Tallying | null = null;
    const crosses = position + chunk.rowCount > bound;
    if (answers !== null) {
      const out = [itemsOf(probability), itemsOf(labels), itemsOf(diagnoses), itemsOf(cautions)] as const;
      const answered = answers.stopped?.answered ?? good.length;
      for (let k = 0; k < answered; k++) {
        const i = good[k] as number;
        const isNext = crosses && position + i + 1 > bound;
        if (isNext && next === null) next = new Tallying(tally.tally, tally.done);
        oks[i] = 1;
        out[0][i] = answers.probabilities[k] as number;
        out[1][i] = answers.labels[k] as number;
        out[2][i] = answers.diagnoses[k] as number;
        out[3][i] = answers.cautions[k] as number;
        (isNext ? (next as Tallying) : tally).count(answers, k, truths[i] as number);
      }
    }
    for (const changed of [row, ok, probability, labels, diagnoses, cautions]) changed.flush();
    return crosses ? (next ?? new Tallying(tally.tally, tally.done)) : null;
  }
}

/** The array of numbers that a vector keeps, in which they can be changed before its `flush`. */
const itemsOf = (
  vector: DuckDBDoubleVector | DuckDBIntegerVector | DuckDBUTinyIntVector | DuckDBUIntegerVector,
): { [index: number]: number } => (vector as unknown as { items: { [index: number]: number } }).items;

type Column = { name: string; type: string };

const partColumns = (texts: readonly number[]): Column[] => [
  { name: "row", type: "INTEGER" },
  ...texts.map((at) => ({ name: cellColumn(at), type: "VARCHAR" })),
  ...VALUE_COLUMNS.map((name) => ({ name, type: "DOUBLE" })),
  { name: "truth", type: "UTINYINT" },
  { name: "raw", type: "VARCHAR" },
  { name: "ok", type: "UTINYINT" },
  { name: "probability", type: "DOUBLE" },
  { name: "label", type: "UTINYINT" },
  { name: "diagnosis", type: "UTINYINT" },
  { name: "cautions", type: "UINTEGER" },
];

/** Tables in memory, one for each part: the one that is filled, and the one that is being written. */
function partTables(connection: DuckDBConnection, columns: readonly Column[]) {
  const definition = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  let number = 0;
  let appender: Awaited<ReturnType<DuckDBConnection["createAppender"]>>;
  const name = () => `part${number}`;
  const begin = async () => {
    await connection.run(`CREATE OR REPLACE TABLE ${name()} (${definition})`);
    appender = await connection.createAppender(name());
  };
  return {
    begin,
    append: (chunk: DuckDBDataChunk) => appender.appendDataChunk(chunk),
    /** Begins the next table, with the rows of this one beyond `bound`; the name of this one, which has them too. */
    async turn(bound: number): Promise<string> {
      appender.closeSync();
      const full = name();
      number++;
      await begin();
      await connection.run(`INSERT INTO ${name()} SELECT * FROM ${full} WHERE row > ${bound}`);
      return full;
    },
  };
}

/** The statement that writes the rows of a part: what it keeps is readable by itself, codes as words. */
function copyStatement(
  source: string,
  bound: number,
  texts: readonly number[],
  cautionCodes: readonly string[],
  file: string,
): string {
  const word = (column: string, words: readonly string[]) =>
    `CASE ${column} ${words.map((one, at) => `WHEN ${at} THEN ${sqlText(one)}`).join(" ")} END AS ${column}`;
  const codes = cautionCodes.map(
    (code, bit) => `CASE WHEN cautions & ${(1 << bit) >>> 0} <> 0 THEN ${sqlText(code)} END`,
  );
  const none = sqlText(cautionsText([]) ?? "");
  const cautions = `CASE cautions WHEN ${NOT_TOLD.cautions} THEN NULL WHEN 0 THEN ${none} ELSE concat_ws(' ', ${codes.join(", ") || "NULL"}) END AS cautions`;
  const columns = [
    "row",
    ...texts.map(cellColumn),
    ...VALUE_COLUMNS,
    word("truth", CLASSES),
    word("label", LABELS),
    word("diagnosis", CLASSES),
    "probability",
    cautions,
  ];
  return `COPY (SELECT ${columns.join(", ")} FROM ${source} WHERE ok = 1 AND row <= ${bound}) TO ${sqlText(file)}
    (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 20480)`;
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
