import "server-only";
import { v7 as uuidv7 } from "uuid";
import { diagnosis } from "@/lib/contract";
import { type Outcome, outcomeText } from "@/lib/prediction/outcome";
import type { Result } from "@/lib/result";
import { entriesOf, record } from "@/lib/server/access/audit";
import { reading, retryOvertaken, type StoreError, writing } from "@/lib/server/database/store";

/** The confirmed outcome of a prediction, deleted or not; null where none is recorded or no row has this id. */
export async function findOutcome(id: string): Promise<Result<Outcome | null, StoreError>> {
  return reading(
    "outcome_not_read",
    async ({ prediction }) => {
      const row = await prediction.findUnique({ where: { id }, select: COLUMNS });
      return row === null ? null : outcomeOf(row);
    },
    { id },
  );
}

/** How often a change is tried again that another one has overtaken. */
const TRIES = 3;

/**
 * Records, changes or (null) removes the outcome of a prediction, in one transaction with its edit; false where no row
 * has this id. Where nothing changes, nothing is written.
 */
export async function setOutcome(
  id: string,
  after: Outcome | null,
  now = new Date(),
): Promise<Result<boolean, StoreError>> {
  return writing(
    "outcome_not_saved",
    async (db) =>
      retryOvertaken(TRIES, async () => {
        const asRead = await db.prediction.findUnique({ where: { id }, select: COLUMNS });
        if (asRead === null) return false;
        const before = outcomeOf(asRead);
        const text = { before: before && outcomeText(before), after: after && outcomeText(after) };
        if (text.before === text.after) return true;
        const detail = { isRemoved: after === null };
        await db.$transaction([
          ...record(db, entriesOf("outcome_recorded", { object: "prediction", objectId: id, detail })),
          // First, since on PostgreSQL it waits for whoever changes the row at the same time.
          db.prediction.update({
            where: { id, ...asRead },
            data: { outcome: after?.outcome ?? null, outcomeOn: after?.on ?? null },
            select: { id: true },
          }),
          db.edit.create({ data: { id: uuidv7(), predictionId: id, at: now, field: "outcome", ...text } }),
        ]);
        return true;
      }),
    { id },
  );
}

const COLUMNS = { outcome: true, outcomeOn: true } as const;

const outcomeOf = ({ outcome, outcomeOn }: { outcome: string | null; outcomeOn: Date | null }) =>
  outcome === null ? null : { outcome: diagnosis.parse(outcome), on: outcomeOn };
