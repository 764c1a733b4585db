import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { writePredictRequest } from "../contract";
import { fail, ok, type Result } from "../result";
import { readCsvAnswer, writeCsvRequest } from "./csv-dialect";
import type { EndpointReply, ModelEndpoint } from "./endpoint";
import { type Failure, failure, TOO_LARGE } from "./failure";

export type SageMakerOptions = {
  endpointName: string;
  region?: string;
  timeoutMs: number;
  /** The threshold that decides where the endpoint knows CSV alone; JSON where absent. */
  csvThreshold?: number;
};

/**
 * A SageMaker real-time or serverless endpoint, called through the AWS SDK (its credentials, and
 * AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME where set). One attempt a call: the web application owns the only retry.
 */
export function createSageMakerEndpoint({
  endpointName,
  region,
  timeoutMs,
  csvThreshold,
}: SageMakerOptions): ModelEndpoint & {
  /** Resolves where the SDK finds credentials. Nothing is sent to the endpoint. */
  check(): Promise<Result<void, Failure>>;
} {
  const client = new SageMakerRuntimeClient({
    region,
    maxAttempts: 1,
    // Without throwOnRequestTimeout the SDK only warns and keeps waiting.
    requestHandler: {
      connectionTimeout: Math.min(3_000, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  return {
    name: endpointName,
    async invoke(request, { signal, requestId }) {
      const cases = request.instances.map(({ features }) => features);
      const type = csvThreshold === undefined ? "application/json" : "text/csv";
      try {
        const answer = await client.send(
          new InvokeEndpointCommand({
            EndpointName: endpointName,
            ContentType: type,
            Accept: type,
            Body: csvThreshold === undefined ? writePredictRequest(cases) : writeCsvRequest(cases),
            // Reaches the container as X-Amzn-SageMaker-Custom-Attributes.
            CustomAttributes: requestId,
          }),
          { abortSignal: signal },
        );
        const body =
          csvThreshold === undefined
            ? decode(answer.Body)
            : decodeCsv(answer.Body, { rows: cases.length, threshold: csvThreshold, name: endpointName });
        return body.ok ? ok({ body: body.value, containerMs: durationIn(answer.CustomAttributes) }) : body;
      } catch (error) {
        return fail(explainSdkError(error, signal));
      }
    },
    async check() {
      try {
        await client.config.credentials();
        return ok(undefined);
      } catch (error) {
        return fail(explainSdkError(error, undefined));
      }
    },
  };
}

/** Milliseconds in the custom attributes that our container answers with; null where it is another's. */
function durationIn(attributes: string | undefined): EndpointReply["containerMs"] {
  const [, ms] = /(?:^|,)\s*container;dur=(\d{1,9}(?:\.\d{1,6})?)(?:,|$)/.exec(attributes ?? "") ?? [];
  return ms === undefined ? null : Number(ms);
}

function decode(body: Uint8Array | undefined): Result<unknown, Failure> {
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
  } catch {
    return fail(
      failure("bad_answer", "The model endpoint's answer is not JSON.", { detail: "answer is not JSON" }),
    );
  }
}

function decodeCsv(
  body: Uint8Array | undefined,
  expected: Parameters<typeof readCsvAnswer>[1],
): Result<unknown, Failure> {
  const read = readCsvAnswer(new TextDecoder().decode(body), expected);
  if (read.ok) return read;
  const detail = `${read.error} of the answer is no score`;
  return fail(failure("bad_answer", "The model endpoint's answer is not one of scores.", { detail }));
}

/** What the SDK puts on its errors, as far as it is used here; nothing is guaranteed. */
type SdkError = {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  OriginalStatusCode?: unknown;
  $metadata?: { httpStatusCode?: unknown };
};

const REFUSED = new Set([
  "AccessDeniedException",
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "IncompleteSignature",
  "SignatureDoesNotMatch",
  "InvalidClientTokenId",
  "MissingAuthenticationTokenException",
  "ExpiredTokenException",
  "ExpiredToken",
  "OptInRequired",
]);
const BUSY = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "ModelNotReadyException",
]);

/** How SageMaker, its containers and what is behind a serverless endpoint say that a body is over their limit. */
const OVERSIZE =
  /oversize|(?:payload|body|response|answer|content|message) (?:size |length )?(?:is |has )?(?:too large|too long|larger|exceed)/i;

/** Maps an SDK error to a failure; its text stays out of `message`, since it may name accounts or echo values. */
export function explainSdkError(error: unknown, signal: AbortSignal | undefined): Failure {
  const sdk: SdkError = typeof error === "object" && error !== null ? error : {};
  const name = typeof sdk.name === "string" ? sdk.name : "Error";
  const text = typeof sdk.message === "string" ? sdk.message : "";
  const status = typeof sdk.$metadata?.httpStatusCode === "number" ? sdk.$metadata.httpStatusCode : undefined;
  const detail = [name, status, typeof sdk.code === "string" ? sdk.code : undefined]
    .filter(Boolean)
    .join(" ");

  if (signal?.aborted || name === "AbortError") {
    return failure("timeout", "The model endpoint did not answer in time.", { detail });
  }
  if (name === "TimeoutError") {
    // The SDK uses one name for three timers; not reaching the host is a different fault from waiting on it.
    return text.includes("did not establish a connection")
      ? unavailable("The model endpoint cannot be reached.", detail)
      : failure("timeout", "The model endpoint did not answer in time.", { detail });
  }
  if (name === "ModelError") {
    const original = typeof sdk.OriginalStatusCode === "number" ? sdk.OriginalStatusCode : 500;
    const modelDetail = `ModelError ${original}`;
    if (original === 413 || OVERSIZE.test(text)) return tooLarge(modelDetail);
    if (/invocation timed out/i.test(text)) {
      return failure("timeout", "The model endpoint did not answer in time.", { detail: modelDetail });
    }
    return original >= 400 && original < 500
      ? failure("model_contract", "The model does not accept this request.", { detail: modelDetail })
      : failure("model_failed", "The model failed on this request.", { detail: modelDetail });
  }
  if (status === 413 || (name.startsWith("Validation") && OVERSIZE.test(text))) return tooLarge(detail);
  if (BUSY.has(name) || status === 429)
    return unavailable("The model endpoint is not ready or busy.", detail);
  if (name.startsWith("Validation")) {
    return /not found|does not exist/i.test(text)
      ? misconfigured("The model endpoint does not exist.", detail)
      : failure("model_contract", "The model endpoint does not accept this request.", { detail });
  }
  if (REFUSED.has(name) || status === 401 || status === 403) {
    return misconfigured("The model endpoint refused the caller's AWS credentials.", detail);
  }
  if (name === "CredentialsProviderError" || /credential/i.test(text)) {
    return misconfigured("No AWS credentials were found.", detail);
  }
  if (/region is missing/i.test(text)) return misconfigured("No AWS region is set.", detail);
  if (status !== undefined && status < 500) {
    return status >= 400
      ? misconfigured("The model endpoint refused the request.", detail)
      : failure("bad_answer", "The model endpoint's answer is not understood.", { detail });
  }
  return unavailable("The model endpoint cannot be reached.", detail);
}

/** The same again fails again, so it is neither retryable nor a sign that the model is unwell. */
function tooLarge(detail: string): Failure {
  return failure("too_large", TOO_LARGE, { detail });
}

function unavailable(message: string, detail: string): Failure {
  return failure("model_unavailable", message, { detail, retryAfterSeconds: 1 });
}

function misconfigured(message: string, detail: string): Failure {
  return failure("misconfigured", message, { detail });
}
