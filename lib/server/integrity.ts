import "server-only";
import { forEachTeam } from "@/lib/server/access/teams";
import { lookForDamage } from "@/lib/server/database/damage";

const EVERY_MS = 24 * 60 * 60 * 1000;

/** Looks for damaged pages now and once a day, for as long as the process runs. */
export function startIntegrityChecks(): void {
  const check = () => forEachTeam("integrity_not_checked", lookForDamage);
  setInterval(() => void check(), EVERY_MS).unref();
  void check();
}
