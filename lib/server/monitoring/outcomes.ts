import "server-only";
import { v7 as uuidv7 } from "uuid";
import { diagnosis } from "@/lib/contract";
import { type Outcome, outcomeText } from "@/lib/prediction/outcome";
import { fail, ok, type Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import type { StoreError } from "@/lib/server/prediction/predictions";

/** The confirmed outcome of a prediction, deleted or not; null where none is recorded or no row has this id. */
export async function findOutcome(id: string): Promise<Result<Outcome | null, StoreError>> {
  try {
    return ok((await readOutcome(id))?.recorded ?? null);
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
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
  try {
    const db = await database();
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const row = await readOutcome(id);
      if (row === null) return ok(false);
      const before = row.recorded;
      const text = { before: before && outcomeText(before), after: after && outcomeText(after) };
      if (text.before === text.after) return ok(true);
      // Only where the row is still as it was read, so that the edits tell what followed what. Two statements and no
      // callback in between: SQLite has one connection, and other requests' statements would join an open transaction.
      const asRead = Prisma.sql`${is("outcome", before?.outcome)} AND ${is("outcome_on", before?.on)}`;
      const [, inserted] = await db.$transaction([
        // On PostgreSQL, where others write at the same time: who comes second waits here, and then sees the change.
        db.$executeRaw`UPDATE prediction SET backend = backend WHERE id = ${id}`,
        db.$executeRaw`
          INSERT INTO edit (id, prediction_id, at, field, before, after)
          SELECT ${uuidv7()}, id, ${now}, 'outcome', ${text.before}, ${text.after}
          FROM prediction WHERE id = ${id} AND ${asRead}`,
        db.$executeRaw`
          UPDATE prediction SET outcome = ${after?.outcome ?? null}, outcome_on = ${after?.on ?? null}
          WHERE id = ${id} AND ${asRead}`,
      ]);
      if (inserted > 0) return ok(true);
    }
    throw new Error(`others changed the outcome ${TRIES} times meanwhile`);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}

const is = (column: "outcome" | "outcome_on", value: string | Date | null | undefined) =>
  value == null ? Prisma.sql`${Prisma.raw(column)} IS NULL` : Prisma.sql`${Prisma.raw(column)} = ${value}`;

/** Null where no row has this id. */
async function readOutcome(id: string): Promise<{ recorded: Outcome | null } | null> {
  const row = await (await database()).prediction.findUnique({
    where: { id },
    select: { outcome: true, outcomeOn: true },
  });
  if (row === null) return null;
  const { outcome, outcomeOn } = row;
  return { recorded: outcome === null ? null : { outcome: diagnosis.parse(outcome), on: outcomeOn } };
}
