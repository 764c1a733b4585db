import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Annotation, Edit } from "@/lib/notes/annotation";
import { fail, ok, type Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import type { StoreError } from "@/lib/server/prediction/predictions";

const NOTHING: Annotation = { caseCode: null, note: null };
const FIELDS = { caseCode: "case code", note: "note" } as const;

/** What is written beside a prediction, and every edit of the prediction, latest first. */
export async function findAnnotation(
  predictionId: string,
): Promise<Result<{ annotation: Annotation; edits: Edit[] }, StoreError>> {
  try {
    const db = await database();
    const annotation = await db.annotation.findUnique({
      where: { predictionId },
      select: { caseCode: true, note: true },
    });
    const edits = await db.edit.findMany({
      where: { predictionId },
      orderBy: { id: "desc" },
      omit: { predictionId: true },
    });
    return ok({ annotation: annotation ?? NOTHING, edits });
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

/**
 * Keeps case code and note, and an edit of each that changes; how many did, or null where there is no such prediction.
 */
export async function saveAnnotation(
  predictionId: string,
  given: Annotation,
): Promise<Result<number | null, StoreError>> {
  try {
    const db = await database();
    const exists = await db.prediction.findUnique({ where: { id: predictionId }, select: { id: true } });
    if (exists === null) return ok(null);
    const changes = await db.$transaction(async (transaction) => {
      // Writes before it reads: so nobody else can change what is read here before it is replaced.
      await transaction.$executeRaw`
        INSERT INTO annotation (prediction_id) VALUES (${predictionId})
        ON CONFLICT (prediction_id) DO UPDATE SET prediction_id = excluded.prediction_id`;
      const before = await transaction.annotation.findUniqueOrThrow({ where: { predictionId } });
      const at = new Date();
      const edits = (Object.keys(FIELDS) as (keyof Annotation)[])
        .filter((key) => before[key] !== given[key])
        .map((key) => ({
          id: uuidv7(),
          predictionId,
          at,
          field: FIELDS[key],
          before: before[key],
          after: given[key],
        }));
      if (edits.length === 0) return 0;
      const { caseCode, note } = given;
      await transaction.annotation.update({ where: { predictionId }, data: { caseCode, note } });
      await transaction.edit.createMany({ data: edits });
      return edits.length;
    });
    return ok(changes);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}
