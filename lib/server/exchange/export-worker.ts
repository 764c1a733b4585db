import "server-only";
import { parentPort, workerData } from "node:worker_threads";
import type { ArgScalarType } from "@prisma/driver-adapter-utils";
import Database from "better-sqlite3";
import { uncertainBand } from "@/lib/contract";
import { databaseKind, sqlitePath } from "@/lib/database-url";
import { type FileOptions, type WrittenPrediction, writerOf } from "@/lib/exchange/prediction-file";
import { BUSY_TIMEOUT_MS, postgresSettings } from "@/lib/server/database/settings";
import { rethrow } from "@/lib/server/database/threads";
import { FEATURE_KEYS } from "@/tables/current";

/**
 * The thread that reads and writes an export, for lib/server/exchange/export.ts: it answers each message with the next piece of
 * the file, and the last one with null. An entry of its own (`npm run bundle:server`).
 */

/** `sql` is a condition on the table `prediction`, with the driver's placeholders for `values`. */
export type ExportJob = {
  url: string;
  where: { sql: string; values: readonly unknown[] };
  file: FileOptions;
};

/** SQLite's own would be 16 MB, and what is read once needs none. */
const CACHE_KIB = 2_000;

/** Rows in one statement and one piece. More are no faster: they live longer, and are collected later. */
const BATCH_ROWS = 250;

const COLUMNS = [
  ...["id", "created_at", "source", "diagnosis", "label", "probability", "base", "model_id"],
  ...["backend", "latency_ms", "outcome", "outcome_on"],
].map((name) => `prediction.${name}`);
const MEASUREMENTS = FEATURE_KEYS.map((key) => `prediction.${key}`);
/** Where in a row the measurements begin: after the columns above, the annotation's two and the detail's two. */
const FIRST_MEASUREMENT = COLUMNS.length + 4;

const select = (withDetail: boolean) => `
  SELECT ${COLUMNS.join(", ")}, annotation.case_code, annotation.note,
    ${withDetail ? "prediction_detail.contributions, prediction_detail.typicality" : "NULL, NULL"}, ${MEASUREMENTS.join(", ")}
  FROM prediction LEFT JOIN annotation ON annotation.prediction_id = prediction.id
    ${withDetail ? "LEFT JOIN prediction_detail ON prediction_detail.prediction_id = prediction.id" : ""}`;

type Texts = string | null;
/** What `select` selects, in its order; the measurements follow. */
type Facts = [
  id: string,
  createdAt: string,
  source: string,
  diagnosis: string,
  label: Texts,
  probability: number,
  base: number | null,
  modelId: number,
  backend: string,
  latencyMs: number,
  outcome: Texts,
  outcomeOn: Texts,
  caseCode: Texts,
  note: Texts,
  contributions: Texts,
  typicality: Texts,
];

async function* pieces({ url, where, file }: ExportJob): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const writer = writerOf(file);
  const isSqlite = databaseKind(url) === "sqlite";
  const reader = isSqlite ? openSqlite(url) : await openPostgres(url);
  try {
    const placeholder = isSqlite ? "?" : `$${where.values.length + 1}`;
    // By id, whose order is that of creation, so that no batch reads what others did.
    const sql = `${select(writer.needsDetail)}
      WHERE (${where.sql}) AND prediction.id < ${placeholder} ORDER BY prediction.id DESC LIMIT ${BATCH_ROWS}`;
    const bytes = new ByteWriter();
    bytes.write(writer.head);
    let models = new Map<number, ModelFacts>();
    let before = AFTER_ALL_IDS;
    for (let count = BATCH_ROWS; count === BATCH_ROWS; ) {
      count = 0;
      for (const row of await reader.read(sql, [...where.values, before])) {
        if (!models.has(modelIdOf(row))) models = await modelsById(reader);
        for (const text of writer.line(toWritten(row, models))) bytes.write(text);
        before = String(row[0]);
        count++;
      }
      // Not while the statement runs: a slow consumer would keep the write-ahead log from being reused.
      yield* bytes.take();
    }
  } finally {
    await reader.close();
  }
}

/** UTF-8, line by line: a batch put together as one string first takes ten times as long to encode. */
class ByteWriter {
  readonly #encoder = new TextEncoder();
  readonly #full: Uint8Array<ArrayBuffer>[] = [];
  #bytes = new Uint8Array(PIECE_BYTES);
  #used = 0;

  write(text: string): void {
    // No UTF-16 code unit takes more than three bytes.
    const most = 3 * text.length;
    if (this.#used + most > this.#bytes.length) this.#begin(Math.max(PIECE_BYTES, most));
    this.#used += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written;
  }

  /** What was written since the last time. */
  take(): Uint8Array<ArrayBuffer>[] {
    this.#begin(PIECE_BYTES);
    return this.#full.splice(0);
  }

  #begin(size: number): void {
    if (this.#used > 0) this.#full.push(this.#bytes.subarray(0, this.#used));
    this.#bytes = new Uint8Array(size);
    this.#used = 0;
  }
}

const PIECE_BYTES = 128 * 1024;

const AFTER_ALL_IDS = "~";

/** Rows as arrays, in the order of what is selected. */
type Reader = {
  read: (sql: string, values: readonly unknown[]) => Iterable<unknown[]> | Promise<Iterable<unknown[]>>;
  close: () => void | Promise<void>;
};

/** One row after the other: none outlives its line, where all of a batch at once would be costly to collect. */
function openSqlite(url: string): Reader {
  const sqlite = new Database(sqlitePath(url), { readonly: true, timeout: BUSY_TIMEOUT_MS });
  sqlite.pragma(`cache_size = -${CACHE_KIB}`);
  return {
    read: (sql, values) =>
      sqlite
        .prepare(sql)
        .raw()
        .iterate(...values) as Iterable<unknown[]>,
    close: () => {
      sqlite.close();
    },
  };
}

async function openPostgres(url: string): Promise<Reader> {
  // Not for SQLite, whose thread is smaller without it.
  const { PrismaPg } = await import("@prisma/adapter-pg");
  const adapter = await new PrismaPg({ ...postgresSettings(url), max: 1 }).connect();
  return {
    async read(sql, values) {
      const argTypes = values.map((value) => ({ scalarType: scalarType(value), arity: "scalar" as const }));
      return (await adapter.queryRaw({ sql, args: [...values], argTypes })).rows;
    },
    close: () => adapter.dispose(),
  };
}

function scalarType(value: unknown): ArgScalarType {
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "boolean" ? "boolean" : "string";
}

type ModelFacts = ReturnType<typeof factsOfModel>;

async function modelsById(reader: Reader): Promise<Map<number, ModelFacts>> {
  const models = new Map<number, ModelFacts>();
  for (const row of await reader.read("SELECT id, name, version, hash, threshold, uncertain FROM model", []))
    models.set(Number(row[0]), factsOfModel(row as ModelRow));
  return models;
}

type ModelRow = [
  id: unknown,
  name: string,
  version: string,
  hash: Texts,
  threshold: number | null,
  uncertain: Texts,
];

function factsOfModel([, name, version, hash, threshold, uncertain]: ModelRow) {
  const band = uncertain === null ? null : uncertainBand.parse(JSON.parse(uncertain));
  return {
    name,
    version,
    hash,
    threshold,
    level: band?.level ?? null,
    from: band?.from ?? null,
    to: band?.to ?? null,
  };
}

const modelIdOf = (row: unknown[]) => Number(row[COLUMNS.indexOf("prediction.model_id")]);

function toWritten(row: unknown[], models: ReadonlyMap<number, ModelFacts>): WrittenPrediction {
  // The driver types no row; its order is that of `select`.
  const facts = row as unknown as Facts;
  const [id, createdAt, source, diagnosis, label, probability, base, modelId, backend, latencyMs, ...rest] =
    facts;
  const [outcome, outcomeOn, caseCode, note, contributions, typicality] = rest;
  const model = models.get(Number(modelId));
  if (model === undefined) throw new Error(`Prediction ${id} names a model that is not there.`);
  return {
    facts: {
      id,
      created_at: isoTime(createdAt),
      source,
      diagnosis,
      label,
      probability,
      threshold: model.threshold,
      base,
      model_name: model.name,
      model_version: model.version,
      model_hash: model.hash,
      uncertain_level: model.level,
      uncertain_from: model.from,
      uncertain_to: model.to,
      backend,
      latency_ms: latencyMs,
      outcome,
      outcome_on: outcomeOn === null ? null : isoTime(outcomeOn).slice(0, 10),
      case_code: caseCode,
      note,
    },
    measurements: row.slice(FIRST_MEASUREMENT) as number[],
    contributions,
    typicality,
  };
}

/** The drivers give times as ISO 8601 with an offset; SQLite's, as Prisma writes it, needs no more than this. */
const isoTime = (text: string) =>
  text.length === 29 && text.endsWith("+00:00") ? `${text.slice(0, 23)}Z` : new Date(text).toISOString();

function serve(job: ExportJob): void {
  const source = pieces(job);
  const send = async () => {
    const { done, value } = await source.next();
    if (done === true) parentPort?.postMessage(null);
    else parentPort?.postMessage(value, [value.buffer]);
  };
  let sent = Promise.resolve();
  // A failure rejects, which ends the thread, and the other side is told.
  parentPort?.on("message", () => {
    sent = sent.then(send).catch(rethrow);
  });
}

serve(workerData);
