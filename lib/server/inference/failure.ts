import "server-only";
import { type ErrorCode, LEAST_VALUE } from "@/lib/contract";
import { below } from "@/lib/number-text";
import type { Hop } from "@/lib/path/path-status";
import { FEATURES, table } from "@/tables/current";

/** What went wrong between here and the model, finer than the wire's codes. */
export type Reason =
  | "refused_values"
  | "unreachable"
  | "timeout"
  | "circuit_open"
  | "access_denied"
  | "not_found"
  | "no_such_route"
  | "redirected"
  | "too_large"
  | "busy"
  | "gateway_error"
  | "misconfigured"
  | "model_contract"
  | "model_failed"
  | "answer_too_large"
  | "bad_answer";

/** Inside inference/: `detail` and `status` are for the log. */
export type InferenceFailure = {
  reason: Reason;
  status?: number;
  detail?: string;
  retryAfterMs?: number;
  /** Where, as far as that is known. */
  failedAt?: Hop["name"];
};

/**
 * What a caller gets. `what` and `advice` are sentences for a person; between them a caller says what became of the
 * request itself. `requestId` finds the log lines.
 */
export type InferenceError = {
  code: ErrorCode;
  retryable: boolean;
  reason: Reason;
  requestId: string;
  what: string;
  advice: string;
  /** How long the service asks to be left alone, where it says so. */
  retryAfterMs?: number;
};

const CHECK = "ask your administrator to check";

type Row = {
  code: ErrorCode;
  retryable: boolean;
  /** Whether it says that the service is unwell, and so counts towards opening the circuit. */
  unwell: boolean;
  happened: (context: { status: string; seconds: string }) => string;
  advice: string;
};

const VALID =
  LEAST_VALUE > -Number.MAX_VALUE && FEATURES.every(({ type }) => type === "number")
    ? `Check that all ${FEATURES.length} are numbers and none is ${below(LEAST_VALUE)}`
    : "Check that every value is one of its column";

const REASONS: Record<Reason, Row> = {
  refused_values: {
    code: "bad_request",
    retryable: false,
    unwell: false,
    happened: () => "The model service refused these values as not valid.",
    advice: `${VALID}, then try again.`,
  },
  unreachable: {
    code: "model_unavailable",
    retryable: true,
    unwell: true,
    happened: () => "The model service cannot be reached.",
    advice: `Try again in a moment, or ${CHECK} that it runs and that MODEL_URL is right.`,
  },
  timeout: {
    code: "timeout",
    retryable: true,
    unwell: true,
    happened: ({ seconds }) => `The model service did not answer within ${seconds} s.`,
    advice: `Try again, or ${CHECK} MODEL_URL.`,
  },
  circuit_open: {
    code: "model_unavailable",
    retryable: true,
    unwell: false,
    happened: ({ seconds }) =>
      `The model service failed several times in a row and is being left alone for ${seconds} s.`,
    advice: `Try again after that, or ${CHECK} that it runs.`,
  },
  access_denied: {
    code: "misconfigured",
    retryable: false,
    unwell: true,
    happened: ({ status }) => `The model service refused this application${status}.`,
    advice: `Trying again will not help: ${CHECK} MODEL_API_KEY and the AWS credentials.`,
  },
  not_found: {
    code: "misconfigured",
    retryable: false,
    unwell: true,
    happened: ({ status }) => `There is no model service at the configured address${status}.`,
    advice: `Trying again will not help: ${CHECK} MODEL_URL.`,
  },
  no_such_route: {
    code: "misconfigured",
    retryable: false,
    unwell: true,
    happened: ({ status }) => `API Gateway has no such path, stage or method, or wants a signature${status}.`,
    advice: `Trying again will not help: ${CHECK} the path and the stage in MODEL_URL, that they take POST, MODEL_API_KEY and the AWS credentials.`,
  },
  redirected: {
    code: "misconfigured",
    retryable: false,
    unwell: true,
    happened: ({ status }) => `The model service answered with a redirect${status}, which is not followed.`,
    advice: `Trying again will not help: ${CHECK} that MODEL_URL is its final address.`,
  },
  too_large: {
    code: "too_large",
    retryable: false,
    unwell: false,
    happened: ({ status }) =>
      `The request, or its answer, is larger than the model service passes on${status}.`,
    advice: `One case is under 2 kB: ${CHECK} the limit of what stands at MODEL_URL. Many cases can be sent in smaller parts.`,
  },
  busy: {
    code: "model_unavailable",
    retryable: true,
    unwell: true,
    happened: ({ status }) => `The model service is busy or still starting${status}.`,
    advice: "Try again in a minute.",
  },
  gateway_error: {
    code: "model_unavailable",
    retryable: true,
    unwell: true,
    happened: ({ status }) => `The model service answered with an error instead of a prediction${status}.`,
    advice: `Try again in a moment, or ${CHECK} its log.`,
  },
  misconfigured: {
    code: "misconfigured",
    retryable: false,
    unwell: true,
    happened: () => "The model service is not set up correctly.",
    advice: `Trying again will not help: ${CHECK} its log, endpoint and credentials.`,
  },
  model_contract: {
    code: "model_contract",
    retryable: false,
    unwell: false,
    happened: () =>
      `The model does not accept these ${FEATURES.length} ${table.nouns.values}; it may have been made for others.`,
    advice: `Trying again will not help: ${CHECK} which model it serves.`,
  },
  model_failed: {
    code: "model_failed",
    retryable: true,
    unwell: true,
    happened: () => "The model failed while it worked on these values.",
    advice: `Try again, or ${CHECK} its log.`,
  },
  answer_too_large: {
    code: "bad_answer",
    retryable: false,
    unwell: true,
    happened: () => "The model service answered with far more data than a prediction, which was not read.",
    advice: `Do not rely on it: ${CHECK} MODEL_URL.`,
  },
  bad_answer: {
    code: "bad_answer",
    retryable: false,
    unwell: true,
    happened: ({ status }) => `The model service answered${status}, but not with a valid prediction.`,
    advice: `Do not rely on it: ${CHECK} MODEL_URL and the model it serves.`,
  },
};

/** Whether the same request may succeed a moment later. */
export const isRetryable = ({ reason }: InferenceFailure) => REASONS[reason].retryable;

/** Whether it counts towards opening the circuit. */
export const isUnwell = ({ reason }: InferenceFailure) => REASONS[reason].unwell;

/** Says a failure to a person. */
export function toInferenceError(
  { reason, status, retryAfterMs }: InferenceFailure,
  { requestId, timeoutMs }: { requestId: string; timeoutMs: number },
): InferenceError {
  const { code, retryable, happened, advice } = REASONS[reason];
  const ms = reason === "timeout" ? timeoutMs : (retryAfterMs ?? 0);
  const what = happened({
    status: status === undefined ? "" : ` (${status})`,
    seconds: String(ms < 1000 ? ms / 1000 : Math.ceil(ms / 1000)),
  });
  return { code, retryable, reason, requestId, what, advice, retryAfterMs };
}
