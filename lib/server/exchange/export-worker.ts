import "server-only";
import { parentPort, workerData } from "node:worker_threads";
import type { ArgScalarType } from "@prisma/driver-adapter-utils";
import Database from "better-sqlite3";
import { uncertainBand } from "@/lib/contract";
import { databaseKind, sqlitePath } from "@/lib/database-url";
import { type FileOptions, type WrittenPrediction, writerOf } from "@/lib/exchange/prediction-file";
import { openPool } from "@/lib/postgres/connect";
import {
  type ColumnKind,
  FILE_COLUMNS,
  PREDICTION_COLUMNS,
  type PredictionColumn,
} from "@/lib/prediction/columns";
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

const EXPORTED = PREDICTION_COLUMNS.filter(({ name, inFile }) => inFile || name === "model_id").map(
  ({ name }) => name,
);

const select = (withDetail: boolean) => `
  SELECT ${EXPORTED.map((name) => `prediction.${name}`).join(", ")}, annotation.case_code, annotation.note,
    ${withDetail ? "prediction_detail.contributions, prediction_detail.typicality" : "NULL, NULL"},
    ${FEATURE_KEYS.map((key) => `prediction.${key}`).join(", ")}
  FROM prediction LEFT JOIN annotation ON annotation.prediction_id = prediction.id
    ${withDetail ? "LEFT JOIN prediction_detail ON prediction_detail.prediction_id = prediction.id" : ""}`;

type Text = string | null;
const JOINED = ["case_code", "note", "contributions", "typicality"] as const;
/** The places of a selected row, in the order of `select`; the measurements follow. */
const AT = Object.fromEntries([...EXPORTED, ...JOINED].map((name, at) => [name, at])) as Record<
  PredictionColumn | (typeof JOINED)[number],
  number
>;
const FIRST_MEASUREMENT = EXPORTED.length + JOINED.length;

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
        before = String(row[AT.id]);
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
  const adapter = await new PrismaPg(await openPool(url, { ...postgresSettings(url), max: 1 }), {
    disposeExternalPool: true,
  }).connect();
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
  for (const row of await reader.read("SELECT id, name, hash, threshold, uncertain FROM model", []))
    models.set(Number(row[0]), factsOfModel(row as ModelRow));
  return models;
}

type ModelRow = [id: unknown, name: string, hash: Text, threshold: number | null, uncertain: Text];

function factsOfModel([, name, hash, threshold, uncertain]: ModelRow) {
  const band = uncertain === null ? null : uncertainBand.parse(JSON.parse(uncertain));
  return {
    model_name: name,
    model_hash: hash,
    threshold,
    uncertain_level: band?.level ?? null,
    uncertain_from: band?.from ?? null,
    uncertain_to: band?.to ?? null,
  };
}

const modelIdOf = (row: unknown[]) => Number(row[AT.model_id]);

function toWritten(row: unknown[], models: ReadonlyMap<number, ModelFacts>): WrittenPrediction {
  const model = models.get(modelIdOf(row));
  if (model === undefined)
    throw new Error(`Prediction ${String(row[AT.id])} names a model that is not there.`);
  // The driver types no row; its order is that of `select`.
  const value = (name: keyof typeof AT) => row[AT[name]] as string | number | null;
  const facts: Partial<WrittenPrediction["facts"]> = {};
  for (const column of FILE_COLUMNS) {
    if (column.table === "model") facts[column.name] = model[column.name];
    else facts[column.name] = writtenAs(column.kind, value(column.name));
  }
  return {
    facts: facts as WrittenPrediction["facts"],
    measurements: row.slice(FIRST_MEASUREMENT) as (number | null)[],
    contributions: value("contributions") as Text,
    typicality: value("typicality") as Text,
  };
}

function writtenAs(kind: ColumnKind, value: string | number | null): string | number | null {
  if (value === null || (kind !== "time" && kind !== "day")) return value;
  const time = isoTime(String(value));
  return kind === "day" ? time.slice(0, 10) : time;
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
