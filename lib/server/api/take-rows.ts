import "server-only";
import type { Context } from "hono";
import { env } from "@/lib/server/env";
import { areLimitsOn, refusedBy, take, tellLimit } from "@/lib/server/limits/limits";
import type { Bindings } from "./operation";
import type { Refusal } from "./problem";

/** Counts cases that a program sends; null, or why they are not answered. */
export async function takeRows(c: Context<Bindings>, count: number): Promise<Refusal | null> {
  const { incoming, outgoing } = c.env ?? {};
  if (incoming === undefined || outgoing === undefined || !areLimitsOn(env())) return null;
  const taken = await take("rows", incoming, count);
  tellLimit(outgoing, taken);
  if (taken.retryAfter === undefined) return null;
  return { kind: "too-many-requests", detail: refusedBy(taken), retryAfter: taken.retryAfter };
}
