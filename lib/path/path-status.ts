import type { Diagnosis, ModelIdentity } from "../contract";

/** Milliseconds spent at one part of the path to the model, what it waited for the next one left out. */
export type Hop = { name: "gateway" | "Lambda" | "endpoint" | "model"; ms: number };

/** The answer to a known case that was sent through the whole path. */
export type PathTest =
  | {
      ok: true;
      at: Date;
      requestId: string;
      backend: "embedded" | "https" | "sagemaker";
      totalMs: number;
      /** Null where the path does not tell. */
      hops: Hop[] | null;
      model: ModelIdentity;
      diagnosis: Diagnosis;
      probability: number;
      /** Whether the model kept here gives the same answer; null where that is another model. */
      asExpected: boolean | null;
    }
  | { ok: false; at: Date; requestId: string; message: string };

/** Milliseconds in three digits, or whole from 100 on. */
export const formatMs = (ms: number) => `${ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)} ms`;

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
