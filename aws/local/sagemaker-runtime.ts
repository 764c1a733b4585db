import { announce, hopSettings, logLine } from "./hop";
import { flat, type HttpAnswer, type HttpRequest, listen, post } from "./http";
import { checkSignature, type SignatureProblem } from "./signature";

/**
 * Stands in for SageMaker's runtime: InvokeEndpoint over the container's own server, one endpoint, serverless limits.
 * Its contract is AWS's documentation, not an observation:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html and
 * https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
 */

const settings = hopSettings("sagemaker");

/** Bytes of a request or an answer of a serverless endpoint. */
const MAX_PAYLOAD = 4 * 1024 * 1024;

const SIGNATURE_ERRORS: Record<SignatureProblem, string> = {
  missing: "MissingAuthenticationTokenException",
  malformed: "IncompleteSignature",
  unknown_key: "UnrecognizedClientException",
  wrong: "InvalidSignatureException",
  expired: "InvalidSignatureException",
};

const error = (status: number, type: string, message: string, more: object = {}): HttpAnswer => ({
  status,
  headers: { "x-amzn-errortype": type },
  body: JSON.stringify({ Message: message, ...more }),
});

/** A failing container, as its caller sees it: with the container's words. 0 stands for no answer at all. */
const modelError = (status: number, original: string) => {
  const kind = status >= 400 && status < 500 ? "client" : "server";
  const said = `Received ${kind} error (${status}) from primary with message "${original.slice(0, 1024)}".`;
  const group = `/aws/sagemaker/Endpoints/${settings.endpointName}`;
  const log = `https://${settings.region}.console.aws.amazon.com/cloudwatch/home?region=${settings.region}#logEventViewer:group=${group}`;
  const text = `${said} See ${log} in account 123456789012 for more information.`;
  return error(424, "ModelError", text, {
    OriginalStatusCode: status,
    OriginalMessage: original.slice(0, 1024),
    LogStreamArn: "local",
  });
};
const TIMED_OUT =
  "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.";

let inFlight = 0;

async function invoke(request: HttpRequest): Promise<HttpAnswer> {
  const [, endpointName] = /^\/endpoints\/([^/]+)\/invocations$/.exec(request.url.pathname) ?? [];
  if (endpointName === undefined || request.method !== "POST")
    return error(404, "UnknownOperationException", "Not found.");
  const { region, keys } = settings;
  const signed = await checkSignature(request, { keys, region, service: "sagemaker" });
  if (!signed.ok) {
    return error(
      403,
      SIGNATURE_ERRORS[signed.error],
      `The request's signature is not valid: ${signed.error}.`,
    );
  }
  if (endpointName !== settings.endpointName)
    return error(400, "ValidationError", `Endpoint ${endpointName} not found.`);
  if (inFlight >= settings.maxConcurrency) return error(429, "ThrottlingException", "Rate exceeded.");
  inFlight += 1;
  try {
    return await askContainer(request);
  } finally {
    inFlight -= 1;
  }
}

/** Headers that reach the container, by SageMaker's documentation. */
const FORWARDED = ["content-type", "accept", "x-amzn-sagemaker-custom-attributes"];

async function askContainer({ headers: given, body }: HttpRequest): Promise<HttpAnswer> {
  const forwarded = FORWARDED.flatMap((name): [string, string][] => {
    const value = given[name];
    return value === undefined ? [] : [[name, value]];
  });
  try {
    const response = await post(`${settings.container}/invocations`, {
      headers: Object.fromEntries(forwarded),
      body,
      timeoutMs: settings.containerTimeoutMs,
    });
    if (response === "timeout") return modelError(0, TIMED_OUT);
    const { status, headers, body: text } = response;
    if (status < 200 || status > 299) return modelError(status, text);
    if (Buffer.byteLength(text) > MAX_PAYLOAD) return modelError(500, "the answer is larger than 4 MB");
    const attributes = flat(headers)["x-amzn-sagemaker-custom-attributes"];
    return {
      status: 200,
      headers: {
        "content-type": headers["content-type"] ?? "application/octet-stream",
        "x-amzn-invoked-production-variant": "AllTraffic",
        ...(attributes === undefined ? {} : { "x-amzn-sagemaker-custom-attributes": attributes }),
      },
      body: text,
    };
  } catch {
    return error(429, "ModelNotReadyException", "The endpoint's container is still being provisioned.");
  }
}

const tooLarge = error(413, "ValidationError", "The request is larger than 4 MB.");
announce(
  await listen(settings.port, { maxBytes: MAX_PAYLOAD, tooLarge }, async (request) => {
    const started = performance.now();
    const answer = await invoke(request);
    const outcome = answer.headers?.["x-amzn-errortype"] ?? "answered";
    logLine(
      request.headers["x-amzn-sagemaker-custom-attributes"],
      `${outcome} ${answer.status} in ${(performance.now() - started).toFixed(1)} ms`,
    );
    return answer;
  }),
);
