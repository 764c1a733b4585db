import "server-only";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Worker } from "node:worker_threads";
import { v7 as uuidv7 } from "uuid";
import { type ImportReport, importReport, remarks } from "@/lib/exchange/import-report";
import { daysBefore } from "@/lib/history/retention";
import type { Result } from "@/lib/result";
import { entriesOf } from "@/lib/server/access/audit";
import { reading, type StoreError, writing } from "@/lib/server/database/store";
import { databaseUrl } from "@/lib/server/database/team-database";
import { threadFile } from "@/lib/server/database/threads";
import type { ImportJob } from "./import-worker";

/** Megabytes: some thousand predictions are in the thread at a time, as records, as rows and as JSON. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

/**
 * Saves the predictions of a file under their own ids, in transactions of a thousand; those that are there already,
 * deleted or not, stay as they are, unless `take` is set: then what a person can change of them is taken over. What a failure leaves behind is whole batches: the same file can be sent again.
 * A thread of its own does it, so that no page waits while the file is read and checked; it takes the bytes at its pace.
 */
export async function importPredictions(
  bytes: AsyncIterable<Uint8Array>,
  { take }: Pick<ImportJob, "take">,
): Promise<Result<ImportReport, StoreError>> {
  return writing("not_imported", async (db) => {
    // Fails where the file that the thread would open is not the one that this process has open.
    await db.$queryRaw`SELECT 1`;
    return importInThread(bytes, take);
  });
}

async function importInThread(bytes: AsyncIterable<Uint8Array>, take: boolean): Promise<ImportReport> {
  const workerData: ImportJob = {
    url: databaseUrl(),
    take,
    entry: entriesOf("history_imported", {})[0] ?? null,
  };
  const worker = new Worker(threadFile("import-worker"), { workerData, stdin: true, resourceLimits: LIMITS });
  const over = new AbortController();
  try {
    // Its "error" is thrown here, and so is that of the bytes. A file that is not text is not read to its end.
    const reported = once(worker, "message", { signal: over.signal });
    const input = worker.stdin as Writable;
    const sent = pipeline(bytes, input, { signal: over.signal });
    const [report] = await Promise.race([reported, sent.then(() => reported)]);
    return importReport.parse(report);
  } finally {
    over.abort();
    await worker.terminate();
  }
}

const KEPT_DAYS = 30;

/** Keeps what came of an import for 30 days; its id. */
export async function keepReport(
  fileName: string,
  report: ImportReport,
): Promise<Result<string, StoreError>> {
  return writing("report_not_kept", async ({ importReport }) => {
    const { refusals, differences, ...counts } = report;
    const at = new Date();
    const id = uuidv7();
    await importReport.create({
      data: {
        ...{ id, at, fileName, ...counts },
        ...{ refusals: JSON.stringify(refusals), differences: JSON.stringify(differences) },
      },
    });
    await importReport.deleteMany({ where: { at: { lt: daysBefore(at, KEPT_DAYS) } } });
    return id;
  });
}

/** The report of an import; null where there is none of this id. */
export async function findReport(
  id: string,
): Promise<Result<(ImportReport & { fileName: string }) | null, StoreError>> {
  return reading("report_not_read", async ({ importReport }) => {
    const found = await importReport.findUnique({ where: { id } });
    if (found === null) return null;
    const read = (json: string) => remarks.parse(JSON.parse(json));
    return { ...found, refusals: read(found.refusals), differences: read(found.differences) };
  });
}
