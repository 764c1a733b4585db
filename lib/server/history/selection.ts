import "server-only";
import { type BinRow, diagnosis, label, type SavedPrediction } from "@/lib/contract";
import type { HistoryRow } from "@/lib/history/query";
import type { Result } from "@/lib/result";
import { NOT_DELETED } from "@/lib/server/database/dialect";
import { reading, type StoreError, writing } from "@/lib/server/database/store";
import { fromRow } from "@/lib/server/prediction/predictions";
import { type ListedRow, modelsOf, SELECT_LISTED, toHistoryRow } from "./history";

/** Many predictions at once, deleted or not, in the order of `ids`; those that are not there are left out. */
export async function findPredictions(
  ids: readonly string[],
): Promise<Result<SavedPrediction[], StoreError>> {
  return reading("selection_not_read", async ({ prediction }) => {
    const rows = await prediction.findMany({
      where: { id: { in: [...ids] } },
      include: { model: true, detail: true },
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [fromRow(row)];
    });
  });
}

/** The latest `count` of the history, newest first, without what only their pages show. */
export async function latestCases(count: number): Promise<Result<HistoryRow[], StoreError>> {
  return reading("selection_not_read", async (db) => {
    const rows = await db.$queryRaw<ListedRow[]>`
      ${SELECT_LISTED} FROM prediction WHERE ${NOT_DELETED} ORDER BY id DESC LIMIT ${count}`;
    const models = await modelsOf(db);
    return rows.map((row) => toHistoryRow(row, models));
  });
}

/** Moves predictions to the bin at one time; how many were not there already, whose first time stands. */
export async function deletePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return writing("not_deleted", async ({ prediction }) => {
    const where = { id: { in: [...ids] }, deletedAt: null };
    return (await prediction.updateMany({ where, data: { deletedAt: new Date() } })).count;
  });
}

/** Takes predictions out of the bin; how many were in it. */
export async function restorePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  return writing("not_restored", async ({ prediction }) => {
    const where = { id: { in: [...ids] }, deletedAt: { not: null } };
    return (await prediction.updateMany({ where, data: { deletedAt: null } })).count;
  });
}

/** Deletes for ever, with all that belongs to them, those predictions that are in the bin; how many were. */
export async function purgePredictions(ids: readonly string[]): Promise<Result<number, StoreError>> {
  const where = { id: { in: [...ids] }, deletedAt: { not: null } };
  return writing(
    "not_purged",
    async ({ prediction }) => (await prediction.deleteMany({ where })).count,
    {},
    "administer",
  );
}

export const BIN_PAGE = 50;

/** What was deleted, last deleted first, after the row `after`; `next` is the row that the next page comes after. */
export async function listBin(
  after: string | null = null,
): Promise<Result<{ rows: BinRow[]; next: string | null }, StoreError>> {
  return reading("selection_not_read", async ({ prediction }) => {
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

/** The ids of what was deleted at the very time of `deletedAt`: one selection. */
export async function deletedTogether(deletedAt: Date, most: number): Promise<Result<string[], StoreError>> {
  return reading("selection_not_read", async ({ prediction }) => {
    const rows = await prediction.findMany({ where: { deletedAt }, select: { id: true }, take: most + 1 });
    return rows.map(({ id }) => id);
  });
}
