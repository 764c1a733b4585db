import * as z from "zod";
import { type ErrorCode, type errorAnswer, predictRequest } from "../../lib/contract";

/** What API Gateway itself reads and writes: request models and error bodies in the contract of lib/contract.ts. */

/** The body of POST /predict, in the JSON schema that API Gateway reads. */
export const predictRequestModel = (): Record<string, unknown> =>
  z.toJSONSchema(predictRequest, { target: "draft-4", io: "input" });

/** The body of POST /api-ml-model: `{"data": "17.99, ..."}`. */
export const listRequestModel = (): Record<string, unknown> =>
  z.toJSONSchema(z.object({ data: z.string() }), { target: "draft-4", io: "input" });

/** The event of the older contract; API Gateway quotes what it fills in for `$input.json`. */
export const LIST_REQUEST_TEMPLATE = `{"data": $input.json('$.data'), "requestId": "$context.requestId"}`;

/** An error answer as a template; what it is filled in by API Gateway is the request's id alone. */
export function errorTemplate(code: ErrorCode, retryable: boolean, message: string): string {
  const answer: z.infer<typeof errorAnswer> = {
    error: { code, message, retryable },
    requestId: "$context.requestId",
  };
  return JSON.stringify(answer);
}

/** What the Lambda throws where it is not called as a proxy is the whole answer, as text: it begins like this. */
const answerOf = (...codes: ErrorCode[]) => `\\{"error":\\{"code":"(${codes.join("|")})"`;

const OWN = "$input.path('$.errorMessage')";

/** The answer that the Lambda threw; where the runtime gave up, which gives its error another type, one with this code. */
function thrownOr(codes: readonly ErrorCode[], code: ErrorCode, message: string): string {
  const isOwn = codes.map((own) => `$input.path('$.errorType') == '${own}'`).join(" || ");
  return `#if(${isOwn})\n${OWN}\n#else\n${errorTemplate(code, true, message)}\n#end`;
}

const TIMED_OUT = '(?!\\{"error":).*Task timed out';

/**
 * What a non-proxy integration makes of an error that the Lambda threw. API Gateway matches the whole text and keeps one
 * pattern a status. Each text matches exactly one, and what the Lambda did not throw itself (the runtime gave up) is a
 * 502 too: it must not fall to the default, which is 200.
 */
export const THROWN_ERRORS: readonly { status: number; pattern: string; template: string }[] = [
  { status: 400, pattern: `${answerOf("bad_request")}.*`, template: OWN },
  { status: 413, pattern: `${answerOf("too_large")}.*`, template: OWN },
  { status: 500, pattern: `${answerOf("misconfigured")}.*`, template: OWN },
  {
    status: 502,
    pattern: `(?!${answerOf("bad_request", "too_large", "misconfigured", "model_unavailable", "timeout")}|${TIMED_OUT})(.|\\n)+`,
    template: thrownOr(
      ["model_contract", "model_failed", "bad_answer"],
      "model_failed",
      "The prediction service failed on this request.",
    ),
  },
  { status: 503, pattern: `${answerOf("model_unavailable")}.*`, template: OWN },
  {
    status: 504,
    pattern: `${answerOf("timeout")}.*|${TIMED_OUT}.*`,
    template: thrownOr(["timeout"], "timeout", "The prediction service did not answer in time."),
  },
];
