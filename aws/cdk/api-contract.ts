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

/**
 * An error answer as a mapping template. Where no message is given it is what the Lambda threw, `<code>: <message>`;
 * `$input.json` quotes it.
 */
export function errorTemplate(code: ErrorCode, retryable: boolean, message?: string): string {
  const answer: z.infer<typeof errorAnswer> = {
    error: { code, message: message ?? THROWN, retryable },
    requestId: "$context.requestId",
  };
  return JSON.stringify(answer).replace(`"${THROWN}"`, "$input.json('$.errorMessage')");
}

const THROWN = "<thrown>";

type ThrownError = { status: number; pattern: string; code: ErrorCode; retryable: boolean };

/**
 * What a non-proxy integration makes of an error that the Lambda threw. API Gateway matches the whole text and keeps one
 * pattern a status, so that 502 has one code: its message begins with the exact one. Each text matches exactly one
 * pattern, and one that no code begins (the runtime gave up) is a 502 too: it must not fall to the default, which is 200.
 */
export const THROWN_ERRORS: readonly ThrownError[] = [
  { status: 400, pattern: "bad_request: .*", code: "bad_request", retryable: false },
  { status: 413, pattern: "too_large: .*", code: "too_large", retryable: false },
  { status: 500, pattern: "misconfigured: .*", code: "misconfigured", retryable: false },
  {
    status: 502,
    pattern:
      "(model_contract|model_failed|bad_answer): .*|(?!(bad_request|too_large|misconfigured|model_contract|model_failed|bad_answer|model_unavailable|timeout): |.*Task timed out)(.|\\n)+",
    code: "model_failed",
    retryable: true,
  },
  { status: 503, pattern: "model_unavailable: .*", code: "model_unavailable", retryable: true },
  { status: 504, pattern: "timeout: .*|.*Task timed out.*", code: "timeout", retryable: true },
];
