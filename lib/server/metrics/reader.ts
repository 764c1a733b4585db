import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { HOME, may, whoAsks } from "@/lib/server/access/actor";
import { env } from "@/lib/server/env";
import { isOfThisMachine } from "@/lib/server/exposure";
import { areLimitsOn } from "@/lib/server/limits/limits";

const digest = (text: string) => createHash("sha256").update(text).digest();

/**
 * Whether who asks may read the metrics: by METRICS_TOKEN, by a key of the home team that may read, or as a user of this machine
 * where nobody else reaches the server, not even through a proxy.
 */
export function mayReadMetrics(authorization: string | null): boolean {
  const settings = env();
  const [, token = ""] = /^Bearer (\S+)$/i.exec(authorization ?? "") ?? [];
  const { METRICS_TOKEN: expected } = settings;
  if (expected !== undefined && timingSafeEqual(digest(token), digest(expected))) return true;
  if (!areLimitsOn(settings)) return settings.ALLOWED_HOSTS.every(isOfThisMachine);
  const who = whoAsks();
  return who !== null && who.kind === "key" && who.team === HOME && may("read", who);
}
