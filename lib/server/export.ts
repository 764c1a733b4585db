import "server-only";
import type { ArgScalarType, SqlDriverAdapter, SqlQuery } from "@prisma/driver-adapter-utils";
import { EXPORT_PARAMETERS, parseExportQuery } from "@/lib/export-query";
import { parseHistoryQuery, searchParamsOf } from "@/lib/history-query";
import { csvWriter, type FileWriter, jsonLinesWriter, type WrittenPrediction } from "@/lib/prediction-file";
import { fail, ok, type Result } from "@/lib/result";
import { uncertainBand } from "@/lib/schema";
import { database, openReader } from "@/lib/server/db";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { matching } from "@/lib/server/history";
import { FEATURE_KEYS } from "@/model/features";

/**
 * Rows in one statement. The driver is synchronous, and what it reads is written before the next request is looked
 * at: at 250 nothing else waits longer than some milliseconds. More are no faster. docs/decisions/0015
 */
const BATCH_ROWS = 250;

const COLUMNS = [
  ...["id", "created_at", "source", "diagnosis", "label", "probability", "base", "model_id"],
  ...["backend", "latency_ms", "outcome", "outcome_on"],
].map((name) => `prediction.${name}`);
const MEASUREMENTS = FEATURE_KEYS.map((key) => `prediction.${key}`);
/** Where in a row the measurements begin: after the columns above, the annotation's two and the detail's two. */
const FIRST_MEASUREMENT = COLUMNS.length + 4;

const SELECT_WITH_DETAIL = Prisma.raw(
  `SELECT ${COLUMNS.join(", ")}, annotation.case_code, annotation.note, prediction_detail.contributions,
    prediction_detail.typicality, ${MEASUREMENTS.join(", ")}
  FROM prediction LEFT JOIN annotation ON annotation.prediction_id = prediction.id
    LEFT JOIN prediction_detail ON prediction_detail.prediction_id = prediction.id`,
);
const SELECT = Prisma.raw(
  `SELECT ${COLUMNS.join(", ")}, annotation.case_code, annotation.note, NULL, NULL, ${MEASUREMENTS.join(", ")}
  FROM prediction LEFT JOIN annotation ON annotation.prediction_id = prediction.id`,
);

type Texts = string | null;
/** What the statements above select, in their order; the 30 measurements follow. */
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

/** Which predictions an export holds; `where` is a condition on the table `prediction`. */
export type Export = { where: Prisma.Sql; writer: FileWriter; fileName: string };

/** Reads an export's address; the error is a sentence for the reader. */
export function readExport(search: URLSearchParams, now = new Date()): Result<Export, string> {
  const query = parseExportQuery(search);
  if (!query.ok) return query;
  const { format, csv, ids } = query.value;
  const own = new Set<string>(EXPORT_PARAMETERS);
  const shown = parseHistoryQuery(
    searchParamsOf(new URLSearchParams([...search].filter(([name]) => !own.has(name)))),
  );
  if (!shown.ok) return fail(shown.error.message);
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return ok({
    where:
      ids === null
        ? inOrderOfIds(matching(shown.value.filters))
        : Prisma.sql`prediction.deleted_at IS NULL AND prediction.id IN (${Prisma.join([...ids])})`,
    writer: format === "csv" ? csvWriter(csv) : jsonLinesWriter(),
    fileName: `cytodesk-predictions-${stamp}.${format}`,
  });
}

/**
 * The same condition, for which no index is searched: SQLite would otherwise find all that is not deleted by one, and
 * sort a million rows for the first 250. As an expression it is tried row by row in the order of the ids.
 */
const inOrderOfIds = (condition: Prisma.Sql) => Prisma.sql`coalesce((${condition}), FALSE)`;

/**
 * The file of the predictions that `where` holds for, newest first, piece by piece; one piece is in memory at a time.
 * It ends at once when the consumer returns, and closes its connection. What is saved meanwhile is not in it.
 * Throws where the database cannot be read.
 */
export async function* exportPredictions(
  where: Prisma.Sql,
  writer: FileWriter,
): AsyncGenerator<string, void> {
  const reader = await openReader();
  try {
    let text = writer.head;
    let models = new Map<number, ModelFacts>();
    let before: string | null = null;
    for (;;) {
      const rows = await readBatch(reader, where, before, writer.needsDetail);
      if (rows.some((row) => !models.has(modelIdOf(row)))) models = await modelsById();
      for (const row of rows) text += writer.line(toWritten(row, models));
      if (text !== "") yield text;
      text = "";
      const last = rows.at(-1);
      if (last === undefined || rows.length < BATCH_ROWS) return;
      before = String(last[0]);
      // Others have their turn: a fast consumer alone would not let them.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await reader.dispose();
  }
}

/** The batch that follows the id `before`. By id, whose order is that of creation, so that no batch reads what others did. */
async function readBatch(
  reader: SqlDriverAdapter,
  where: Prisma.Sql,
  before: string | null,
  withDetail: boolean,
): Promise<unknown[][]> {
  const beyond = before === null ? Prisma.empty : Prisma.sql`AND prediction.id < ${before}`;
  const statement = Prisma.sql`${withDetail ? SELECT_WITH_DETAIL : SELECT}
    WHERE (${where}) ${beyond} ORDER BY prediction.id DESC LIMIT ${BATCH_ROWS}`;
  return (await reader.queryRaw(toDriverQuery(reader, statement))).rows;
}

/** A statement as the driver takes it: SQLite's placeholders are ?, PostgreSQL's are $1, $2, … */
function toDriverQuery({ provider }: SqlDriverAdapter, statement: Prisma.Sql): SqlQuery {
  return {
    sql: provider === "sqlite" ? statement.sql : statement.text,
    args: [...statement.values],
    argTypes: statement.values.map((value) => ({ scalarType: scalarType(value), arity: "scalar" })),
  };
}

function scalarType(value: unknown): ArgScalarType {
  if (value instanceof Date) return "datetime";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "boolean" ? "boolean" : "string";
}

type ModelFacts = ReturnType<typeof factsOfModel>;

async function modelsById(): Promise<Map<number, ModelFacts>> {
  const models = await (await database()).model.findMany();
  return new Map(models.map((model) => [model.id, factsOfModel(model)]));
}

function factsOfModel({ name, version, hash, threshold, uncertain }: Prisma.ModelGetPayload<object>) {
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
  // The driver types no row; its order is that of the statements above.
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
