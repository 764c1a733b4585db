import "server-only";
import { AwsV4Signer } from "aws4fetch";
import type { AwsCredentials } from "@/lib/server/aws-credentials";
import type { Backend, Send } from "./backend";
import { checkAnswers, exchange } from "./exchange";

const EXECUTE_API_HOST = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

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

  const send: Send = (body, { signal, requestId }) =>
    exchange(url, { method: "POST", headers: headersFor(body, requestId), body, signal });

  // HEAD reaches the gateway but not the Lambda; any answer short of a server error shows that it is there.
  async function check() {
    signed = region !== undefined && (await credentials?.()) !== undefined;
    return checkAnswers(url, "HEAD", (status) => status < 500);
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
