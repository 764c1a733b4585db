import "server-only";
import type { ModelIdentity } from "@/lib/contract";
import type { Result } from "@/lib/result";
import type { ModelTarget } from "@/lib/server/env";
import type { InferenceFailure } from "./failure";

export type BackendKind = ModelTarget["kind"];

/** An HTTP answer as it came, not yet parsed. */
export type WireAnswer = {
  status: number;
  contentType: string | null;
  retryAfter: string | null;
  /** How long the hops behind took, as they say themselves. */
  serverTiming: string | null;
  body: string;
};

/** Carries a JSON request to the Lambda handler, wherever it runs. Never throws for what the far side does. */
export type Send = (
  body: string,
  options: { signal?: AbortSignal; requestId: string },
) => Promise<Result<WireAnswer, InferenceFailure>>;

/** One way to the model. */
export type Backend = {
  kind: BackendKind;
  /** Host or endpoint name; nothing secret. */
  target: string;
  region: string | null;
  /** Whether requests carry an AWS signature, as far as that was tried. */
  signed: boolean;
  /** Null where only an answer can tell. */
  model: ModelIdentity | null;
  send: Send;
  /** Whether the far side seems to be there, without asking it for a prediction. */
  check(): Promise<{ ok: boolean; detail: string }>;
};
