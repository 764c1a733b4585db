import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseEnv } from "@/lib/server/env";
import { whatLeaves } from "./outward";

afterEach(() => vi.unstubAllEnvs());

function leaving(source: Record<string, string>) {
  const settings = parseEnv(source);
  if (!settings.ok) throw new Error(settings.error);
  return whatLeaves(settings.value);
}
const hosts = (source: Record<string, string>) => leaving(source).map(({ variable, to }) => [variable, to]);

const S3 = { BATCH_URL: "s3://cases/of", AWS_REGION: "eu-central-1" };
const SIGN_IN = {
  SIGN_IN_SECRET: Buffer.alloc(32, 7).toString("base64"),
  PUBLIC_URL: "https://app.example.org",
};

describe("what leaves the machine", () => {
  it("is nothing where nothing is set", () => {
    expect(leaving({})).toEqual([]);
    expect(leaving(SIGN_IN)).toEqual([]);
  });

  it.each([
    [{ MODEL_URL: "https://model.example.org/prod/predict" }, ["MODEL_URL", "model.example.org"]],
    [
      { MODEL_URL: "sagemaker://eu-central-1/wdbc" },
      ["MODEL_URL", "runtime.sagemaker.eu-central-1.amazonaws.com"],
    ],
    [{ MODEL_URL: "oip+https://kserve.example.org/v2/models/wdbc" }, ["MODEL_URL", "kserve.example.org"]],
    [
      { DATABASE_URL: "postgresql://me:secret@db.example.org:5433/x" },
      ["DATABASE_URL", "db.example.org:5433"],
    ],
    [S3, ["BATCH_URL", "cases.s3.eu-central-1.amazonaws.com"]],
    [{ BATCH_URL: "s3://cases" }, ["BATCH_URL", "cases.s3.amazonaws.com"]],
    [
      {
        WEBHOOK_URL: "https://hooks.example.org/a/secret/path",
        WEBHOOK_HOSTS: "hooks.example.org",
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
      },
      ["WEBHOOK_URL", "hooks.example.org"],
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://otel.example.org:4318" },
      ["OTEL_EXPORTER_OTLP_ENDPOINT", "otel.example.org:4318"],
    ],
    [
      {
        ...SIGN_IN,
        OIDC_ISSUER: "https://login.example.org/pool",
        OIDC_CLIENT_ID: "x",
        OIDC_CLIENT_SECRET: "y",
      },
      ["OIDC_ISSUER", "login.example.org"],
    ],
  ] as [Record<string, string>, string[]][])("by %j is named", (source, named) => {
    expect(hosts(source)).toEqual([named]);
    expect(JSON.stringify(leaving(source))).not.toContain("secret");
  });

  it("by a secret is both the database and Secrets Manager", () => {
    const source = { DATABASE_URL: "postgresql://db/x", DATABASE_SECRET: "db", AWS_REGION: "cn-north-1" };
    expect(hosts(source)).toEqual([
      ["DATABASE_URL", "db"],
      ["DATABASE_SECRET", "secretsmanager.cn-north-1.amazonaws.com.cn"],
    ]);
  });

  it("by Batch Transform is both the bucket and SageMaker", () => {
    expect(hosts({ ...S3, BATCH_ENGINE: "sagemaker", BATCH_MODEL_NAME: "wdbc" })).toEqual([
      ["BATCH_URL", "cases.s3.eu-central-1.amazonaws.com"],
      ["BATCH_ENGINE", "api.sagemaker.eu-central-1.amazonaws.com"],
    ]);
  });

  it("goes where the AWS SDK is told, and may stay on this machine", () => {
    vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000");
    expect(leaving(S3)).toMatchObject([{ to: "127.0.0.1:9000", isThisMachine: true }]);
    expect(leaving({ MODEL_URL: "http://localhost:8080/predict" })).toMatchObject([{ isThisMachine: true }]);
  });
});

const EVERYTHING = {
  ...S3,
  ...SIGN_IN,
  ...{ BATCH_ENGINE: "sagemaker", BATCH_MODEL_NAME: "wdbc", MODEL_URL: "https://model.example.org/predict" },
  ...{ DATABASE_URL: "postgresql://db.example.org/x", DATABASE_SECRET: "cytodesk/database" },
  ...{ WEBHOOK_URL: "https://hooks.example.org/", WEBHOOK_HOSTS: "hooks.example.org" },
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://otel.example.org:4318",
  ...{ OIDC_ISSUER: "https://login.example.org/pool", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "y" },
};

/** What makes a request, or a connection, and by which variable; null of what only takes them, or has an example in it. */
const REQUESTS: Record<string, string | null> = {
  "lib/server/inference/exchange.ts": "MODEL_URL",
  "lib/inference/sagemaker-endpoint.ts": "MODEL_URL",
  "lib/server/aws-credentials.ts": "MODEL_URL",
  "lib/server/batch/store.ts": "BATCH_URL",
  "lib/inference/aws-json.ts": "BATCH_ENGINE",
  "lib/postgres/secret.ts": "DATABASE_SECRET",
  "lib/postgres/connect.ts": "DATABASE_URL",
  "lib/server/batch/webhook.ts": "WEBHOOK_URL",
  "lib/server/metrics/tracing.ts": "OTEL_EXPORTER_OTLP_ENDPOINT",
  "lib/server/access/sign-in.ts": "OIDC_ISSUER",
  "lib/server/database/db.ts": "DATABASE_URL",
  "lib/server/exchange/export-worker.ts": "DATABASE_URL",
  "lib/server/limits/limits.ts": "DATABASE_URL",
  "lib/server/api/samples.ts": null,
};
const ASKS =
  /(?<!\.)\bfetch\(|from "node:https?"|from "node:(?:net|tls|dgram)"|"@aws-sdk\/|"pg"|adapter-pg|genericOAuth\(|new WebSocket/;
/** Types alone, or what listens. */
const LISTENS = /import type \{[^}]*\} from "node:(?:http|net)";|import \{ isIP[^}]*\} from "node:net";/g;

it("no file of the server asks another host but by a variable that is told of", () => {
  const files = ["app", "lib/server", "lib/inference", "lib/postgres"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test.") && !name.includes("generated"))
      .map((name) => join(folder, name)),
  );
  const asking = files.filter((file) => ASKS.test(readFileSync(file, "utf8").replaceAll(LISTENS, "")));
  expect(asking.sort()).toEqual(Object.keys(REQUESTS).sort());
  const told = new Set(leaving(EVERYTHING).map(({ variable }) => variable));
  expect([...told].sort()).toEqual(
    [...new Set(Object.values(REQUESTS))].filter((name) => name !== null).sort(),
  );
});
