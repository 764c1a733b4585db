import { randomUUID } from "node:crypto";
import Ajv from "ajv-draft-04";
import * as z from "zod";
import type { Route } from "./api-description";
import { announce, hopSettings, logLine } from "./hop";
import { type HttpAnswer, type HttpRequest, listen, post } from "./http";
import { render } from "./render";
import { checkSignature, type SignatureProblem } from "./signature";

/**
 * Stands in for API Gateway: serves the REST API that `npm run aws:synth` wrote, in front of a Lambda's Invoke API.
 * Its contract is AWS's documentation, not an observation:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html and
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */

const settings = hopSettings("gateway", () => {
  routes = compileRoutes();
  stage.fill();
  plan.fill();
  askedToday = 0;
});

const MAX_BODY = 10 * 1024 * 1024;

const SIGNATURE_MESSAGES: Record<SignatureProblem, [type: string, message: string]> = {
  missing: ["MissingAuthenticationTokenException", "Missing Authentication Token"],
  malformed: ["IncompleteSignatureException", "Authorization header is not in the expected form."],
  unknown_key: ["UnrecognizedClientException", "The security token included in the request is invalid."],
  wrong: [
    "InvalidSignatureException",
    "The request signature we calculated does not match the one provided.",
  ],
  expired: ["InvalidSignatureException", "Signature expired."],
};

const message = (status: number, text: string, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers,
  body: JSON.stringify({ message: text }),
});

/** A token bucket, as API Gateway's throttling is described. */
function tokenBucket(limits: () => { perSecond: number; burst: number }) {
  let tokens = limits().burst;
  let refilledAt = performance.now();
  return {
    fill(): void {
      tokens = limits().burst;
    },
    take(): boolean {
      const now = performance.now();
      const { perSecond, burst } = limits();
      tokens = Math.min(burst, tokens + ((now - refilledAt) / 1000) * perSecond);
      refilledAt = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
const stage = tokenBucket(() => settings.throttle ?? settings.api.throttle);
const plan = tokenBucket(() => settings.api.plan ?? { perSecond: 0, burst: 0 });
/** By a key; the twin never runs into the next day. */
let askedToday = 0;

const ajv = new Ajv({ strict: false });
const compileRoutes = () =>
  settings.api.routes.map((route) => ({
    ...route,
    isValid: route.requestSchema === null ? null : ajv.compile(route.requestSchema),
  }));
let routes = compileRoutes();

/** What the API answers in Lambda's place: its own gateway response, or the one that API Gateway has built in. */
function gatewayResponse(type: string, builtIn: HttpAnswer, requestId: string): HttpAnswer {
  const own = settings.api.gatewayResponses[type];
  if (own === undefined) return builtIn;
  return {
    status: own.status ?? builtIn.status,
    headers: own.headers,
    body: own.template === null ? builtIn.body : render(own.template, { requestId }),
  };
}

async function answer(request: HttpRequest, requestId: string): Promise<HttpAnswer> {
  const route = routes.find(({ path, method }) => path === request.url.pathname && method === request.method);
  if (route === undefined) return message(403, "Missing Authentication Token");
  if (route.isIamAuthorized) {
    const { keys, region } = settings;
    const signed = await checkSignature(request, { keys, region, service: "execute-api" });
    if (!signed.ok) {
      const [type, text] = SIGNATURE_MESSAGES[signed.error];
      return message(403, text, { "x-amzn-errortype": type });
    }
  }
  if (route.needsApiKey && !settings.apiKeys.includes(request.headers["x-api-key"] ?? "")) {
    return message(403, "Forbidden", { "x-amzn-errortype": "ForbiddenException" });
  }
  if (route.needsApiKey && settings.api.plan !== null) {
    if (!plan.take()) return gatewayResponse("THROTTLED", message(429, "Too Many Requests"), requestId);
    if (askedToday >= (settings.api.plan.perDay ?? Number.POSITIVE_INFINITY)) {
      return gatewayResponse("QUOTA_EXCEEDED", message(429, "Limit Exceeded"), requestId);
    }
    askedToday += 1;
  }
  if (!stage.take()) return gatewayResponse("THROTTLED", message(429, "Too Many Requests"), requestId);

  const text = request.body.toString("utf8");
  const json = parseJson(text);
  // A model is chosen by content type; a body of another type is not validated.
  const [type] = (request.headers["content-type"] ?? "application/json").toLowerCase().split(";");
  const isJson = type?.trim() === "application/json";
  if (isJson && route.isValid !== null && !route.isValid(json)) {
    return gatewayResponse("BAD_REQUEST_BODY", message(400, "Invalid request body"), requestId);
  }
  // The integration has a template for JSON alone, and passes nothing else through.
  if (!isJson && route.integration.kind === "custom" && route.integration.passesThrough === "NEVER") {
    return gatewayResponse("UNSUPPORTED_MEDIA_TYPE", message(415, "Unsupported Media Type"), requestId);
  }
  return route.integration.kind === "proxy"
    ? proxy(route, request, text, requestId)
    : custom(route, route.integration, json, requestId);
}

/** The Lambda's payload; "timeout" and "failed" where there is none. */
async function invoke(
  route: Route,
  event: string,
): Promise<{ payload: string; failed: boolean } | "timeout" | "failed"> {
  try {
    const response = await post(
      `${settings.lambda}/2015-03-31/functions/${settings.functionName}/invocations`,
      { body: event, timeoutMs: settings.timeoutMs ?? route.timeoutMs },
    );
    if (response === "timeout") return "timeout";
    if (response.status !== 200) return "failed";
    return { payload: response.body, failed: response.headers["x-amz-function-error"] !== undefined };
  } catch {
    return "failed";
  }
}

function noPayload(problem: "timeout" | "failed", requestId: string): HttpAnswer {
  return problem === "timeout"
    ? gatewayResponse("INTEGRATION_TIMEOUT", message(504, "Endpoint request timed out"), requestId)
    : gatewayResponse("INTEGRATION_FAILURE", message(504, "Internal server error"), requestId);
}

const proxyReply = z.object({
  statusCode: z.int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.literal(false).optional(),
});

async function proxy(
  route: Route,
  request: HttpRequest,
  body: string,
  requestId: string,
): Promise<HttpAnswer> {
  const outcome = await invoke(
    route,
    JSON.stringify({
      resource: route.resource,
      path: route.resource,
      httpMethod: request.method,
      headers: request.headers,
      multiValueHeaders: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, [value]]),
      ),
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      requestContext: {
        requestId,
        stage: settings.api.stage,
        resourcePath: route.resource,
        httpMethod: request.method,
        path: request.url.pathname,
        protocol: "HTTP/1.1",
        identity: { sourceIp: "127.0.0.1" },
      },
      body,
      isBase64Encoded: false,
    }),
  );
  if (typeof outcome === "string") return noPayload(outcome, requestId);
  const reply = outcome.failed ? null : proxyReply.safeParse(parseJson(outcome.payload));
  // A function that threw, or whose reply is malformed.
  if (!reply?.success) return message(502, "Internal server error");
  const { statusCode, headers = {}, body: replyBody } = reply.data;
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: replyBody ?? "",
  };
}

const functionError = z.object({ errorMessage: z.string() });

async function custom(
  route: Route,
  { requestTemplate, responses }: Extract<Route["integration"], { kind: "custom" }>,
  json: unknown,
  requestId: string,
): Promise<HttpAnswer> {
  const outcome = await invoke(route, render(requestTemplate, { requestId, body: json }));
  if (typeof outcome === "string") return noPayload(outcome, requestId);
  const payload = parseJson(outcome.payload);
  const error = outcome.failed ? functionError.safeParse(payload) : null;
  // The pattern is matched against the whole error message; the response without one is the default.
  const chosen =
    (error?.success &&
      responses.find(
        ({ pattern }) => pattern !== null && new RegExp(`^(?:${pattern})$`).test(error.data.errorMessage),
      )) ||
    responses.find(({ pattern }) => pattern === null);
  if (!chosen) return message(500, "Internal server error");
  return {
    status: chosen.status,
    body: chosen.template === null ? outcome.payload : render(chosen.template, { requestId, body: payload }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

announce(
  await listen(
    settings.port,
    { maxBytes: MAX_BODY, tooLarge: message(413, "Request Too Long") },
    async (request) => {
      const started = performance.now();
      const requestId = randomUUID();
      const answered = await answer(request, requestId);
      logLine(
        request.headers["x-request-id"] ?? requestId,
        `${request.method} ${request.url.pathname} ${answered.status} in ${(performance.now() - started).toFixed(1)} ms`,
      );
      return { ...answered, headers: { ...answered.headers, "x-amzn-requestid": requestId } };
    },
  ),
);
