import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
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
  // Exactly those that were signed.
  const signed = Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  // By the library that did not sign: the web application signs with aws4fetch, the SDK with Smithy's.
  const sign = expected.service === "sagemaker" ? signWithAws4fetch : signWithSmithy;
  const authorization = await sign({ method, url, headers: signed, body }, { ...expected, date, at });
  const again = /Signature=([0-9a-f]{64})/.exec(authorization ?? "")?.[1];
  return again !== undefined && timingSafeEqual(Buffer.from(again), Buffer.from(signature))
    ? ok(undefined)
    : fail("wrong");
}

type How = { keys: AwsKeys; service: string; region: string; date: string; at: number };

/** Keys are derived once a day. */
const derivedKeys = new Map<string, ArrayBuffer>();

async function signWithAws4fetch(
  { method, url, headers, body }: HttpRequest,
  { keys, service, region, date }: How,
): Promise<string | undefined> {
  // It adds these two itself.
  const { host: _, "x-amz-date": __, ...rest } = headers;
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: rest,
    body: body.length === 0 ? undefined : new Uint8Array(body),
    ...keys,
    service,
    region,
    datetime: date,
    allHeaders: true,
    cache: derivedKeys,
  });
  return (await signer.sign()).headers.get("authorization") ?? undefined;
}

async function signWithSmithy(
  { method, url, headers, body }: HttpRequest,
  { keys, service, region, at }: How,
): Promise<string | undefined> {
  const signer = new SignatureV4({
    credentials: keys,
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const query = Object.fromEntries(
    [...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name)]),
  );
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query,
      headers,
      body: new Uint8Array(body),
    },
    { signingDate: new Date(at), signableHeaders: new Set(Object.keys(headers)) },
  );
  return signed.headers.authorization;
}

/** SHA-256 and its HMAC as Smithy's libraries take them. */
export class Sha256 {
  readonly #secret: Parameters<typeof createHmac>[1] | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#start();
  }
  #start(): Hash | Hmac {
    return this.#secret === undefined ? createHash("sha256") : createHmac("sha256", this.#secret);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    this.#hash = this.#start();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
