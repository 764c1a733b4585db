import "server-only";
import { v7 as uuidv7 } from "uuid";
import { type ImportReport, MAX_REFUSALS, refusals } from "@/lib/import-report";
import type { ReadPrediction } from "@/lib/prediction-file";
import { fail, ok, type Result } from "@/lib/result";
import { daysBefore } from "@/lib/retention";
import { database } from "@/lib/server/db";
import { kindOfDatabase } from "@/lib/server/dialect";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { readPredictions } from "@/lib/server/prediction-reader";
import { idOfModel, type StoreError } from "@/lib/server/predictions";
import { timeText } from "@/lib/time-text";
import { FEATURE_KEYS } from "@/model/features";

/** Columns and their types in PostgreSQL; SQLite's own are those of the JSON. */
type Columns = Record<string, "text" | "integer" | "double precision" | "timestamp(3)">;

const PREDICTION: Columns = {
  ...{ id: "text", created_at: "timestamp(3)", source: "text", diagnosis: "text", label: "text" },
  ...{
    probability: "double precision",
    base: "double precision",
    model_id: "integer",
    model_version: "text",
  },
  ...{ backend: "text", latency_ms: "double precision", outcome: "text", outcome_on: "timestamp(3)" },
  idempotency_key: "text",
  ...Object.fromEntries(FEATURE_KEYS.map((key) => [key, "double precision" as const])),
};
const DETAIL: Columns = { prediction_id: "text", contributions: "text", typicality: "text" };
const ANNOTATION: Columns = { prediction_id: "text", case_code: "text", note: "text" };

/** What a batch takes (some 20 ms) every other request waits, at each of the several turns that it needs. */
const BATCH_ROWS = 100;

/**
 * Saves the predictions of a file under their own ids, in transactions of some hundred; those that are there already,
 * deleted or not, stay as they are. What a failure leaves behind is whole batches: the same file can be sent again.
 */
export async function importPredictions(
  bytes: AsyncIterable<Uint8Array>,
): Promise<Result<ImportReport, StoreError>> {
  const report: ImportReport = { added: 0, present: 0, refused: 0, refusals: [] };
  let batch: ReadPrediction[] = [];
  const insert = async () => {
    const added = await insertBatch(batch);
    report.added += added;
    report.present += batch.length - added;
    batch = [];
    // Others have their turn: neither parsing nor the driver would let them.
    await new Promise((resolve) => setImmediate(resolve));
  };
  try {
    for await (const { line, prediction } of readPredictions(bytes)) {
      if (prediction.ok) {
        batch.push(prediction.value);
        if (batch.length === BATCH_ROWS) await insert();
      } else {
        report.refused++;
        if (report.refusals.length < MAX_REFUSALS) report.refusals.push({ line, reason: prediction.error });
      }
    }
    if (batch.length > 0) await insert();
    return ok(report);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}

/** Inserts what is not there yet, in one transaction; how many that was. */
async function insertBatch(batch: readonly ReadPrediction[]): Promise<number> {
  const rows: Value[][] = [];
  for (const prediction of batch) rows.push(toRow(prediction, await idOfModel(modelOf(prediction))));
  const db = await database();
  // One after the other on the client's one connection, where no save can come between.
  return db.$transaction(async (transaction) => {
    const inserted = await transaction.$queryRaw<{ id: string }[]>(
      insertStatement("prediction", PREDICTION, rows, "ON CONFLICT DO NOTHING RETURNING id"),
    );
    const ids = new Set(inserted.map(({ id }) => id));
    // Of an id that the file has twice, the first was inserted.
    const added = batch.filter(({ id }) => ids.delete(id));
    await insertInto(
      transaction,
      "prediction_detail",
      DETAIL,
      added.flatMap(({ id, contributions, typicality }) =>
        contributions === null && typicality === null
          ? []
          : [[id, toJson(contributions), toJson(typicality)]],
      ),
    );
    await insertInto(
      transaction,
      "annotation",
      ANNOTATION,
      added.flatMap(({ id, case_code, note }) =>
        case_code === null && note === null ? [] : [[id, case_code, note]],
      ),
    );
    return inserted.length;
  });
}

type Value = string | number | null;

async function insertInto(
  transaction: Prisma.TransactionClient,
  table: string,
  columns: Columns,
  rows: readonly Value[][],
): Promise<void> {
  if (rows.length > 0) await transaction.$executeRaw(insertStatement(table, columns, rows));
}

/**
 * One statement with all rows in one JSON parameter: by thousands of parameters, Prisma held up all else for seconds. THE place
 * where the two databases differ. Both read a number's shortest text as the same double (tested for SQLite).
 */
function insertStatement(table: string, columns: Columns, rows: readonly Value[][], suffix = ""): Prisma.Sql {
  const names = Object.keys(columns).join(", ");
  const json = JSON.stringify(rows);
  const isSqlite = kindOfDatabase() === "sqlite";
  const cells = Object.values(columns).map((type, place) =>
    isSqlite ? `value ->> ${place}` : `(value ->> ${place})::${type}`,
  );
  const given = isSqlite
    ? Prisma.sql`json_each(${json})`
    : Prisma.sql`jsonb_array_elements(${json}::jsonb) AS given(value)`;
  // Without the WHERE, SQLite takes ON CONFLICT for the condition of a join.
  return Prisma.sql`INSERT INTO ${Prisma.raw(table)} (${Prisma.raw(names)})
    SELECT ${Prisma.raw(cells.join(", "))} FROM ${given} WHERE TRUE ${Prisma.raw(suffix)}`;
}

function toRow(prediction: ReadPrediction, modelId: number): Value[] {
  return [
    prediction.id,
    timeText(prediction.created_at),
    prediction.source,
    prediction.diagnosis,
    prediction.label,
    prediction.probability,
    prediction.base,
    modelId,
    prediction.model_version,
    prediction.backend,
    prediction.latency_ms,
    prediction.outcome,
    prediction.outcome_on === null ? null : timeText(prediction.outcome_on),
    // Its form is not known here, and no form's key is like this.
    `imported ${prediction.id}`,
    ...FEATURE_KEYS.map((key) => prediction[key]),
  ];
}

function modelOf(read: ReadPrediction) {
  const { uncertain_level: level, uncertain_from: from, uncertain_to: to } = read;
  return {
    name: read.model_name,
    version: read.model_version,
    hash: read.model_hash,
    threshold: read.threshold,
    uncertain: level === null || from === null || to === null ? null : { level, from, to },
  };
}

const toJson = (value: object | null) => (value === null ? null : JSON.stringify(value));

const KEPT_DAYS = 30;

/** Keeps what came of an import for 30 days; its id. */
export async function keepReport(
  fileName: string,
  report: ImportReport,
): Promise<Result<string, StoreError>> {
  try {
    const { importReport } = await database();
    const { refusals, ...counts } = report;
    const at = new Date();
    const id = uuidv7();
    await importReport.create({
      data: { id, at, fileName, ...counts, refusals: JSON.stringify(refusals) },
    });
    await importReport.deleteMany({ where: { at: { lt: daysBefore(at, KEPT_DAYS) } } });
    return ok(id);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}

/** What came of an import; null where no report has this id. */
export async function findReport(
  id: string,
): Promise<Result<(ImportReport & { fileName: string }) | null, StoreError>> {
  try {
    const found = await (await database()).importReport.findUnique({ where: { id } });
    return ok(found === null ? null : { ...found, refusals: refusals.parse(JSON.parse(found.refusals)) });
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}
