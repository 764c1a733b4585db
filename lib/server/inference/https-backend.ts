import "server-only";
import { AwsV4Signer } from "aws4fetch";
import { fail, ok, type Result } from "@/lib/result";
import type { Backend, Send } from "./backend";
import type { InferenceFailure } from "./failure";

/** Lambda answers at most 6 MB; anything longer is not an answer. */
export const MAX_ANSWER_BYTES = 6_291_556;

const EXECUTE_API_HOST = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

export type HttpsBackendOptions = {
  url: string;
  apiKey?: string;
  /** Asked before each request, and resolving to undefined where there are none; it may cache and renew them. */
  credentials?: () => Promise<AwsCredentials | undefined>;
  /** For hosts whose name does not tell it, such as a custom domain. */
  region?: string;
};

/** The region in an API Gateway host name, or `fallback`. */
export function regionOf(url: string, fallback: string | undefined): string | undefined {
  return EXECUTE_API_HOST.exec(new URL(url).hostname)?.[1] ?? fallback;
}

// A health check must not outlast its caller's patience.
const CHECK_TIMEOUT_MS = 2_000;

/** POSTs to API Gateway: signed where credentials and region are known, no redirects, a capped answer. */
export function createHttpsBackend(options: HttpsBackendOptions): Backend {
  const { url, apiKey, credentials } = options;
  const region = regionOf(url, options.region);
  let signed = false;
  // The signing keys of a day are derived once.
  const cache = new Map<string, ArrayBuffer>();

  async function headersFor(body: string, requestId: string): Promise<Headers> {
    const headers = new Headers({
      "content-type": "application/json",
      accept: "application/json",
      "x-request-id": requestId,
    });
    if (apiKey !== undefined) headers.set("x-api-key", apiKey);
    const keys = region === undefined ? undefined : await credentials?.();
    signed = keys !== undefined;
    if (keys === undefined || region === undefined) return headers;
    const signer = new AwsV4Signer({
      method: "POST",
      url,
      headers,
      body,
      ...keys,
      service: "execute-api",
      region,
      cache,
    });
    return (await signer.sign()).headers;
  }

  const send: Send = async (body, { signal, requestId }) => {
    try {
      const headers = await headersFor(body, requestId);
      const response = await fetch(url, {
        method: "POST",
        headers,
        body,
        signal,
        redirect: "manual",
        cache: "no-store",
      });
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        return fail({ reason: "redirected", status: response.status });
      }
      const text = await readCapped(response);
      if (!text.ok) return text;
      return ok({
        status: response.status,
        contentType: response.headers.get("content-type"),
        retryAfter: response.headers.get("retry-after"),
        serverTiming: response.headers.get("server-timing"),
        body: text.value,
      });
    } catch (error) {
      return fail(explainFetchError(error, signal));
    }
  };

  // HEAD reaches the gateway but not the Lambda; any answer short of a server error shows that it is there.
  async function check() {
    signed = region !== undefined && (await credentials?.()) !== undefined;
    try {
      const response = await fetch(url, {
        method: "HEAD",
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
      });
      return { ok: response.status < 500, detail: `answered ${response.status} to HEAD` };
    } catch (error) {
      return { ok: false, detail: `cannot be reached (${networkCode(error)})` };
    }
  }

  return {
    kind: "https",
    target: new URL(url).host,
    region: region ?? null,
    get signed() {
      return signed;
    },
    model: null,
    send,
    check,
  };
}

/** Counts what arrives, since content-length may lie or be of compressed bytes. */
async function readCapped(response: Response): Promise<Result<string, InferenceFailure>> {
  if (response.body === null) return ok("");
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream, and with it the connection.
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) return fail({ reason: "answer_too_large", status: response.status });
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks).toString("utf8"));
}

function explainFetchError(error: unknown, signal: AbortSignal | undefined): InferenceFailure {
  if (signal?.aborted) return { reason: "timeout" };
  return { reason: "unreachable", detail: networkCode(error) };
}

/** Such as ECONNREFUSED; fetch keeps it in its error's cause. */
function networkCode(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (typeof cause === "object" && cause !== null && "code" in cause) return String(cause.code);
  return error instanceof Error ? error.name : typeof error;
}
