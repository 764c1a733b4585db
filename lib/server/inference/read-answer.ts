import "server-only";
import { type ErrorCode, errorAnswer, type PredictAnswer, predictAnswer } from "@/lib/contract";
import { fail, ok, type Result } from "@/lib/result";
import type { WireAnswer } from "./backend";
import type { InferenceFailure, Reason } from "./failure";

const REASON_OF_CODE: Record<ErrorCode, Reason> = {
  bad_request: "refused_values",
  too_large: "too_large",
  model_contract: "model_contract",
  model_failed: "model_failed",
  model_unavailable: "busy",
  misconfigured: "misconfigured",
  timeout: "timeout",
  bad_answer: "bad_answer",
};

/** Parses what came back for `rows` instances: the Lambda's answer, its error, or something else's page. */
export function readAnswer(wire: WireAnswer, rows: number): Result<PredictAnswer, InferenceFailure> {
  if (wire.status !== 200) return fail(readFailure(wire));
  const json = readJson(wire);
  if (json === undefined) {
    return fail({ reason: "bad_answer", status: 200, detail: `not JSON (${wire.contentType ?? "no type"})` });
  }
  const parsed = predictAnswer.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail({ reason: "bad_answer", status: 200, detail: `${issue?.path.join(".")}: ${issue?.code}` });
  }
  if (parsed.data.predictions.length !== rows) {
    const detail = `${parsed.data.predictions.length} predictions for ${rows} instances`;
    return fail({ reason: "bad_answer", status: 200, detail });
  }
  return ok(parsed.data);
}

function readFailure(wire: WireAnswer): InferenceFailure {
  const { status } = wire;
  const retryAfterMs = readRetryAfter(wire.retryAfter);
  const parsed = errorAnswer.safeParse(readJson(wire));
  if (parsed.success) {
    const { code, message } = parsed.data.error;
    return { reason: REASON_OF_CODE[code], detail: `${code}: ${message.slice(0, 200)}`, retryAfterMs };
  }
  // What API Gateway says of a path, stage or method that it does not have, and of a request that is not signed.
  const isUnrouted = status === 403 && wire.body.includes("Missing Authentication Token");
  const reason = isUnrouted ? "no_such_route" : reasonOfStatus(status);
  return { reason, status, detail: wire.contentType ?? "no type", retryAfterMs };
}

/** Answers that the Lambda did not write: API Gateway's own, a proxy's, a wrong server's. */
function reasonOfStatus(status: number): Reason {
  if (status === 400 || status === 422) return "refused_values";
  if (status === 401 || status === 403) return "access_denied";
  if (status === 404 || status === 405 || status === 410) return "not_found";
  if (status === 408 || status === 504) return "timeout";
  if (status === 413) return "too_large";
  if (status === 429 || status === 503) return "busy";
  return status >= 500 ? "gateway_error" : "bad_answer";
}

/** The answer's JSON; undefined where it is none. */
export function readJson({ contentType, body }: Pick<WireAnswer, "contentType" | "body">): unknown {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? "")) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Seconds only; the date form is not used by API Gateway. */
function readRetryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}
