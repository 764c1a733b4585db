import { AwsV4Signer } from "aws4fetch";
import { afterAll, beforeAll, expect, it } from "vitest";
import golden from "../../tables/wdbc/golden.json";
import { API_TEMPLATE, readApiDescription } from "./api-description";
import { type LocalPath, startPath } from "./path";

/** The path where AWS's runtime client cannot be compiled. */
let path: LocalPath;
const log: string[] = [];

beforeAll(async () => {
  path = await startPath({
    api: readApiDescription(API_TEMPLATE),
    runtime: "lambda-local",
    log: (hop, line) => log.push(`${hop} ${line}`),
  });
});
afterAll(async () => path.stop());

async function post(url: string, body: object): Promise<Response> {
  const { environment } = path;
  const signer = new AwsV4Signer({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    accessKeyId: environment.AWS_ACCESS_KEY_ID,
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    service: "execute-api",
    region: environment.AWS_REGION,
  });
  return fetch(url, await signer.sign());
}

it("answers the golden vectors under lambda-local, and says that it stands in", async () => {
  const instances = golden.cases.map(({ csv }) => ({ features: csv.split(",").map(Number) }));
  const response = await post(path.modelUrl, { instances });
  expect(response.status).toBe(200);
  const { predictions } = (await response.json()) as { predictions: { probability: number }[] };
  expect(predictions.map(({ probability }) => probability)).toEqual(
    golden.cases.map(({ probability }) => probability),
  );
  expect(log).toContain("lambda runs under lambda-local");
});

it("passes on what the function throws", async () => {
  const response = await post(path.olderUrl, { data: "1, 2" });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: "bad_request", message: "expected 30 numbers, got 2" },
  });
});
