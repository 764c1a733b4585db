import "server-only";
import type { Hop } from "@/lib/path-status";

const ENTRY = /^(lambda|endpoint|container);dur=(\d{1,9}(?:\.\d{1,6})?)$/;

/**
 * Takes a call of `totalMs` apart by what the Lambda's server-timing header says of itself, of its wait for the
 * endpoint and of the endpoint's container, each of which contains the next. Null where it says nothing usable.
 */
export function hopsOf(serverTiming: string | null, totalMs: number): Hop[] | null {
  const said = new Map<string, number>();
  for (const entry of (serverTiming ?? "").split(",")) {
    const [, name, ms] = ENTRY.exec(entry.trim()) ?? [];
    if (name !== undefined) said.set(name, Number(ms));
  }
  const lambda = said.get("lambda");
  const endpoint = said.get("endpoint");
  if (lambda === undefined || endpoint === undefined || lambda > totalMs || endpoint > lambda) return null;
  const outer: Hop[] = [
    { name: "gateway", ms: totalMs - lambda },
    { name: "Lambda", ms: lambda - endpoint },
  ];
  const container = said.get("container");
  if (container === undefined || container > endpoint) return [...outer, { name: "endpoint", ms: endpoint }];
  return [...outer, { name: "endpoint", ms: endpoint - container }, { name: "model", ms: container }];
}
