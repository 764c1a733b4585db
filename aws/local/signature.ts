import { createHash, timingSafeEqual } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import { fail, ok, type Result } from "../../lib/result";
import type { AwsKeys } from "./hop";
import type { HttpRequest } from "./http";

export type SignatureProblem = "missing" | "malformed" | "unknown_key" | "wrong" | "expired";

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([\w]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** What AWS allows a caller's clock to be off. */
const MOST_SKEW_MS = 5 * 60_000;

/**
 * Checks a request's Signature Version 4: known key, right service and region, untouched body, a date of now.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function checkSignature(
  { method, url, headers, body }: HttpRequest,
  expected: { keys: AwsKeys; service: string; region: string; now?: number },
): Promise<Result<void, SignatureProblem>> {
  if (headers.authorization === undefined) return fail("missing");
  const [, keyId, day, region, service, signedHeaders, signature] =
    AUTHORIZATION.exec(headers.authorization) ?? [];
  const date = headers["x-amz-date"] ?? "";
  const [, ...parts] = DATE.exec(date) ?? [];
  if (signature === undefined || signedHeaders === undefined || parts.length === 0) return fail("malformed");
  if (keyId !== expected.keys.accessKeyId) return fail("unknown_key");
  const [year, month, dayOfMonth, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const at = Date.UTC(year, month - 1, dayOfMonth, hour, minute, second);
  if (Math.abs((expected.now ?? Date.now()) - at) > MOST_SKEW_MS) return fail("expired");
  const names = signedHeaders.split(";");
  const bodyHash = createHash("sha256").update(body).digest("hex");
  const claimed = headers["x-amz-content-sha256"];
  if (
    day !== date.slice(0, 8) ||
    region !== expected.region ||
    service !== expected.service ||
    !names.includes("host") ||
    (claimed !== undefined && claimed !== bodyHash)
  ) {
    return fail("wrong");
  }
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    // Exactly those that were signed; the signer adds host and date itself.
    headers: Object.fromEntries(
      names.flatMap((name) => {
        const value = headers[name];
        return value === undefined || name === "host" || name === "x-amz-date" ? [] : [[name, value]];
      }),
    ),
    body: body.length === 0 ? undefined : body.toString("utf8"),
    ...expected.keys,
    service,
    region,
    datetime: date,
    allHeaders: true,
  });
  const again = /Signature=([0-9a-f]{64})/.exec(
    (await signer.sign()).headers.get("authorization") ?? "",
  )?.[1];
  return again !== undefined && timingSafeEqual(Buffer.from(again), Buffer.from(signature))
    ? ok(undefined)
    : fail("wrong");
}
