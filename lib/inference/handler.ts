import { gunzipSync } from "node:zlib";
import * as z from "zod";
import {
  type Diagnosis,
  type ErrorCode,
  type errorAnswer,
  type PredictAnswer,
  type PredictRequest,
  predictRequest,
  REQUEST_ID,
} from "../contract";
import { fail, ok, type Result } from "../result";
import type { ModelEndpoint } from "./endpoint";
import { parseEndpointAnswer } from "./endpoint-answer";
import { FAILURES, type Failure, failure, TOO_LARGE } from "./failure";
import { parseMeasurementList } from "./measurement-list";

/** API Gateway's REST proxy event (payload 1.0; 2.0 has the same of these fields). */
const proxyEvent = z.object({
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
  headers: z.record(z.string(), z.string().optional()).nullish(),
  requestContext: z.object({ requestId: z.string().optional() }).nullish(),
});
type ProxyEvent = z.infer<typeof proxyEvent>;

/** The older, non-proxy event: API Gateway hands over the body, as it is or with the request's id. */
const listEvent = z.object({ data: z.string(), requestId: z.string().optional() });

/** What keeps a function warm or asks whether it is there: known tools' events, a schedule, a load balancer's check. */
const idleEvent = z.union([
  z.object({ source: z.literal("serverless-plugin-warmup") }),
  z.object({ warmer: z.literal(true) }),
  z.object({ "detail-type": z.literal("Scheduled Event") }),
  z.object({
    requestContext: z.object({ elb: z.object({}) }),
    httpMethod: z.literal("GET"),
    body: z.literal("").nullish(),
  }),
]);

export type ProxyAnswer = { statusCode: number; headers: Record<string, string>; body: string };

/** What is used of Lambda's context; a caller in this process gives at most a signal that ends the wait. */
export type LambdaContext = {
  awsRequestId?: string;
  getRemainingTimeInMillis?: () => number;
  signal?: AbortSignal;
};

/** How one request went, for log and metrics: scalars only, so that no vector of measurements can be among them. */
export type Outcome = {
  requestId: string;
  endpoint: string;
  /** Absent where the request was answered. */
  code?: ErrorCode;
  /** What went wrong, for the log only. */
  detail?: string;
  /** 0 where the request was not readable. */
  rows: number;
  durations: Durations;
};

/** The answer, and its text. */
type Answered = { answer: PredictAnswer; body: string };

/** Milliseconds in this function, of them waiting for the endpoint, and of those in the endpoint's container. */
type Durations = { lambda: number; endpoint?: number; container?: number };

export type HandlerOptions = {
  /** Called once a request. */
  report: (outcome: Outcome) => void;
  /** For the endpoint; under Lambda also bounded by the time the invocation has left. */
  timeoutMs?: number;
};

export type Handler = {
  (event: ProxyEvent, context?: LambdaContext): Promise<ProxyAnswer>;
  /**
   * `{data: "17.99, ..."}` resolves to the class's code and rejects with the answer that a proxy would get as its text, for
   * a non-proxy integration to pass on. The request itself, as Step Functions has it, resolves to the answer and rejects
   * with `<code>: <message>`. Either error has the code as its type.
   */
  (event: unknown, context?: LambdaContext): Promise<ProxyAnswer | Diagnosis | PredictAnswer>;
};

// Budgets nest: web 30 s > gateway 29 s > Lambda 28 s > this.
const TIMEOUT_MS = 27_000;
// Lambda passes on 6 MB of an answer, which is quoted once more on its way; what is longer ends as a 502 that says nothing.
const MOST_ANSWERED = 5_000_000;
// More than the most rows take.
const MOST_UNZIPPED = 10_000_000;
// Left to answer 504 before Lambda ends the invocation.
const ANSWER_MARGIN_MS = 500;

/** The Lambda function over any model endpoint: parses, invokes, parses the answer, maps every failure. */
export function createHandler(
  endpoint: ModelEndpoint,
  { report, timeoutMs = TIMEOUT_MS }: HandlerOptions,
): Handler {
  /** Answers one request and reports how it went; the value of `serverTiming` goes into the header of that name. */
  async function predict(
    request: Result<PredictRequest, Failure>,
    requestId: string,
    context: LambdaContext | undefined,
  ): Promise<{ result: Result<Answered, Failure>; serverTiming: string }> {
    const started = performance.now();
    const durations: Durations = { lambda: 0 };
    const result = request.ok ? await ask(request.value, requestId, context, durations) : request;
    durations.lambda = performance.now() - started;
    const rows = request.ok ? request.value.instances.length : 0;
    const failed = result.ok
      ? {}
      : { code: result.error.code, detail: result.error.detail ?? result.error.message };
    report({ requestId, endpoint: endpoint.name, ...failed, rows, durations });
    return { result, serverTiming: serverTiming(durations) };
  }

  async function ask(
    request: PredictRequest,
    requestId: string,
    context: LambdaContext | undefined,
    durations: Durations,
  ): Promise<Result<Answered, Failure>> {
    const left = context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
    const budgetMs = Math.max(1, Math.min(timeoutMs, left - ANSWER_MARGIN_MS));
    const asked = performance.now();
    const answered = await within(budgetMs, context?.signal, (signal) =>
      endpoint.invoke(request, { signal, requestId }),
    );
    durations.endpoint = performance.now() - asked;
    if (!answered.ok) return answered;
    durations.container = answered.value.containerMs ?? undefined;
    const parsed = parseEndpointAnswer(answered.value.body, {
      rows: request.instances.length,
      endpointName: endpoint.name,
    });
    if (!parsed.ok) return parsed;
    const answer: PredictAnswer = { ...parsed.value, requestId };
    const body = JSON.stringify(answer);
    if (body.length > MOST_ANSWERED) {
      return fail(failure("too_large", TOO_LARGE, { detail: `an answer of ${body.length} characters` }));
    }
    return ok({ answer, body });
  }

  async function answerProxy(value: unknown, context: LambdaContext | undefined): Promise<ProxyAnswer> {
    const event = proxyEvent.safeParse(value);
    const requestId = requestIdOf(event.data, context);
    // Somebody tries the function by hand with the body as an object, or with something else.
    const hasBody = isObject(value) && "body" in value;
    const request = event.success && hasBody ? readRequest(event.data) : fail(badRequest(WANTED_EVENT));
    const { result, serverTiming } = await predict(request, requestId, context);
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": requestId,
      "server-timing": serverTiming,
    };
    if (result.ok) return { statusCode: 200, headers, body: result.value.body };

    const { code, retryAfterSeconds } = result.error;
    if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
    const body = JSON.stringify(errorBody(result.error, requestId));
    return { statusCode: FAILURES[code].status, headers, body };
  }

  async function answerList(event: unknown, context: LambdaContext | undefined): Promise<Diagnosis> {
    const list = listEvent.safeParse(event);
    const requestId = requestIdOf({ requestContext: list.data }, context);
    const features = list.success ? parseMeasurementList(list.data.data) : fail("data must be text");
    const { result } = await predict(
      features.ok ? ok({ instances: [{ features: features.value }] }) : fail(badRequest(features.error)),
      requestId,
      context,
    );
    if (result.ok)
      return (result.value.answer.predictions[0] as PredictAnswer["predictions"][number]).diagnosis;
    throw thrown(result.error, JSON.stringify(errorBody(result.error, requestId)));
  }

  async function answerDirect(event: object, context: LambdaContext | undefined): Promise<PredictAnswer> {
    const { requestId: given, ...request } = event as { requestId?: unknown };
    const requestId = requestIdOf(
      { requestContext: { requestId: typeof given === "string" ? given : undefined } },
      context,
    );
    const { result } = await predict(parseRequest(request), requestId, context);
    if (result.ok) return result.value.answer;
    throw thrown(result.error);
  }

  async function handler(event: ProxyEvent, context?: LambdaContext): Promise<ProxyAnswer>;
  async function handler(
    event: unknown,
    context?: LambdaContext,
  ): Promise<ProxyAnswer | Diagnosis | PredictAnswer>;
  async function handler(
    event: unknown,
    context?: LambdaContext,
  ): Promise<ProxyAnswer | Diagnosis | PredictAnswer> {
    // It asks for no prediction: the endpoint is left alone, and nothing failed.
    if (idleEvent.safeParse(event).success) return { ...IDLE_ANSWER };
    if (isObject(event) && !("body" in event)) {
      if ("data" in event) return answerList(event, context);
      if ("instances" in event) return answerDirect(event, context);
    }
    return answerProxy(event, context);
  }
  return handler;
}

const IDLE_ANSWER: ProxyAnswer = {
  statusCode: 200,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: '{"status":"ready"}',
};

const errorBody = (
  { code, message, retryable }: Failure,
  requestId: string,
): z.infer<typeof errorAnswer> => ({ error: { code, message, retryable }, requestId });

/** Its name is what Lambda gives as the error's type; a non-proxy integration chooses the status by a pattern on the text. */
function thrown({ code, message }: Failure, text = `${code}: ${message}`): Error {
  return Object.assign(new Error(text), { name: code });
}

/** As https://www.w3.org/TR/server-timing/ writes it, in milliseconds. */
function serverTiming(durations: Durations): string {
  return Object.entries(durations)
    .flatMap(([name, ms]) => (ms === undefined ? [] : [`${name};dur=${ms.toFixed(3)}`]))
    .join(", ");
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
  const encoding = headerIgnoringCase(event.headers, "content-encoding")?.trim().toLowerCase();
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
  const text = encoding === "gzip" ? unzipped(bytes) : ok(bytes.toString("utf8"));
  if (!text.ok) return text;
  let json: unknown;
  try {
    json = JSON.parse(text.value);
  } catch {
    return fail(badRequest("the body is not JSON"));
  }
  return parseRequest(json);
}

/** What a gzip body holds, which may be a thousand times its size. */
function unzipped(bytes: Buffer): Result<string, Failure> {
  try {
    return ok(gunzipSync(bytes, { maxOutputLength: MOST_UNZIPPED }).toString("utf8"));
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    return fail(isTooLarge ? failure("too_large", TOO_LARGE) : badRequest("the body is not gzip"));
  }
}

function parseRequest(json: unknown): Result<PredictRequest, Failure> {
  const parsed = predictRequest.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return fail(badRequest(`${issue?.path.join(".") || "body"}: ${issue?.message ?? "not valid"}`));
}

const WANTED_EVENT =
  'this is not the event of an API Gateway proxy integration, {"body": "{\\"instances\\": [...]}"} with the request as a text in its body, nor {"data": "17.99, ..."}';

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
