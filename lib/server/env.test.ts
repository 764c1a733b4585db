import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENV_NAMES, parseAllowedHosts, parseBatchUrl, parseEnv, parseModelUrl } from "./env";

describe("parseEnv", () => {
  it("needs nothing, and counts empty as unset", () => {
    const defaults = {
      DATABASE_URL: "file:./data/cytodesk.db",
      BATCH_URL: { kind: "folder", path: "./data/batches" },
      BATCH_CACHE: "./data/batches",
      BATCH_ENGINE: "here",
      BATCH_INSTANCE: "ml.m5.large",
      BATCH_INSTANCES: 1,
      MODEL_URL: { kind: "embedded" },
      MODEL_TIMEOUT_MS: 30_000,
      ALLOWED_HOSTS: ["localhost", "127.0.0.1", "[::1]"],
      PORT: 3000,
      BIND_ADDRESS: "127.0.0.1",
      OIDC_NAME: "your organisation",
      RATE_LIMIT_FACTOR: 1,
      WEB_PROCESSES: 1,
      REPLICAS: 1,
    };
    expect(parseEnv({})).toEqual({ ok: true, value: defaults });
    expect(parseEnv(Object.fromEntries(ENV_NAMES.map((name) => [name, " "])))).toEqual({
      ok: true,
      value: defaults,
    });
  });

  it.each([
    ["DATABASE_URL", "mysql://localhost/x", "file:./data/cytodesk.db"],
    ["DATABASE_URL", "postgresql://localhost", "postgresql://user:password@host:port/database"],
    ["DATABASE_SECRET", "cytodesk/database", "without a user"],
    ["REPLICAS", "0", "1 to 1000"],
    ["BATCH_URL", "s3://Bucket/x", "s3://bucket/prefix"],
    ["BATCH_URL", "s3://bucket/../x?y", "file:./path"],
    ["BATCH_ENGINE", "sagemaker", "here or sagemaker, which needs BATCH_URL"],
    ["BATCH_MODEL_NAME", "a/b", "the name of a SageMaker model"],
    ["BATCH_INSTANCE", "m5.large", "ml.m5.large"],
    ["BATCH_INSTANCES", "21", "1 to 20"],
    ["BATCH_KMS_KEY", "alias/mine", "the ARN of a KMS key"],
    ["BATCH_TAG", "project", "project="],
    ["DATABASE_URL", "file:", "file:"],
    ["MODEL_URL", "http://example.com/predict", "sagemaker://region/endpoint-name"],
    ["MODEL_API_KEY", "two words", "ASCII"],
    ["MODEL_TIMEOUT_MS", "99", "100 to 60000"],
    ["MODEL_TIMEOUT_MS", "60001", "100 to 60000"],
    ["MODEL_TIMEOUT_MS", "30s", "100 to 60000"],
    ["AWS_REGION", "Frankfurt", "eu-central-1"],
    ["ALLOWED_HOSTS", "localhost:3000", "without port"],
    ["ALLOWED_HOSTS", "*", "host names"],
    ["PORT", "65536", "65535"],
    ["PORT", "0", "65535"],
    ["RATE_LIMIT_FACTOR", "0", "1 to 1000"],
    ["TRUSTED_PROXIES", "10.0.0.0/33", "addresses or networks"],
    ["TRUSTED_PROXIES", "proxy.example", "addresses or networks"],
    ["BASE_PATH", "/cyto", "left out or /"],
  ])("names %s=%s and says what is allowed", (name, value, allowed) => {
    const parsed = parseEnv({ [name]: value });
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error).toMatch(new RegExp(`^  ${name} must be .*${allowed}`, "m"));
  });

  it("names every bad variable at once, without its value", () => {
    const parsed = parseEnv({ PORT: "http", MODEL_URL: "ftp://secret@x", AWS_ACCESS_KEY_ID: "AKIA" });
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    for (const name of ["PORT", "MODEL_URL"]) expect(parsed.error).toContain(`  ${name} must be`);
    expect(parsed.error).not.toContain("ftp:");
  });

  it.each([
    "postgresql://cyto:secret@db.example.org:5432/cytodesk",
    "postgres://db/cytodesk?sslmode=require",
  ])("takes %s, for several machines", (url) => {
    expect(parseEnv({ DATABASE_URL: url, REPLICAS: "3" })).toMatchObject({
      value: { DATABASE_URL: url, REPLICAS: 3 },
    });
  });

  it("takes a secret with the region it is of and an address without a user, and nothing else", () => {
    const source = {
      DATABASE_URL: "postgresql://db.example.org/x?sslmode=verify-full",
      DATABASE_SECRET: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1-AbCdEf",
      AWS_REGION: "eu-central-1",
    };
    expect(parseEnv(source)).toMatchObject({ ok: true, value: source });
    for (const other of [
      { AWS_REGION: "" },
      { DATABASE_URL: "postgresql://me:word@db.example.org/x" },
      { DATABASE_URL: "" },
      { DATABASE_SECRET: "{}" },
    ]) {
      const parsed = parseEnv({ ...source, ...other });
      expect(parsed).toMatchObject({ error: expect.stringMatching(/^ {2}DATABASE_SECRET must be/m) });
      expect(JSON.stringify(parsed)).not.toContain("me:word");
    }
  });

  it("refuses SQLite for several machines, and names both variables", () => {
    const parsed = parseEnv({ REPLICAS: "2" });
    expect(!parsed.ok && parsed.error).toMatch(/^ {2}REPLICAS must be .* unless DATABASE_URL is postgresql/m);
    expect(parseEnv({ REPLICAS: "1", WEB_PROCESSES: "4" }).ok).toBe(true);
  });

  it("takes SageMaker for batches only with all that it needs", () => {
    const whole = {
      ...{ BATCH_ENGINE: "sagemaker", BATCH_URL: "s3://cases", BATCH_MODEL_NAME: "cytodesk" },
      AWS_REGION: "eu-central-1",
    };
    expect(parseEnv(whole).ok).toBe(true);
    for (const name of ["BATCH_URL", "BATCH_MODEL_NAME", "AWS_REGION"]) {
      expect(parseEnv({ ...whole, [name]: "" }).ok).toBe(false);
    }
  });

  it("refuses half of a pair of AWS keys", () => {
    const parsed = parseEnv({ AWS_ACCESS_KEY_ID: "AKIA" });
    expect(!parsed.ok && parsed.error).toContain("AWS_SECRET_ACCESS_KEY must be");
  });
});

describe("parseBatchUrl", () => {
  it.each([
    ["file:./data/batches", { kind: "folder", path: "./data/batches" }],
    ["s3://cases", { kind: "bucket", bucket: "cases", prefix: "" }],
    ["s3://cases/", { kind: "bucket", bucket: "cases", prefix: "" }],
    ["s3://cases/of/batches", { kind: "bucket", bucket: "cases", prefix: "of/batches/" }],
  ])("reads %s", (url, place) => expect(parseBatchUrl(url)).toEqual(place));
});

describe("parseModelUrl", () => {
  it.each([
    ["embedded:", { kind: "embedded" }],
    [
      "sagemaker://eu-central-1/cyto-serverless-1",
      { kind: "sagemaker", region: "eu-central-1", endpointName: "cyto-serverless-1" },
    ],
    ["sagemaker://us-gov-west-1/a", { kind: "sagemaker", region: "us-gov-west-1", endpointName: "a" }],
    [
      "https://id.execute-api.eu-central-1.amazonaws.com/prod/predict",
      { kind: "https", url: "https://id.execute-api.eu-central-1.amazonaws.com/prod/predict" },
    ],
    ["http://127.0.0.1:8080/predict", { kind: "https", url: "http://127.0.0.1:8080/predict" }],
    [
      "oip+https://triton.example/v2/models/cells",
      { kind: "oip", url: "https://triton.example/v2/models/cells" },
    ],
    [
      "oip+http://127.0.0.1:8000/serving/v2/models/cells/versions/2",
      { kind: "oip", url: "http://127.0.0.1:8000/serving/v2/models/cells/versions/2" },
    ],
    ["http://localhost:8080", { kind: "https", url: "http://localhost:8080/" }],
    ["http://[::1]:8080/", { kind: "https", url: "http://[::1]:8080/" }],
  ])("reads %s", (text, target) => expect(parseModelUrl(text)).toEqual(target));

  it.each([
    "embedded",
    "embedded://",
    "predict",
    "http://example.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "https://user:password@example.com",
    "ftp://example.com",
    "file:///model.json",
    "oip+http://example.com/v2/models/cells",
    "oip+https://user:password@example.com/v2/models/cells",
    "oip+https://example.com",
    "oip+https://example.com/v2/models/",
    "oip+https://example.com/v2/models/cells/infer",
    "oip+https://example.com/v2/models/cells?version=2",
    "oip+embedded:",
    "oip+sagemaker://eu-central-1/a",
    "sagemaker://nowhere/a",
    "sagemaker://eu-central-1",
    "sagemaker://eu-central-1/a/b",
    "sagemaker://eu-central-1/-a",
    `sagemaker://eu-central-1/${"a".repeat(64)}`,
  ])("refuses %s", (text) => expect(parseModelUrl(text)).toBeNull());

  it("never allows plain http off this machine", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(?:\.[a-z]{2,9}){1,2}$/),
        fc.nat(65_535),
        (host, port) => {
          for (const url of [`http://${host}/`, `http://${host}:${port}/`, `http://127.0.0.1.${host}/`]) {
            expect(parseModelUrl(url)).toBeNull();
          }
        },
      ),
    );
  });
});

describe("parseAllowedHosts", () => {
  it("reads names without ports", () => {
    expect(parseAllowedHosts("localhost, 127.0.0.1,[::1],Cyto.Example.org")).toEqual([
      "localhost",
      "127.0.0.1",
      "[::1]",
      "cyto.example.org",
    ]);
  });

  it.each(["", "localhost:3000", "http://localhost", "a b"])("refuses %j", (text) => {
    expect(parseAllowedHosts(text)).toBeNull();
  });
});

describe("a webhook", () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const all = {
    WEBHOOK_URL: "https://hooks.example.org/in?from=cytodesk",
    WEBHOOK_SECRET: secret,
    WEBHOOK_HOSTS: "other.example.org, Hooks.example.org",
  };

  it("is read with its secret and the hosts that it may be at, and is off without its address", () => {
    expect(parseEnv(all)).toMatchObject({
      ok: true,
      value: { WEBHOOK_URL: { href: all.WEBHOOK_URL, isLocal: false }, WEBHOOK_SECRET: Buffer.alloc(32, 7) },
    });
    const local = { ...all, WEBHOOK_URL: "http://[::1]:8080/", WEBHOOK_HOSTS: "[::1]" };
    expect(parseEnv(local)).toMatchObject({ ok: true, value: { WEBHOOK_URL: { isLocal: true } } });
    expect(parseEnv({ ...all, WEBHOOK_URL: "" })).toMatchObject({ ok: true });
  });

  it.each([
    ["WEBHOOK_URL", "http://hooks.example.org/"],
    ["WEBHOOK_URL", "https://user:password@hooks.example.org/"],
    ["WEBHOOK_URL", "ftp://hooks.example.org/"],
    ["WEBHOOK_SECRET", ""],
    ["WEBHOOK_SECRET", "password"],
    ["WEBHOOK_SECRET", `whsec_${Buffer.alloc(23).toString("base64")}`],
    ["WEBHOOK_HOSTS", ""],
    ["WEBHOOK_HOSTS", "example.org"],
    ["WEBHOOK_HOSTS", "https://hooks.example.org"],
  ])("is refused with %s=%s", (name, value) => {
    expect(parseEnv({ ...all, [name]: value })).toEqual({
      ok: false,
      error: expect.stringContaining(`  ${name} must be `),
    });
  });
});

it(".env.example lists every variable, no other, and parses", () => {
  const lines = readFileSync(`${__dirname}/../../.env.example`, "utf8").split("\n");
  const assignments = lines.flatMap((line) => {
    const [, name, value] = /^(?:# )?([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  expect(assignments.map(([name]) => name).sort()).toEqual([...ENV_NAMES].sort());
  // The last stands for what nobody has beside sign-in.
  const { MODEL_API_KEY: _, INSECURE_NO_AUTH: __, ...example } = Object.fromEntries(assignments);
  expect(parseEnv(example)).toMatchObject({ ok: true, value: { AWS_REGION: "eu-central-1" } });
  const active = Object.fromEntries(
    assignments.filter(([name]) => lines.some((line) => line.startsWith(`${name}=`))),
  );
  expect(parseEnv(active)).toEqual(parseEnv({}));
});
