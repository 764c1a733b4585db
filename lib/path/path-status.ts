import type { Diagnosis, ModelIdentity } from "../contract";

/** Milliseconds spent at one part of the path to the model, what it waited for the next one left out. */
export type Hop = { name: "gateway" | "Lambda" | "endpoint" | "model"; ms: number };

export type BackendKind = "embedded" | "https" | "sagemaker" | "oip";

/** The answer to a known case that was sent through the whole path. */
export type PathTest =
  | {
      ok: true;
      at: Date;
      requestId: string;
      backend: BackendKind;
      totalMs: number;
      /** Null where the path does not tell. */
      hops: Hop[] | null;
      model: ModelIdentity;
      diagnosis: Diagnosis;
      probability: number;
      /** Whether the model kept here gives the same answer; null where that is another model. */
      asExpected: boolean | null;
    }
  | {
      ok: false;
      at: Date;
      requestId: string;
      backend: BackendKind;
      /** The part that failed, or that the request did not get past. */
      failedAt: Hop["name"];
      message: string;
    };

/** Milliseconds in three digits, or whole from 100 on. */
export const formatMs = (ms: number) => `${ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)} ms`;

const ENTRY = /^(lambda|endpoint|container);dur=(\d{1,9}(?:\.\d{1,6})?)$/;

function durationsIn(serverTiming: string | null): Map<string, number> {
  const said = new Map<string, number>();
  for (const entry of (serverTiming ?? "").split(",")) {
    const [, name, ms] = ENTRY.exec(entry.trim()) ?? [];
    if (name !== undefined) said.set(name, Number(ms));
  }
  return said;
}

/**
 * Takes a call of `totalMs` apart by what the Lambda's server-timing header says of itself, of its wait for the
 * endpoint and of the endpoint's container, each of which contains the next. Null where it says nothing usable.
 */
export function hopsOf(serverTiming: string | null, totalMs: number): Hop[] | null {
  const said = durationsIn(serverTiming);
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

/** What is wrong with the model itself, whoever tells it. */
const OF_MODEL = ["model_contract", "model_failed", "bad_answer"];

/** Where a request failed: by how far the Lambda says that it came, and by what went wrong (`reason`). */
export function failedHop(serverTiming: string | null, reason: string): Hop["name"] {
  const said = durationsIn(serverTiming);
  if (!said.has("lambda")) return "gateway";
  if (!said.has("endpoint")) return "Lambda";
  return OF_MODEL.includes(reason) ? "model" : "endpoint";
}

/** One stop on the way as it is drawn: `ms` is its own time, `share` that of all that is told; null where it is not. */
export type Stop = { state: "reached" | "failed" | "not asked"; ms: number | null; share: number | null };

/** What a test tells of each stop, given the parts of the path that it stands for; without one, only that the first is there. */
export function stopsOf(parts: readonly (readonly Hop["name"][])[], test: PathTest | null): Stop[] {
  const unknown = { ms: null, share: null };
  if (test === null || !test.ok) {
    const failed = test === null ? null : parts.findIndex((names) => names.includes(test.failedAt));
    return parts.map((_, at) => ({
      ...unknown,
      state: at === failed ? "failed" : at < (failed ?? 1) ? "reached" : "not asked",
    }));
  }
  const { hops } = test;
  const told = hops?.reduce((sum, { ms }) => sum + ms, 0) ?? 0;
  return parts.map((names) => {
    const own = hops?.filter(({ name }) => names.includes(name)) ?? [];
    if (own.length === 0) return { ...unknown, state: "reached" };
    const ms = own.reduce((sum, hop) => sum + hop.ms, 0);
    return { state: "reached", ms, share: ms / told };
  });
}
