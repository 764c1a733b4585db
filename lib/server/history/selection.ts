import "server-only";
import { type BinRow, diagnosis, label, type SavedPrediction } from "@/lib/contract";
import type { HistoryRow } from "@/lib/history/query";
import type { Result } from "@/lib/result";
import { audit, entriesOf, recorded } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
import { NOT_DELETED } from "@/lib/server/database/dialect";
import { administering, reading, type StoreError, writing } from "@/lib/server/database/store";
import { fromRow } from "@/lib/server/prediction/predictions";
import { type ListedRow, modelsOf, SELECT_LISTED, toHistoryRow } from "./history";

/** What an act is done to, of each of these predictions. */
const each = (ids: readonly string[]) => ids.map((objectId) => ({ object: "prediction", objectId }) as const);

/**
 * Many predictions at once, deleted or not, in the order of `ids`; those that are not there are left out. `act`: what they
 * are read for.
 */
export async function findPredictions(
  ids: readonly string[],
  act: "prediction_viewed" | "prediction_compared" | "prediction_rescored",
): Promise<Result<SavedPrediction[], StoreError>> {
  return reading("selection_not_read", async ({ prediction }) => {
    const rows = await prediction.findMany({
      where: { id: { in: [...ids] } },
      include: { model: true, detail: true },
    });
    if (rows.length > 0) await audit(act, ...each(rows.map(({ id }) => id)));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [fromRow(row)];
    });
  });
}

/** The latest `count` of the history, newest first, without what only their pages show, to be re-scored. */
export async function latestCases(count: number): Promise<Result<HistoryRow[], StoreError>> {
  return reading("selection_not_read", async (db) => {
    await audit("prediction_rescored", { detail: { count } });
    const rows = await db.$queryRaw<ListedRow[]>`
      ${SELECT_LISTED} FROM prediction WHERE ${NOT_DELETED} ORDER BY id DESC LIMIT ${count}`;
    const models = await modelsOf(db);
    return rows.map((row) => toHistoryRow(row, models));
  });
}

const NOT_IN_BIN = ofRow("prediction", "deleted_at IS NULL");
const IN_BIN = ofRow("prediction", "deleted_at IS NOT NULL");

/** Moves predictions to the bin at one time; how many were not there already, whose first time stands. */
export async function deletePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return writing("not_deleted", async (db) => {
    const where = { id: { in: [...ids] }, deletedAt: null };
    const deleting = db.prediction.updateMany({ where, data: { deletedAt: new Date() } });
    return (await recorded(db, entriesOf("prediction_deleted", ...each(ids)), deleting, NOT_IN_BIN)).count;
  });
}

/** Takes predictions out of the bin; how many were in it. */
export async function restorePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return writing("not_restored", async (db) => {
    const where = { id: { in: [...ids] }, deletedAt: { not: null } };
    const restoring = db.prediction.updateMany({ where, data: { deletedAt: null } });
    return (await recorded(db, entriesOf("prediction_restored", ...each(ids)), restoring, IN_BIN)).count;
  });
}

/** Deletes for ever, with all that belongs to them, those predictions that are in the bin; how many were. */
export async function purgePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return administering("not_purged", async (db) => {
    const purging = db.prediction.deleteMany({ where: { id: { in: [...ids] }, deletedAt: { not: null } } });
    return (await recorded(db, entriesOf("prediction_purged", ...each(ids)), purging, IN_BIN)).count;
  });
}

export const BIN_PAGE = 50;

/** What was deleted, last deleted first, after the row `after`; `next` is the row that the next page comes after. */
export async function listBin(
  after: string | null = null,
): Promise<Result<{ rows: BinRow[]; next: string | null }, StoreError>> {
  return reading("selection_not_read", async ({ prediction }) => {
    await audit("bin_listed");
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
    return { rows, next: found.length > BIN_PAGE ? (rows.at(-1)?.id ?? null) : null };
  });
}

/** Case codes by prediction, of those that have one. */
export async function findCaseCodes(
  ids: readonly string[],
): Promise<Result<Map<string, string>, StoreError>> {
  return reading("selection_not_read", async ({ annotation }) => {
    const found = await annotation.findMany({
      where: { predictionId: { in: [...ids] }, caseCode: { not: null } },
      select: { predictionId: true, caseCode: true },
    });
    return new Map(found.map(({ predictionId, caseCode }) => [predictionId, caseCode ?? ""]));
  });
}

/** When a prediction was deleted, null where it is not; undefined where no row has this id. */
export const findDeletion = (id: string): Promise<Result<Date | null | undefined, StoreError>> =>
  reading("selection_not_read", async ({ prediction }) => {
    const row = await prediction.findUnique({ where: { id }, select: { deletedAt: true } });
    return row?.deletedAt;
  });

/** The ids of what was deleted at the very time of `deletedAt`: one selection. */
export async function deletedTogether(deletedAt: Date, most: number): Promise<Result<string[], StoreError>> {
  return reading("selection_not_read", async ({ prediction }) => {
    const rows = await prediction.findMany({ where: { deletedAt }, select: { id: true }, take: most + 1 });
    return rows.map(({ id }) => id);
  });
}
