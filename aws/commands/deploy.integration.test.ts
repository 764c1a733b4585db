import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startAwsAccount } from "@/test/aws-account";
import { isBrief } from "@/test/brief";
import { ensureBundles } from "@/test/bundles";
import { startS3 } from "@/test/s3-double";
import type { StackTemplate } from "@/test/template-names";
import { createApp } from "../cdk/application";
import { namesOf } from "../cdk/project";
import { committedModelKey } from "../cdk/stage";
import { deploy } from "./deploy";

/** Deployments one after the other, of the real templates, into an account on loopback that remembers. */
ensureBundles();
const outdir = mkdtempSync(join(tmpdir(), "deployments-"));
const committed = committedModelKey();
const SERVERLESS = "Maximum total concurrency that can be allocated across all serverless endpoints";
let aws: Awaited<ReturnType<typeof startAwsAccount>>;
let s3: Awaited<ReturnType<typeof startS3>>;

beforeAll(async () => {
  [aws, s3] = await Promise.all([startAwsAccount(), startS3()]);
  for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
  vi.stubEnv("AWS_ENDPOINT_URL_S3", s3.url);
});
beforeEach(() => {
  aws.stacks.clear();
  aws.parameters.clear();
  aws.denied.clear();
  aws.quotas.splice(0, Number.POSITIVE_INFINITY);
  for (const [QuotaName, Value] of Object.entries({
    "Number of something else": 1,
    [SERVERLESS]: 10,
    "ml.c5.large for endpoint usage": 2,
    "ml.m5.large for training job usage": 0,
  }))
    aws.quotas.push({ QuotaName, QuotaCode: `L-${aws.quotas.length}`, Value });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([aws.close(), s3.close()]);
  rmSync(outdir, { recursive: true });
});

type How = {
  isCommittedModel?: boolean;
  removesOld?: boolean;
  agrees?: RegExp;
  types?: string;
  fails?: boolean;
  /** What the web server says of the release that it is given; nothing where null. */
  webSays?: (release: string) => string | null;
};

const synthesised = new Map<string, { stackName: string; template: StackTemplate }[]>();

function synthesise(context: Record<string, string>) {
  const key = JSON.stringify(context);
  const known = synthesised.get(key);
  if (known !== undefined) return known;
  const app = createApp({ context: { ...context, release: "none" }, outdir });
  if (!app.ok) throw new Error(app.error);
  const stacks = app.value
    .synth()
    .stacks.map(({ stackName, template }) => ({ stackName, template: template as StackTemplate }));
  synthesised.set(key, stacks);
  return stacks;
}

/** One `npm run aws:deploy`, with what it says and how it ends. */
async function run(given: Record<string, string>, how: How = {}) {
  const lines: string[] = [];
  const { agrees = /^Deploy\?/, types } = how;
  const result = await deploy({
    account: { id: aws.id, region: aws.region, caller: "me", names: namesOf(given.stage) },
    given,
    isCommittedModel: how.isCommittedModel ?? false,
    removesOld: how.removesOld ?? false,
    terminal: {
      say: (line = "") => void lines.push(line),
      agree: async (question) => agrees.test(question.trim()),
      ask: async () => types ?? null,
    },
    patience: { pollMs: 1, patienceMs: 5 },
    cdk: (context) => {
      if (how.fails === true) return false;
      expect(aws.apply(synthesise(context))).toBeNull();
      const said = (how.webSays ?? String)(newestOf("/cytodesk/web-release"));
      if (said !== null)
        aws.parameters.set("/cytodesk/web-running", {
          versions: [{ Value: said, Description: "" }],
          tags: [],
        });
      return true;
    },
  });
  return { result, out: lines.join("\n") };
}

const kept = (name = "/cytodesk/settings") =>
  JSON.parse(aws.parameters.get(name)?.versions.at(-1)?.Value ?? "null");
const newestOf = (name: string) => String(aws.parameters.get(name)?.versions.at(-1)?.Value);
const served = () => aws.parameters.get("/cytodesk/model-key")?.versions.at(-1)?.Value;
const ROLE = "arn:aws:iam::123456789012:role/app";
const guarded = {
  ...{ endpoint: "instance", web: "ec2", webAllowedIps: "203.0.113.7", batch: "sagemaker" },
  ...{ apiKey: "true", invokers: ROLE, alarmEmail: "ops@example.org" },
};

it.skipIf(isBrief)("wants to know who is told of alarms, or that nobody is", async () => {
  const { result } = await run({});
  expect(result).toEqual({ ok: false, error: expect.stringMatching(/alarmEmail=ADDRESS.*alarmEmail=none/) });
  expect(await run({}, { types: "nobody" })).toMatchObject({
    result: { ok: false, error: expect.stringContaining("alarmEmail must be an e-mail address, or none") },
  });
  expect(aws.stacks.size).toBe(0);
  expect((await run({}, { types: "none" })).result.ok).toBe(true);
  expect(kept()).toMatchObject({ alarmEmail: "none", endpoint: "serverless" });
});

it("starts from what is kept, and says of each change whether it weakens anything", async () => {
  expect((await run(guarded)).result).toEqual({ ok: true, value: undefined });
  expect(kept()).toEqual({
    ...guarded,
    ...{ budgetUsd: "20", destroyData: "false", instanceType: "ml.c5.large", maxInstances: "2" },
    olderCallers: "sign",
    ...{ customerKey: "false", apiLogRole: "true" },
  });
  expect([...aws.stacks.keys()]).toContain("CytodeskWeb");

  const same = await run({});
  expect(same.out).toContain("Settings: as they were deployed.");
  expect(same.out).not.toContain("WEAKER");
  expect(same.out).toContain("  1 × ml.c5.large");

  const weaker = await run(
    { invokers: "", apiKey: "false", alarmEmail: "none", budgetUsd: "500", olderCallers: "apiKey" },
    { agrees: /never/ },
  );
  expect(weaker.result).toEqual({ ok: false, error: "Nothing was deployed." });
  expect(
    weaker.out.match(/^ {2}(\w+) {2}.*->.*\n {4}WEAKER: /gm)?.map((line) => line.trim().split(" ")[0]),
  ).toEqual(["budgetUsd", "alarmEmail", "apiKey", "olderCallers", "invokers"]);
  const failed = await run({ budgetUsd: "500" }, { fails: true });
  expect(failed.result.ok).toBe(false);
  expect(kept().budgetUsd).toBe("20");
});

it("says what became of the release on the web server", async () => {
  const refused = await run(guarded, { webSays: (release) => `refused ${release}: its migrations failed` });
  expect(refused.result).toEqual({
    ok: false,
    error: expect.stringMatching(
      /refused .*s3:.*: its migrations failed\. It goes on with the release before/,
    ),
  });
  // What served before is not removed for one that does not serve.
  const moved = await run(
    { endpoint: "serverless" },
    { removesOld: true, webSays: (one) => `refused ${one}: x` },
  );
  expect(moved.result.ok).toBe(false);
  expect([...aws.stacks.keys()]).toContain("CytodeskEndpoint-instance");
  const silent = await run({}, { webSays: () => "s3://assets/before.tgz" });
  expect(silent.result).toEqual({
    ok: false,
    error: expect.stringContaining("has not said that it runs "),
  });
});

it("lists stacks that the settings no longer contain, and removes them once the new ones are up", async () => {
  await run(guarded);
  const less = { endpoint: "serverless", web: "none", batch: "here", apiKey: "false", invokers: "" };
  const first = await run(less);
  expect(first.result.ok).toBe(true);
  expect(first.out).toMatch(
    /not in these settings[^\n]*\n {2}CytodeskWeb {2}1 × t4g.small, .*\n {2}CytodeskEndpoint-instance {2}1 × ml.c5.large/,
  );
  expect(first.out).toContain("- 1 × ml.c5.large");
  expect(first.out).toContain("Still there, and paid for: CytodeskWeb, CytodeskEndpoint-instance.");
  expect([...aws.stacks.keys()]).toEqual(
    expect.arrayContaining(["CytodeskWeb", "CytodeskEndpoint-instance"]),
  );

  aws.calls.length = 0;
  const second = await run({}, { removesOld: true });
  expect(second.result.ok).toBe(true);
  expect(second.out).toContain("not in these settings");
  expect(aws.calls.filter((call) => call.startsWith("DeleteStack"))).toEqual([
    "DeleteStack CytodeskWeb",
    "DeleteStack CytodeskEndpoint-instance",
  ]);
  expect([...aws.stacks.keys()].sort()).toEqual([
    "CytodeskApi",
    "CytodeskData",
    "CytodeskEndpoint-serverless",
    "CytodeskOps",
    "CytodeskTraining",
  ]);
  expect((await run({})).out).not.toContain("not in these settings");
});

it("keeps the served model when the committed one is another, until that is asked for", async () => {
  const settings = { alarmEmail: "none" };
  const first = await run(settings);
  expect(first.out).toContain(`Model: the committed one, ${committed}.`);
  expect(served()).toBe(committed);
  aws.putParameter("/cytodesk/model-key", "models/trained/model.tar.gz", "Trained by a job");

  const second = await run({});
  expect(second.out).toMatch(
    /models\/trained\/model\.tar\.gz stays served[\s\S]*--model committed serves it/,
  );
  expect(served()).toBe("models/trained/model.tar.gz");

  const bucket = aws.stacks.get("CytodeskApi")?.outputs.BucketName;
  const third = await run({}, { isCommittedModel: true });
  expect(third.out).toContain(`Model: the committed one, ${committed}, in the place of models/trained`);
  expect(served()).toBe(committed);
  expect(s3.objects.has(`${bucket}/${committed}`)).toBe(true);
  expect((await run({})).out).toContain(`Model: the committed one, ${committed}.`);
});

it("names a quota that is too low and how to ask for more, and deploys nothing that would fail", async () => {
  const none = aws.quotas.find(({ QuotaName }) => QuotaName === "ml.c5.large for endpoint usage");
  if (none !== undefined) none.Value = 0;
  const { result, out } = await run({ alarmEmail: "none", endpoint: "instance" });
  expect(result).toEqual({
    ok: false,
    error: expect.stringContaining("“ml.c5.large for endpoint usage” is 0"),
  });
  expect(out).toContain(
    "aws service-quotas request-service-quota-increase --region eu-central-1 --service-code sagemaker --quota-code L-2 --desired-value 2",
  );
  // A serverless one goes; training does not yet.
  const serverless = await run({ alarmEmail: "none" });
  expect(serverless.out).toContain(
    "“ml.m5.large for training job usage” is 0, and npm run aws:train wants 1",
  );
  expect(serverless.result.ok).toBe(true);
  const vcpus = { QuotaName: "Fargate On-Demand vCPU resource count", QuotaCode: "L-3032A538", Value: 0 };
  aws.quotas.push({ ...vcpus, service: "fargate" });
  const fargate = await run({ alarmEmail: "none", web: "fargate" });
  expect(fargate.result).toMatchObject({ error: expect.stringContaining(`“${vcpus.QuotaName}” is 0`) });
  expect(fargate.out).toContain("--service-code fargate --quota-code L-3032A538 --desired-value 4");
  aws.denied.add("ListServiceQuotas");
  const unknown = await run({});
  expect(unknown.out).toContain("quotas were not checked. AccessDeniedException");
  expect(unknown.result.ok).toBe(true);
});

it.skipIf(isBrief)("keeps stages apart", async () => {
  await run({ alarmEmail: "none" });
  await run({ stage: "dev", alarmEmail: "dev@example.org", budgetUsd: "5" });
  expect(kept()).toMatchObject({ alarmEmail: "none", budgetUsd: "20" });
  expect(kept("/cytodesk/dev/settings")).toMatchObject({ alarmEmail: "dev@example.org", budgetUsd: "5" });
  expect((await run({ stage: "dev" })).out).toContain("Settings: as they were deployed.");
  expect([...aws.stacks.keys()]).toHaveLength(10);
});

it("refuses to go on from what is no settings", async () => {
  aws.putParameter("/cytodesk/settings", "endpoint=instance", "");
  expect((await run({})).result).toEqual({ ok: false, error: expect.stringContaining("Mend or delete it") });
  aws.putParameter("/cytodesk/settings", '{"endpoint":"tiny"}', "");
  expect((await run({})).result).toEqual({ ok: false, error: expect.stringContaining("endpoint must be") });
});
