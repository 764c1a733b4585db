import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import {
  type Diagnosis,
  type errorAnswer,
  type PredictAnswer,
  type PredictRequest,
  predictRequest,
} from "../../lib/schema";
import type { ModelEndpoint } from "./endpoint";
import { parseEndpointAnswer } from "./endpoint-answer";
import { FAILURES, type Failure, failure } from "./failure";
import { parseMeasurementList } from "./measurement-list";

/** API Gateway's REST proxy event (payload 1.0; 2.0 has the same of these fields). */
const proxyEvent = z.object({
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
  headers: z.record(z.string(), z.string().optional()).nullish(),
  requestContext: z.object({ requestId: z.string().optional() }).nullish(),
});
type ProxyEvent = z.infer<typeof proxyEvent>;

/** The older, non-proxy event: API Gateway hands the body over as the event itself. */
const listEvent = z.object({ data: z.string() });

export type ProxyAnswer = { statusCode: number; headers: Record<string, string>; body: string };

/** What is used of Lambda's context; a caller in this process gives at most a signal that ends the wait. */
export type LambdaContext = {
  awsRequestId?: string;
  getRemainingTimeInMillis?: () => number;
  signal?: AbortSignal;
};

/** Scalars only, so that no vector of measurements can be logged. */
export type LogFields = Record<string, string | number | boolean | undefined>;

export type HandlerOptions = {
  /** Called once a failed request. */
  log: (event: string, fields: LogFields) => void;
  /** For the endpoint; under Lambda also bounded by the time the invocation has left. */
  timeoutMs?: number;
};

export type Handler = {
  (event: ProxyEvent, context?: LambdaContext): Promise<ProxyAnswer>;
  /** `{data: "17.99, ..."}` resolves to "M" or "B" and rejects with `<code>: <message>`, as non-proxy wants. */
  (event: unknown, context?: LambdaContext): Promise<ProxyAnswer | Diagnosis>;
};

// Budgets nest: web 30 s > gateway 29 s > Lambda 28 s > this.
const TIMEOUT_MS = 27_000;
// Left to answer 504 before Lambda ends the invocation.
const ANSWER_MARGIN_MS = 500;
const REQUEST_ID = /^[\w.:=-]{1,128}$/;

/** The Lambda function over any model endpoint: parses, invokes, parses the answer, maps every failure. */
export function createHandler(
  endpoint: ModelEndpoint,
  { log, timeoutMs = TIMEOUT_MS }: HandlerOptions,
): Handler {
  async function predict(
    request: PredictRequest,
    requestId: string,
    context: LambdaContext | undefined,
  ): Promise<Result<PredictAnswer, Failure>> {
    const left = context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
    const budgetMs = Math.max(1, Math.min(timeoutMs, left - ANSWER_MARGIN_MS));
    const answered = await within(budgetMs, context?.signal, (signal) =>
      endpoint.invoke(request, { signal, requestId }),
    );
    if (!answered.ok) return answered;
    const parsed = parseEndpointAnswer(answered.value, {
      rows: request.instances.length,
      endpointName: endpoint.name,
    });
    return parsed.ok ? ok({ ...parsed.value, requestId }) : parsed;
  }

  function logFailure({ code, detail, message }: Failure, requestId: string) {
    log("handler_failed", { requestId, endpoint: endpoint.name, code, detail: detail ?? message });
  }

  async function answerProxy(value: unknown, context: LambdaContext | undefined): Promise<ProxyAnswer> {
    const event = proxyEvent.safeParse(value);
    const requestId = requestIdOf(event.data, context);
    const request = event.success ? readRequest(event.data) : fail(badRequest("the event is not readable"));
    const result = request.ok ? await predict(request.value, requestId, context) : request;
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": requestId,
    };
    if (result.ok) return { statusCode: 200, headers, body: JSON.stringify(result.value) };

    logFailure(result.error, requestId);
    const { code, message, retryable, retryAfterSeconds } = result.error;
    if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
    const answer: z.infer<typeof errorAnswer> = { error: { code, message, retryable }, requestId };
    return { statusCode: FAILURES[code].status, headers, body: JSON.stringify(answer) };
  }

  async function answerList(event: unknown, context: LambdaContext | undefined): Promise<Diagnosis> {
    const requestId = requestIdOf(undefined, context);
    const list = listEvent.safeParse(event);
    const features = list.success ? parseMeasurementList(list.data.data) : fail("data must be text");
    const result = features.ok
      ? await predict({ instances: [{ features: features.value }] }, requestId, context)
      : fail(badRequest(features.error));
    if (result.ok) return (result.value.predictions[0] as PredictAnswer["predictions"][number]).diagnosis;
    logFailure(result.error, requestId);
    // A non-proxy integration chooses the status by a pattern on this text.
    throw new Error(`${result.error.code}: ${result.error.message}`);
  }

  async function handler(event: ProxyEvent, context?: LambdaContext): Promise<ProxyAnswer>;
  async function handler(event: unknown, context?: LambdaContext): Promise<ProxyAnswer | Diagnosis>;
  async function handler(event: unknown, context?: LambdaContext): Promise<ProxyAnswer | Diagnosis> {
    if (isObject(event) && "data" in event && !("body" in event)) return answerList(event, context);
    return answerProxy(event, context);
  }
  return handler;
}

/** Runs `invoke` until `budgetMs` or `ended`, whether or not it heeds its signal; a throw becomes `model_failed`. */
async function within<T>(
  budgetMs: number,
  ended: AbortSignal | undefined,
  invoke: (signal: AbortSignal) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const abort = new AbortController();
  let stop = () => {};
  const late = new Promise<Result<T, Failure>>((resolve) => {
    stop = () => {
      abort.abort();
      resolve(fail(failure("timeout", "The model endpoint did not answer in time.")));
    };
  });
  const timer = setTimeout(stop, budgetMs);
  ended?.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([invoke(abort.signal), late]);
  } catch (error) {
    return fail(failure("model_failed", "The model failed on this request.", { detail: whereThrown(error) }));
  } finally {
    clearTimeout(timer);
    ended?.removeEventListener("abort", stop);
  }
}

/** Kind and place of an exception; not its message, which may quote a measurement. */
function whereThrown(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frame = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return `${error.name}${frame === undefined ? "" : ` ${frame.trim()}`}`;
}

function readRequest(event: ProxyEvent): Result<PredictRequest, Failure> {
  if (!event.body) return fail(badRequest("the body is empty"));
  const text = event.isBase64Encoded ? Buffer.from(event.body, "base64").toString("utf8") : event.body;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail(badRequest("the body is not JSON"));
  }
  const parsed = predictRequest.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return fail(badRequest(`${issue?.path.join(".") || "body"}: ${issue?.message ?? "not valid"}`));
}

const badRequest = (message: string) => failure("bad_request", message);

function requestIdOf(event: ProxyEvent | undefined, context: LambdaContext | undefined): string {
  const given = event?.headers?.["x-request-id"] ?? headerIgnoringCase(event?.headers, "x-request-id");
  for (const id of [given, event?.requestContext?.requestId, context?.awsRequestId]) {
    if (id !== undefined && REQUEST_ID.test(id)) return id;
  }
  return crypto.randomUUID();
}

function headerIgnoringCase(headers: ProxyEvent["headers"], name: string): string | undefined {
  if (!headers) return undefined;
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
