import "server-only";
import { type PredictAnswer, writePredictRequest } from "@/lib/contract";
import { failedHop, type Hop, hopsOf } from "@/lib/path/path-status";
import { fail, ok, type Result } from "@/lib/result";
import { askedAs } from "@/lib/server/access/actor";
import { type AwsCredentials, configuredCredentials, roleCredentials } from "@/lib/server/aws-credentials";
import { env, type ModelTarget } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { measured } from "@/lib/server/metrics/metrics";
import { traced } from "@/lib/server/metrics/tracing";
import type { Backend, BackendKind } from "./backend";
import { createEmbeddedBackend } from "./embedded-backend";
import { type InferenceError, type InferenceFailure, toInferenceError } from "./failure";
import { type Circuit, createGuard, type GuardOptions } from "./guard";
import { createHttpsBackend, regionOf } from "./https-backend";
import { createOipBackend } from "./oip-backend";
import { readAnswer } from "./read-answer";
import { createSageMakerBackend } from "./sagemaker-backend";

/**
 * A parsed answer, where it came from, how long the whole call took, and where the time of its last attempt went;
 * `hops` is null where the far side does not tell.
 */
type InferenceAnswer = PredictAnswer & { backend: BackendKind; latencyMs: number; hops: Hop[] | null };

/** What is known without asking; `model` is null until a remote backend has answered once. */
type BackendDescription = Omit<Backend, "kind" | "send" | "check"> & {
  backend: BackendKind;
  circuit: Circuit;
  /** For one prediction in all, a retry included. */
  timeoutMs: number;
};

export type BackendHealth = BackendDescription & { ok: boolean; detail: string };

export type Inference = {
  /** Rows of measurements in the table's order, at most MAX_INSTANCES; predictions come back in the same order. */
  predict(
    instances: readonly (readonly number[])[],
    options?: { requestId?: string },
  ): Promise<
    Result<
      InferenceAnswer,
      InferenceError & { backend: BackendKind; latencyMs: number; failedAt: Hop["name"] }
    >
  >;
  describe(): BackendDescription;
  /** Whether the model is loaded or seems reachable; asks for no prediction and is remembered for 5 s. */
  health(): Promise<BackendHealth>;
};

export type InferenceConfig = {
  target: ModelTarget;
  timeoutMs: number;
  apiKey?: string;
  credentials?: () => Promise<AwsCredentials | undefined>;
  /** For an https target whose host name does not tell it. */
  region?: string;
  guard?: Pick<GuardOptions, "opensAfter" | "recoversAfterMs">;
};

const HEALTH_MS = 5_000;

/** The one backend of `config`. It never falls back to another: a failing model is reported, not replaced. */
export function createInference(config: InferenceConfig): Inference {
  const { timeoutMs } = config;
  const backend = createBackend(config);
  // Nothing in this process can hang or recover by waiting, so the embedded model needs no guard.
  const guard =
    backend.kind === "embedded"
      ? null
      : createGuard({
          ...config.guard,
          timeoutMs,
          onCircuit: (circuit) => log("warn", "circuit", { backend: backend.kind, circuit }),
        });
  let model = backend.model;
  let checked: { at: number; check: ReturnType<Backend["check"]> } | undefined;

  async function attempt(
    body: string,
    rows: number,
    requestId: string,
    signal?: AbortSignal,
  ): Promise<Result<PredictAnswer & Pick<InferenceAnswer, "hops">, InferenceFailure>> {
    const started = performance.now();
    const sent = await traced(
      "model call",
      backend.kind === "embedded" ? "internal" : "client",
      { "model.backend": backend.kind, "model.rows": rows },
      () => backend.send(body, { signal, requestId }),
      (one) => (one.ok ? undefined : one.error.reason),
    );
    const totalMs = performance.now() - started;
    const answer = sent.ok ? readAnswer(sent.value, rows) : sent;
    if (answer.ok) {
      return ok({ ...answer.value, hops: sent.ok ? hopsOf(sent.value.serverTiming, totalMs) : null });
    }
    log("error", "attempt_failed", { requestId, backend: backend.kind, ...answer.error });
    return fail({
      ...answer.error,
      ...(sent.ok && { failedAt: failedHop(sent.value.serverTiming, answer.error.reason) }),
    });
  }

  function description(): BackendDescription {
    const { kind, target, region, signed } = backend;
    return { backend: kind, target, region, signed, model, circuit: guard?.circuit() ?? "closed", timeoutMs };
  }

  return {
    async predict(instances, { requestId = askedAs() ?? crypto.randomUUID() } = {}) {
      const started = performance.now();
      const body = writePredictRequest(instances);
      const answer = await traced(
        "predict",
        "internal",
        { "model.rows": instances.length, "request.id": requestId },
        () =>
          guard
            ? guard.run((signal) => attempt(body, instances.length, requestId, signal))
            : attempt(body, instances.length, requestId),
        (one) => (one.ok ? undefined : one.error.reason),
      );
      const latencyMs = Math.round((performance.now() - started) * 1000) / 1000;
      const outcome = answer.ok ? "answered" : "failed";
      measured()?.modelCalls.observe({ backend: backend.kind, outcome }, latencyMs / 1000);
      if (answer.ok) {
        model = answer.value.model;
        return ok({ ...answer.value, backend: backend.kind, latencyMs });
      }
      measured()?.modelFailures.inc({ backend: backend.kind, reason: answer.error.reason });
      const error = toInferenceError(answer.error, { requestId, timeoutMs });
      log("error", "predict_failed", {
        requestId,
        backend: backend.kind,
        code: error.code,
        reason: error.reason,
        latencyMs,
      });
      // What says nothing of itself is the first thing outside this process.
      const { failedAt = backend.kind === "sagemaker" ? "endpoint" : "gateway" } = answer.error;
      return fail({ ...error, backend: backend.kind, latencyMs, failedAt });
    },
    describe: description,
    async health() {
      if (checked === undefined || performance.now() - checked.at > HEALTH_MS) {
        checked = { at: performance.now(), check: backend.check() };
      }
      const result = await checked.check;
      const described = description();
      if (described.circuit === "open") {
        return { ...described, ok: false, detail: "failed several times in a row; left alone for a while" };
      }
      return { ...described, ...result };
    },
  };
}

function createBackend({ target, timeoutMs, apiKey, credentials, region }: InferenceConfig): Backend {
  switch (target.kind) {
    case "embedded":
      return createEmbeddedBackend();
    case "https":
      return createHttpsBackend({ url: target.url, apiKey, credentials, region });
    case "oip":
      return createOipBackend({ url: target.url, apiKey });
    case "sagemaker":
      return createSageMakerBackend({ ...target, timeoutMs });
  }
}

// On globalThis, because Next may load a module once for each of its bundles and the circuit is one a process.
const INFERENCE = Symbol.for("cytodesk.inference");
const shared = globalThis as { [INFERENCE]?: Inference };

/** The inference that this process's environment asks for. Throws where the environment is not valid. */
export function inference(): Inference {
  shared[INFERENCE] ??= createInference(configFrom(env()));
  return shared[INFERENCE];
}

function configFrom(parsed: ReturnType<typeof env>): InferenceConfig {
  return {
    target: parsed.MODEL_URL,
    timeoutMs: parsed.MODEL_TIMEOUT_MS,
    apiKey: parsed.MODEL_API_KEY,
    credentials: async () => {
      const configured = configuredCredentials();
      if (configured !== undefined) return configured;
      // A model at another host is no business of AWS's.
      return parsed.MODEL_URL.kind === "https" && regionOf(parsed.MODEL_URL.url, undefined) !== undefined
        ? roleCredentials()
        : undefined;
    },
    region: parsed.AWS_REGION,
  };
}
