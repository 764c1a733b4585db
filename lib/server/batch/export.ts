import "server-only";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Batch } from "@/lib/batch/batch";
import { requireRight } from "@/lib/server/access/actor";
import { audit } from "@/lib/server/access/audit";
import { log } from "@/lib/server/log";
import { FEATURES, type Feature } from "@/tables/current";
import { openDuck, sqlName, sqlText } from "./duck";
import { cellColumn, fileValue } from "./relation";
import { partsClause } from "./rows";
import { badRowsName, batchStore } from "./store";

/** What a batch's answers are downloaded as. */
export const BATCH_FORMATS = ["csv", "parquet", "jsonl"] as const;
export type BatchFormat = (typeof BATCH_FORMATS)[number];

const FORMATS: Record<BatchFormat, { contentType: string; options: string }> = {
  csv: { contentType: "text/csv; charset=utf-8", options: "FORMAT csv, HEADER" },
  parquet: { contentType: "application/vnd.apache.parquet", options: "FORMAT parquet, COMPRESSION zstd" },
  jsonl: { contentType: "application/x-ndjson", options: "FORMAT json" },
};

const MEMORY_MB = 64;

export type BatchFile = {
  bytes: AsyncIterable<Uint8Array>;
  contentType: string;
  fileName: string;
};

/**
 * The answered rows as a file: all columns of the file as it came, in their order and under their names, then the answers.
 * Null where nothing is answered. It is written in the batch's folder first, and goes when it has been read.
 */
export async function exportRows(batch: Batch, format: BatchFormat): Promise<BatchFile | null> {
  requireRight("read");
  const parts = await partsClause(batch);
  if (parts === null || batch.shape === null || batch.mapping === null) return null;
  await recordDownload(batch, format);
  // Beside the work, whose folder goes when a batch that is still worked on ends.
  const folder = await mkdtemp(join(dirname(await batchStore().workFolder(batch.id)), "export-"));
  const path = join(folder, "rows");
  const { contentType, options } = FORMATS[format];
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const instance = await openDuck({ memoryMb: MEMORY_MB, folder });
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT ${exportColumns(batch.shape.columns, batch.mapping.measurements)} FROM ${parts})
       TO ${sqlText(path)} (${options})`,
    );
    connection.closeSync();
    instance.closeSync();
  } catch (error) {
    await remove();
    throw error;
  }
  const bytes = async function* () {
    try {
      yield* createReadStream(path) as AsyncIterable<Uint8Array>;
    } finally {
      await remove();
    }
  };
  return { bytes: bytes(), contentType, fileName: nameOf(batch, format) };
}

const recordDownload = ({ id, model }: Batch, format: BatchFormat) =>
  audit("batch_downloaded", {
    object: "batch",
    objectId: id,
    modelHash: model?.hash,
    detail: { format },
  });

/** The rows that could not be read, as CSV; null where there is no such file. */
export async function exportBadRows(batch: Batch): Promise<BatchFile | null> {
  requireRight("read");
  const path = await batchStore().fetch(badRowsName(batch.id));
  if (path === null) return null;
  await recordDownload(batch, "csv");
  return {
    bytes: createReadStream(path),
    contentType: FORMATS.csv.contentType,
    fileName: nameOf(batch, "csv", "not-read"),
  };
}

/** Names that the file has already stay the file's. */
function exportColumns(columns: readonly string[], measurements: readonly number[]): string {
  const taken = new Set<string>();
  const named = (column: string, wanted: string) => {
    let name = wanted;
    for (let more = 2; taken.has(name.toLowerCase()); more++) name = `${wanted}_${more}`;
    taken.add(name.toLowerCase());
    return `${column} AS ${sqlName(name)}`;
  };
  return [
    ...columns.map((name, at) => {
      const index = measurements.indexOf(at);
      return named(index < 0 ? cellColumn(at) : fileValue(FEATURES[index] as Feature), name);
    }),
    named("row", "row"),
    named("coalesce(label, diagnosis)", "answer"),
    named("diagnosis", "predicted_diagnosis"),
    named("probability", "probability"),
    named("cautions", "cautions"),
  ].join(", ");
}

/** "cases.csv" becomes "cases-answers.csv", of letters that every system takes. */
function nameOf({ fileName }: Batch, format: BatchFormat, what = "answers"): string {
  const stem = fileName.replace(/(\.[a-z0-9]{1,8}){1,2}$/i, "").replaceAll(/[^\w.-]+/g, "-");
  return `${stem.slice(0, 80) || "batch"}-${what}.${format}`;
}

/**
 * A file's bytes as fast as they are taken. Where nobody takes them they are begun and ended, which cleans up after them; where
 * they fail, the connection breaks, so that half a file is not taken for a whole one.
 */
export function streamOf({ bytes }: Pick<BatchFile, "bytes">): ReadableStream<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          log("error", "batch_export_broken_off", {}, error);
          controller.error(error);
        }
      },
      async cancel() {
        await pieces.next();
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
