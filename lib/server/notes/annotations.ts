import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Annotation, Edit } from "@/lib/notes/annotation";
import type { Result } from "@/lib/result";
import { entriesOf, record } from "@/lib/server/access/audit";
import { reading, retryOvertaken, type StoreError, writing } from "@/lib/server/database/store";

const NOTHING: Annotation = { caseCode: null, note: null };
const FIELDS = { caseCode: "case code", note: "note" } as const;
const COLUMNS = { caseCode: true, note: true } as const;

/** What is written beside a prediction, and every edit of the prediction, latest first. */
export async function findAnnotation(
  predictionId: string,
): Promise<Result<{ annotation: Annotation; edits: Edit[] }, StoreError>> {
  return reading(
    "annotation_not_read",
    async (db) => {
      const annotation = await db.annotation.findUnique({ where: { predictionId }, select: COLUMNS });
      const edits = await db.edit.findMany({
        where: { predictionId },
        orderBy: { id: "desc" },
        omit: { predictionId: true },
      });
      return { annotation: annotation ?? NOTHING, edits };
    },
    { id: predictionId },
  );
}

/** How often a change is tried again that another one has overtaken: more than people edit one note at once. */
const TRIES = 50;

/**
 * Keeps what is given of case code and note, and an edit of each that changes; how many did, or null where there is no such
 * prediction. With `expected`, only where what is kept is that, else "overtaken".
 */
export async function saveAnnotation(
  predictionId: string,
  given: Partial<Annotation>,
  expected?: Annotation,
): Promise<Result<number | null | "overtaken", StoreError>> {
  return writing(
    "annotation_not_saved",
    async (db) => {
      const exists = await db.prediction.findUnique({ where: { id: predictionId }, select: { id: true } });
      if (exists === null) return null;
      return retryOvertaken(TRIES, async () => {
        const asRead = await db.annotation.findUnique({ where: { predictionId }, select: COLUMNS });
        const before = asRead ?? NOTHING;
        const keys = Object.keys(FIELDS) as (keyof Annotation)[];
        if (expected !== undefined && keys.some((key) => before[key] !== expected[key])) return "overtaken";
        const after = { ...before, ...given };
        const changed = keys.filter((key) => before[key] !== after[key]);
        if (changed.length === 0) return 0;
        const at = new Date();
        const detail = { fields: changed.map((key) => FIELDS[key]) };
        await db.$transaction([
          ...record(
            db,
            entriesOf("prediction_noted", { object: "prediction", objectId: predictionId, detail }),
          ),
          // First, since on PostgreSQL it waits for whoever writes the row at the same time.
          asRead === null
            ? db.annotation.create({ data: { predictionId, ...after } })
            : db.annotation.update({ where: { predictionId, ...asRead }, data: after }),
          ...changed.map((key) =>
            db.edit.create({
              data: {
                ...{ id: uuidv7(), predictionId, at, field: FIELDS[key] },
                ...{ before: before[key], after: after[key] },
              },
            }),
          ),
        ]);
        return changed.length;
      });
    },
    { id: predictionId },
  );
}
