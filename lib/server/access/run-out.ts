import "server-only";
import { BIN_DAYS, daysBefore } from "@/lib/history/retention";
import { homeDatabase } from "@/lib/server/database/db";
import { requireRight } from "./actor";

/** What lets nobody in any more. docs/privacy.md has how long each is kept. */

/** A key that the audit names is known by its name for so long after its end. */
const KEY_DAYS = 365;

/** Deletes sessions, links, keys and counts that ran out long ago, from the home team's database. */
export async function forgetRunOut(now = new Date()): Promise<void> {
  requireRight("administer");
  const db = await homeDatabase();
  // The team that somebody used last is that of their last session.
  const due = { lt: daysBefore(now, BIN_DAYS) };
  const ofKeys = { lt: daysBefore(now, KEY_DAYS) };
  await db.$transaction([
    db.session.deleteMany({ where: { expiresAt: due } }),
    db.invitation.deleteMany({ where: { OR: [{ expiresAt: due }, { usedAt: due }] } }),
    db.apiKey.deleteMany({ where: { OR: [{ expiresAt: ofKeys }, { revokedAt: ofKeys }] } }),
    db.verification.deleteMany({ where: { expiresAt: { lt: now } } }),
    db.rateLimiterFlexible.deleteMany({ where: { expire: { lt: now } } }),
  ]);
}
