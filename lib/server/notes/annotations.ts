import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Annotation, Edit } from "@/lib/notes/annotation";
import { fail, ok, type Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import { Prisma } from "@/lib/server/generated/sqlite/client";
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

/** How often a change is tried again that another one has overtaken: more than people edit one note at once. */
const TRIES = 50;

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
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = (await db.annotation.findUnique({ where: { predictionId } })) ?? NOTHING;
      const changed = (Object.keys(FIELDS) as (keyof Annotation)[]).filter(
        (key) => before[key] !== given[key],
      );
      if (changed.length === 0) return ok(0);
      const at = new Date();
      // Only where the row is still as it was read, so that the edits tell what followed what.
      const asRead = Prisma.sql`prediction_id = ${predictionId}
        AND case_code IS NOT DISTINCT FROM ${before.caseCode} AND note IS NOT DISTINCT FROM ${before.note}`;
      const counts = await db.$transaction([
        // Makes the row, and on PostgreSQL waits for whoever writes it at the same time.
        db.$executeRaw`
          INSERT INTO annotation (prediction_id) VALUES (${predictionId})
          ON CONFLICT (prediction_id) DO UPDATE SET prediction_id = excluded.prediction_id`,
        ...changed.map(
          (key) => db.$executeRaw`
            INSERT INTO edit (id, prediction_id, at, field, before, after)
            SELECT ${uuidv7()}, prediction_id, ${at}, ${FIELDS[key]}, ${before[key]}, ${given[key]}
            FROM annotation WHERE ${asRead}`,
        ),
        db.$executeRaw`
          UPDATE annotation SET case_code = ${given.caseCode}, note = ${given.note} WHERE ${asRead}`,
      ]);
      if (counts.at(-1) === 1) return ok(changed.length);
    }
    throw new Error(`others changed the annotation ${TRIES} times meanwhile`);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}
