import "server-only";
import { type BinRow, diagnosis, type HistoryRow, label, type SavedPrediction } from "@/lib/contract";
import { fail, ok, type Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import { NOT_DELETED } from "@/lib/server/database/dialect";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { fromRow, type StoreError } from "@/lib/server/prediction/predictions";
import { FEATURE_KEYS } from "@/model/features";
import { type PredictionColumns, SELECTED, thresholdsOf, toHistoryRow } from "./history";

/** Many predictions at once, deleted or not, in the order of `ids`; those that are not there are left out. */
export async function findPredictions(
  ids: readonly string[],
): Promise<Result<SavedPrediction[], StoreError>> {
  try {
    const rows = await (await database()).prediction.findMany({
      where: { id: { in: [...ids] } },
      include: { model: true, detail: true },
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ok(
      ids.flatMap((id) => {
        const row = byId.get(id);
        return row === undefined ? [] : [fromRow(row)];
      }),
    );
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

/** The latest `count` of the history, newest first, without what only their pages show. */
export async function latestCases(count: number): Promise<Result<HistoryRow[], StoreError>> {
  return readCases(Prisma.sql`${NOT_DELETED} ORDER BY id DESC LIMIT ${count}`);
}

/** The cases of `ids`, deleted or not, newest first; those that are not there are left out. */
export async function findCases(ids: readonly string[]): Promise<Result<HistoryRow[], StoreError>> {
  return readCases(Prisma.sql`id IN (${Prisma.join(ids)}) ORDER BY id DESC`);
}

async function readCases(condition: Prisma.Sql): Promise<Result<HistoryRow[], StoreError>> {
  try {
    const db = await database();
    const rows = await db.$queryRaw<PredictionColumns[]>`
      SELECT ${SELECTED}, ${MEASUREMENTS}
      FROM prediction WHERE ${condition}`;
    const thresholds = await thresholdsOf(db);
    return ok(rows.map((row) => toHistoryRow(row, thresholds, FEATURE_KEYS)));
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

const MEASUREMENTS = Prisma.raw(FEATURE_KEYS.join(", "));

/** Moves predictions to the bin at one time; how many were not there already. */
export async function deletePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return changed(async ({ prediction }) =>
    prediction.updateMany({
      where: { id: { in: [...ids] }, deletedAt: null },
      data: { deletedAt: new Date() },
    }),
  );
}

/** Takes predictions out of the bin; how many were in it. */
export async function restorePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return changed(async ({ prediction }) =>
    prediction.updateMany({
      where: { id: { in: [...ids] }, deletedAt: { not: null } },
      data: { deletedAt: null },
    }),
  );
}

/** Deletes for ever, with all that belongs to them, those predictions that are in the bin; how many were. */
export async function purgePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return changed(async ({ prediction }) =>
    prediction.deleteMany({ where: { id: { in: [...ids] }, deletedAt: { not: null } } }),
  );
}

async function changed(
  change: (db: Awaited<ReturnType<typeof database>>) => Promise<{ count: number }>,
): Promise<Result<number, StoreError>> {
  try {
    return ok((await change(await database())).count);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}

export const BIN_PAGE = 50;

/** What was deleted, last deleted first, after the row `after`; `next` is the row that the next page comes after. */
export async function listBin(
  after: string | null = null,
): Promise<Result<{ rows: BinRow[]; next: string | null }, StoreError>> {
  try {
    const { prediction } = await database();
    const start =
      after === null
        ? null
        : await prediction.findUnique({ where: { id: after }, select: { id: true, deletedAt: true } });
    const from = start?.deletedAt ?? null;
    const found = await prediction.findMany({
      where:
        start === null || from === null
          ? { deletedAt: { not: null } }
          : { deletedAt: { lte: from }, OR: [{ deletedAt: { lt: from } }, { id: { lt: start.id } }] },
      orderBy: [{ deletedAt: "desc" }, { id: "desc" }],
      take: BIN_PAGE + 1,
      select: {
        ...{ id: true, createdAt: true, deletedAt: true, diagnosis: true, label: true, probability: true },
        model: { select: { threshold: true } },
        annotation: { select: { caseCode: true } },
      },
    });
    const rows = found.slice(0, BIN_PAGE).map(
      ({ model, annotation, ...row }): BinRow => ({
        ...row,
        deletedAt: row.deletedAt as Date,
        diagnosis: diagnosis.parse(row.diagnosis),
        label: label.nullable().parse(row.label),
        threshold: model.threshold,
        caseCode: annotation?.caseCode ?? null,
      }),
    );
    return ok({ rows, next: found.length > BIN_PAGE ? (rows.at(-1)?.id ?? null) : null });
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

/** Case codes by prediction, of those that have one. */
export async function findCaseCodes(
  ids: readonly string[],
): Promise<Result<Map<string, string>, StoreError>> {
  try {
    const { annotation } = await database();
    const found = await annotation.findMany({
      where: { predictionId: { in: [...ids] }, caseCode: { not: null } },
      select: { predictionId: true, caseCode: true },
    });
    return ok(new Map(found.map(({ predictionId, caseCode }) => [predictionId, caseCode ?? ""])));
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

/** The ids of what was deleted at the very time of `deletedAt`: one selection. */
export async function deletedTogether(deletedAt: Date, most: number): Promise<Result<string[], StoreError>> {
  try {
    const { prediction } = await database();
    const rows = await prediction.findMany({ where: { deletedAt }, select: { id: true }, take: most + 1 });
    return ok(rows.map(({ id }) => id));
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}
