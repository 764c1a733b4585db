import type { ErrorCode, PathError } from "../contract";

/** Every way a request can fail, as API Gateway's client sees it. */
export const FAILURES: Record<ErrorCode, { status: number; retryable: boolean }> = {
  bad_request: { status: 400, retryable: false },
  too_large: { status: 413, retryable: false },
  misconfigured: { status: 500, retryable: false },
  model_contract: { status: 502, retryable: false },
  model_failed: { status: 502, retryable: true },
  bad_answer: { status: 502, retryable: false },
  model_unavailable: { status: 503, retryable: true },
  timeout: { status: 504, retryable: true },
};

/** `message` goes to the client: no ARNs, no account, no measurement; `detail` goes to the log only. */
export type Failure = PathError & { detail?: string; retryAfterSeconds?: number };

/** A failure of this code, retryable as the table says. */
export function failure(
  code: ErrorCode,
  message: string,
  more: { detail?: string; retryAfterSeconds?: number } = {},
): Failure {
  return { code, message, retryable: FAILURES[code].retryable, ...more };
}

/** What a caller is told of a request that has too many rows, in itself or in its answer. */
export const TOO_LARGE =
  "The request or its answer is larger than the path to the model passes on: ask for fewer rows at a time.";
