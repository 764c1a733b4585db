import "server-only";
import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { type AuditDetail, filterNames } from "@/lib/access/audit";
import { EXPORT_PARAMETERS, parseExportQuery } from "@/lib/exchange/export-query";
import { type FileOptions, writerOf } from "@/lib/exchange/prediction-file";
import { filterPairs } from "@/lib/history/filters";
import { parseHistoryQuery } from "@/lib/history/query";
import { searchParamsOf } from "@/lib/list-address";
import { fail, ok, type Result } from "@/lib/result";
import { requireRight } from "@/lib/server/access/actor";
import { audit } from "@/lib/server/access/audit";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { reading, type StoreError } from "@/lib/server/database/store";
import { databaseUrl } from "@/lib/server/database/team-database";
import { THREAD_LIMITS, threadFile } from "@/lib/server/database/threads";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { whereClause } from "@/lib/server/history/conditions";
import { fileStamp } from "@/lib/time";
import { words } from "@/tables/current";
import type { ExportJob } from "./export-worker";

/** Which predictions an export holds; `where` is a condition on the table `prediction`. */
export type Export = {
  where: Prisma.Sql;
  file: FileOptions;
  contentType: string;
  fileName: string;
  detail: AuditDetail;
};

/** Reads an export's address; the error is a sentence for the reader. */
export function readExport(search: URLSearchParams, now = new Date()): Result<Export, string> {
  const query = parseExportQuery(search);
  if (!query.ok) return query;
  const { ids, ...file } = query.value;
  const own = new Set<string>(EXPORT_PARAMETERS);
  const shown = parseHistoryQuery(
    searchParamsOf(new URLSearchParams([...search].filter(([name]) => !own.has(name)))),
  );
  if (!shown.ok) return fail(shown.error.message);
  return ok({
    where:
      ids === null
        ? inOrderOfIds(whereClause(shown.value.filters))
        : Prisma.sql`prediction.deleted_at IS NULL AND prediction.id IN (${Prisma.join([...ids])})`,
    file,
    contentType: writerOf(file).contentType,
    fileName: `${words.app.slug}-predictions-${fileStamp(now)}.${file.format}`,
    detail: {
      format: file.format,
      ...(ids === null ? { filters: filterNames(filterPairs(shown.value.filters)) } : { count: ids.length }),
    },
  });
}

/** Records an export that is about to be sent; where it cannot be, it is not to be sent. */
export const recordExport = ({ detail }: Pick<Export, "detail">): Promise<Result<void, StoreError>> =>
  reading("export_not_recorded", () => audit("history_exported", { detail }));

/**
 * The same condition, for which no index is searched: SQLite would otherwise find all that is not deleted by one, and
 * sort a million rows for the first 250. As an expression it is tried row by row in the order of the ids.
 */
const inOrderOfIds = (condition: Prisma.Sql) => Prisma.sql`coalesce((${condition}), FALSE)`;

/** Pieces that are made before they are asked for, so that reading goes on while one is being sent. */
const AHEAD = 2;

/**
 * The file of the predictions that `where` holds for, newest first, piece by piece; AHEAD pieces are in memory at a
 * time. A thread of its own makes it, with a connection of its own, so that pages do not wait; it ends at once when the
 * consumer returns. What is saved meanwhile is not in it. Throws where the database cannot be read.
 */
export function exportPredictions(
  where: Prisma.Sql,
  file: FileOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  // At once, and not with the first piece, which is asked for by whoever sends the file.
  requireRight("read");
  const sql = kindOfDatabase() === "sqlite" ? where.sql : where.text;
  return piecesOf({ url: databaseUrl(), where: { sql, values: where.values }, file });
}

async function* piecesOf(workerData: ExportJob): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const worker = new Worker(threadFile("export-worker"), { workerData, resourceLimits: THREAD_LIMITS });
  try {
    for (let piece = 0; piece < AHEAD; piece++) worker.postMessage("next");
    // Its "error" is thrown here.
    for await (const [piece] of on(worker, "message", { close: ["exit"] })) {
      if (piece === null) return;
      yield piece;
      worker.postMessage("next");
    }
    throw new Error("The export's thread ended before the file did.");
  } finally {
    await worker.terminate();
  }
}
