import type { Diagnosis, ModelIdentity } from "./schema";

/** Milliseconds spent at one part of the path to the model, what it waited for the next one left out. */
export type Hop = { name: "gateway" | "Lambda" | "endpoint" | "model"; ms: number };

/** What came of sending a known case through the whole path. */
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
