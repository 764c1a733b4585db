import { SignatureV4 } from "@smithy/signature-v4";
import { AwsV4Signer } from "aws4fetch";
import { expect, it } from "vitest";
import { checkSignature, Sha256 } from "./signature";

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const now = Date.UTC(2026, 10, 27, 3, 0, 0);
const datetime = "20261127T030000Z";
const region = "eu-central-1";
const body = '{"data": "17.99, 10.38 \u{1f9ea}"}';
const url = new URL("http://127.0.0.1:8083/prod/api%20model/a+b?b=2&a=1%2F1&a=");

async function byAws4fetch(service: string): Promise<Record<string, string>> {
  const headers = { "content-type": "application/json", "x-request-id": "a  b" };
  const signer = new AwsV4Signer({
    ...{ method: "POST", url: url.href, headers, body, ...keys, service, region, datetime, allHeaders: true },
  });
  return { ...Object.fromEntries((await signer.sign()).headers), host: url.host };
}

async function bySmithy(service: string): Promise<Record<string, string>> {
  const signer = new SignatureV4({ credentials: keys, region, service, sha256: Sha256 });
  const signed = await signer.sign(
    {
      method: "POST",
      protocol: "http:",
      hostname: url.hostname,
      path: url.pathname,
      query: { b: "2", a: ["1/1", ""] },
      headers: { host: url.host, "content-type": "application/json" },
      body,
    },
    { signingDate: new Date(now) },
  );
  return signed.headers;
}

it.each(["execute-api", "sagemaker"])(
  "knows for %s what either library signs, and nothing else",
  async (service) => {
    for (const sign of [byAws4fetch, bySmithy]) {
      const request = { method: "POST", url, headers: await sign(service), body: Buffer.from(body) };
      const expected = { keys, service, region, now };
      const check = (changed: object, other: object = {}) =>
        checkSignature({ ...request, ...changed }, { ...expected, ...other });
      expect(await check({})).toMatchObject({ ok: true });
      const wrong = { ok: false, error: "wrong" };
      expect(await check({ body: Buffer.from(body.replace("17", "18")) })).toEqual(wrong);
      expect(await check({ method: "PUT" })).toEqual(wrong);
      expect(await check({ url: new URL(url.href.replace("b=2", "b=3")) })).toEqual(wrong);
      expect(await check({ headers: { ...request.headers, "content-type": "text/csv" } })).toEqual(wrong);
      expect(await check({}, { keys: { ...keys, secretAccessKey: "another" } })).toEqual(wrong);
      expect(await check({}, { region: "us-east-1" })).toEqual(wrong);
      expect(await check({}, { now: now + 301_000 })).toEqual({ ok: false, error: "expired" });
    }
  },
);

// The published example "get-vanilla" of AWS's own test suite for the signature.
it("signs as AWS's example does", async () => {
  const service = "service";
  const signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
  const scope = `20150830/us-east-1/${service}/aws4_request`;
  const request = (given: string) => ({
    method: "GET",
    url: new URL("http://example.amazonaws.com/"),
    headers: {
      host: "example.amazonaws.com",
      "x-amz-date": "20150830T123600Z",
      authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${given}`,
    },
    body: Buffer.alloc(0),
  });
  const expected = { keys, service, region: "us-east-1", now: Date.UTC(2015, 7, 30, 12, 36) };
  expect(await checkSignature(request(signature), expected)).toMatchObject({ ok: true });
  expect(await checkSignature(request(signature.replace("5", "6")), expected)).toMatchObject({
    error: "wrong",
  });
});
