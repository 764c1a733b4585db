import "server-only";
import { HOME, runForTeam } from "@/lib/server/access/actor";
import { reading } from "@/lib/server/database/store";
import type { Kept } from "./metrics";

/** What the home team's database says for the metrics; null where it cannot be read. */
export async function readKept(): Promise<Kept | null> {
  const read = await runForTeam(HOME, () =>
    reading("metrics_not_read", async (db) => {
      const batches = await db.batch.groupBy({ by: ["state"], _count: true, _sum: { done: true } });
      const head = await db.auditEntry.findFirst({ select: { place: true }, orderBy: { place: "desc" } });
      return {
        batches: batches.map(({ state, _count, _sum }) => ({ state, count: _count, rows: _sum.done ?? 0 })),
        auditHead: head === null ? null : Number(head.place),
      };
    }),
  );
  return read.ok ? read.value : null;
}
