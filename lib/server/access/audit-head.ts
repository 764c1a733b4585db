import "server-only";
import { database } from "@/lib/server/database/db";
import { log } from "@/lib/server/log";
import { actor, asksForSignIn } from "./actor";
import { forEachTeam } from "./teams";

const EVERY_MS = 24 * 60 * 60 * 1000;

/**
 * Writes the last entry of each team's audit to the log, now and every day. The log is kept elsewhere than the database: whoever
 * writes an audit anew, or cuts off its end, is found by `npm run audit:verify -- --expect`.
 */
export function startAuditHeads(): void {
  if (!asksForSignIn()) return;
  const tell = () =>
    forEachTeam("audit_head_not_read", async () => {
      const { auditEntry } = await database();
      const last = await auditEntry.findFirst({
        orderBy: { place: "desc" },
        select: { place: true, hash: true },
      });
      if (last !== null)
        log("info", "audit_head", { team: actor().team, head: `${last.place}:${last.hash}` });
    });
  setInterval(() => void tell(), EVERY_MS).unref();
  void tell();
}
