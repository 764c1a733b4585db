import "server-only";
import { fail, ok, type Result } from "@/lib/result";
import { traceparent } from "@/lib/server/metrics/tracing";
import { readAtMost } from "@/lib/server/read-at-most";
import type { WireAnswer } from "./backend";
import type { InferenceFailure } from "./failure";

/** Lambda answers at most 6 MB; anything longer is not an answer. */
export const MAX_ANSWER_BYTES = 6_291_556;

/** Sends one request over HTTP: no redirects, a capped answer. Never throws for what the far side does. */
export async function exchange(
  url: string,
  request: {
    method: "GET" | "POST";
    headers: HeadersInit | Promise<HeadersInit>;
    body?: string;
    signal?: AbortSignal;
  },
): Promise<Result<WireAnswer, InferenceFailure>> {
  try {
    const headers = new Headers(await request.headers);
    const trace = traceparent();
    // Not one that is signed: the gateway takes others.
    if (trace !== null) headers.set("traceparent", trace);
    const response = await fetch(url, { ...request, headers, redirect: "manual", cache: "no-store" });
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
    if (request.signal?.aborted) return fail({ reason: "timeout" });
    return fail({ reason: "unreachable", detail: networkCode(error) });
  }
}

// A health check must not outlast its caller's patience.
const CHECK_TIMEOUT_MS = 2_000;

/** Whether something answers such a request as `isWell` wants. */
export async function checkAnswers(
  url: string,
  method: "GET" | "HEAD",
  isWell: (status: number) => boolean,
): Promise<{ ok: boolean; detail: string }> {
  try {
    const response = await fetch(url, {
      method,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return { ok: isWell(response.status), detail: `answered ${response.status} to ${method}` };
  } catch (error) {
    return { ok: false, detail: `cannot be reached (${networkCode(error)})` };
  }
}

async function readCapped({ body, status }: Response): Promise<Result<string, InferenceFailure>> {
  const bytes = await readAtMost(body, MAX_ANSWER_BYTES);
  return bytes === null ? fail({ reason: "answer_too_large", status }) : ok(bytes.toString("utf8"));
}

/** Such as ECONNREFUSED; fetch keeps it in its error's cause. */
function networkCode(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (typeof cause === "object" && cause !== null && "code" in cause) return String(cause.code);
  return error instanceof Error ? error.name : typeof error;
}
