import "server-only";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { type Batch, ENDED } from "@/lib/batch/batch";
import { valueWithoutMentions, withoutMentions } from "@/lib/privacy/mention";
import { requireRight } from "@/lib/server/access/actor";
import { entriesOf, recorded } from "@/lib/server/access/audit";
import { database } from "@/lib/server/database/db";
import { env } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { forgetUpload, purgeBatch, toBatch } from "./batches";
import { PARQUET, rowsOf, sqlText } from "./duck";
import { cellColumn, textColumns } from "./relation";
import { connect, partsClause } from "./rows";
import { badRowsName, batchPlace, batchStore, partName } from "./store";

/**
 * The rows of one case code in the files of batches, to be exported and erased. Of a batch that has ended only its parts have
 * rows, and are written anew without them. What was sent cannot be: it may be packed, or a workbook. So it goes when its batch
 * ends, and one that has not ended is erased whole, or not at all.
 */

/** `isWhole`: it can only be erased whole, since other machines have copies of its parts. */
export type BatchWithCase = { batch: Batch; rows: number; isWhole: boolean };
export type CaseInBatches = {
  found: BatchWithCase[];
  /** Those that have not ended, or cannot be read. */
  notSearched: Batch[];
};

/** Which batches of the team, deleted or not, have rows of a case. */
export async function findCaseInBatches(code: string): Promise<CaseInBatches> {
  requireRight("administer");
  const { batch: table } = await database();
  const batches = (await table.findMany({ orderBy: { id: "asc" } })).map(toBatch);
  const hasEnded = (batch: Batch) => ENDED.includes(batch.state) && !batch.isWorkedOn;
  const isWhole = batchPlace().kind === "bucket" && env().REPLICAS > 1;
  const found: BatchWithCase[] = [];
  const notSearched = batches.filter((batch) => !hasEnded(batch));
  for (const batch of batches.filter(hasEnded)) {
    try {
      const rows = await inParts(batch, async (duck, parts) => {
        const [[count] = []] = await rowsOf(duck, `SELECT count(*) FROM ${parts} WHERE ${isOf(batch)}`, [
          code,
        ]);
        return Number(count);
      });
      if (rows !== null && rows > 0) found.push({ batch, rows, isWhole });
    } catch (error) {
      // It can only be erased whole; the others are searched all the same.
      log("error", "batch_rows_not_read", { batch: batch.id }, error);
      notSearched.push(batch);
    }
  }
  return { found, notSearched };
}

/** The rows of a case in a batch, each with the file's columns and the answer. */
export async function rowsOfCase(batch: Batch, code: string): Promise<object[]> {
  requireRight("administer");
  const { shape } = batch;
  const rows = await inParts(batch, async (duck, parts) => {
    const found = await duck.runAndReadAll(`SELECT * FROM ${parts} WHERE ${isOf(batch)} ORDER BY row`, [
      code,
    ]);
    return found.getRowObjectsJson();
  });
  return (rows ?? []).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [shape?.columns[cellPlace(name)] ?? name, value]),
    ),
  );
}

/** The place of a column that is kept as a text: "c3" is 3; of others none. */
const cellPlace = (name: string) => (/^c\d+$/.test(name) ? Number(name.slice(1)) : -1);

/**
 * Takes the rows of a case out of a batch that has ended: its parts are written anew, one after the other, each whole or not at
 * all. What else says the code of it, in the list of bad rows or among the first rows, goes too.
 */
export async function eraseFromBatch({ batch, rows, isWhole }: BatchWithCase, code: string): Promise<void> {
  requireRight("administer");
  if (isWhole) return eraseBatch(batch.id);
  const { id, parts, shape, check } = batch;
  const store = batchStore();
  const folder = await store.workFolder(id);
  await inParts(batch, async (duck) => {
    for (let part = 0; part < parts; part++) {
      const file = await store.fetch(partName(id, part));
      if (file === null) continue;
      const source = `read_parquet(${sqlText(file)})`;
      const [[count] = []] = await rowsOf(duck, `SELECT count(*) FROM ${source} WHERE ${isOf(batch)}`, [
        code,
      ]);
      if (Number(count) === 0) continue;
      const made = join(folder, `without-${part}.parquet`);
      await duck.run(
        `COPY (SELECT * FROM ${source} WHERE NOT coalesce(${isOf(batch)}, false)) TO ${sqlText(made)} (${PARQUET})`,
        [code],
      );
      await store.keep(partName(id, part), made);
    }
  });
  await rewriteBadRows(id, code, folder);
  await forgetWork(id);
  const db = await database();
  const isClean = (row: readonly string[]) => !row.some((cell) => cell.trim() === code);
  const saving = db.batch.updateMany({
    where: { id },
    data: {
      shape: shape && JSON.stringify({ ...shape, firstRows: shape.firstRows.filter(isClean) }),
      check: check && JSON.stringify(valueWithoutMentions(check, code)),
      fileName: withoutMentions(batch.fileName, code),
      problem: withoutMentions(batch.problem, code),
    },
  });
  await recorded(
    db,
    entriesOf("case_erased", { object: "batch", objectId: id, detail: { count: rows } }),
    saving,
  );
}

/** Erases a batch with all of its files, deleted or not. Throws where it could not be. */
export async function eraseBatch(id: string): Promise<void> {
  const purged = await purgeBatch(id);
  if (!purged.ok) throw purged.error.cause;
}

/** What is left on this machine of work and downloads that were broken off. */
async function forgetWork(id: string): Promise<void> {
  const store = batchStore();
  await forgetUpload(id);
  const work = await store.workFolder(id);
  for (const name of await readdir(dirname(work))) {
    if (/^(work$|export-)/.test(name)) await rm(join(dirname(work), name), { recursive: true, force: true });
  }
}

async function rewriteBadRows(id: string, code: string, folder: string): Promise<void> {
  const store = batchStore();
  const file = await store.fetch(badRowsName(id));
  if (file === null || !existsSync(file)) return;
  const made = join(folder, "bad-rows-without.csv");
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  await pipeline(
    lines,
    async function* (from: AsyncIterable<string>) {
      for await (const line of from) yield `${withoutMentions(line, code)}\r\n`;
    },
    createWriteStream(made),
  );
  await store.keep(badRowsName(id), made);
}

async function inParts<T>(
  batch: Batch,
  work: (duck: DuckDBConnection, parts: string) => Promise<T>,
): Promise<T | null> {
  const parts = await partsClause(batch);
  if (parts === null || batch.shape === null || batch.mapping === null) return null;
  const duck = await connect();
  try {
    return await work(duck, parts);
  } finally {
    duck.closeSync();
  }
}

/**
 * Whether a row is of the code that is the statement's one value, since an error tells its statement to the log: by the column
 * of the code; where no column is that, by all texts but the truth.
 */
function isOf({ shape, mapping }: Batch): string {
  if (shape === null || mapping === null) return NONE;
  const columns =
    mapping.code === null
      ? textColumns({ shape }, mapping).filter((at) => at !== mapping.truth?.column)
      : [mapping.code];
  const conditions = columns.map((at) => `trim(${cellColumn(at)}, ${SPACES}) = $1`);
  return conditions.length === 0 ? NONE : `(${conditions.join(" OR ")})`;
}

/** A condition that holds for no row; it has a place for the value that each statement is given. */
const NONE = "$1 IS NULL";
const SPACES = "' ' || chr(9) || chr(10) || chr(13)";
