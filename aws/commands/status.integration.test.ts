import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startAwsAccount } from "@/test/aws-account";
import { namesOf } from "../cdk/project";
import { sayLogs } from "./logs";
import { sayStatus } from "./status";

let aws: Awaited<ReturnType<typeof startAwsAccount>>;
const LAMBDA_LOG = "/cytodesk/cytodesk-predict";
const HOUR = 3_600_000;

beforeAll(async () => {
  aws = await startAwsAccount();
  for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
});
beforeEach(() => {
  aws.denied.clear();
  aws.packages.length = 0;
  aws.logs.clear();
  aws.alarms.length = 0;
  aws.costs.length = 0;
  aws.stacks.clear();
  aws.addStack(
    "CytodeskApi",
    { EndpointName: "cytodesk-serverless" },
    [LAMBDA_LOG, "/cytodesk/cytodesk-access"].map((id) => ({ type: "AWS::Logs::LogGroup", id })),
  );
  aws.addStack("CytodeskTraining", { ModelPackageGroup: "cytodesk-1" });
  aws.addStack(
    "CytodeskOps",
    {},
    ["cytodesk-api-5xx", "cytodesk-model-latency", "cytodesk-lambda-errors"].map((id) => ({
      type: "AWS::CloudWatch::Alarm",
      id,
    })),
  );
  aws.addStack("Cytodesk-dev-Api");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const account = () => ({ id: aws.id, region: aws.region, caller: "me", names: namesOf() });

async function status(asksCost = false): Promise<string> {
  const lines: string[] = [];
  await sayStatus({
    account: account(),
    asksCost,
    say: (line = "") => void lines.push(line),
    now: new Date("2026-11-27T05:00:00Z"),
  });
  return lines.join("\n");
}

it("status tells of stacks, endpoint, models and what is in alarm, of this stage alone", async () => {
  aws.endpoints.set("cytodesk-serverless", { EndpointStatus: "InService" });
  aws.putParameter("/cytodesk/model-key", "models/one/model.tar.gz", "");
  for (const [ModelPackageGroupName, ModelApprovalStatus] of [
    ["cytodesk-1", "Approved"],
    ["cytodesk-2", "Approved"],
    ["cytodesk-1", "Rejected"],
  ])
    aws.packages.push({
      ...{ ModelPackageGroupName, ModelApprovalStatus, ModelPackageDescription: "a job" },
      ...{ ModelPackageVersion: aws.packages.length + 1, CreationTime: 1_795_755_600 },
    });
  for (const [AlarmName, StateValue] of [
    ["cytodesk-api-5xx", "ALARM"],
    ["cytodesk-model-latency", "OK"],
    ["cytodesk-dev-api-5xx", "ALARM"],
  ] as const)
    aws.alarms.push({ AlarmName, StateValue, AlarmDescription: "Callers got answers with a 5xx status." });
  const out = await status();
  expect(out).toContain("  CytodeskOps  CREATE_COMPLETE  2026-01-01T00:00Z");
  expect(out).not.toContain("dev");
  expect(out).toContain("  cytodesk-serverless  InService");
  expect(out).toMatch(
    /served: models\/one.*\n {2}version 3 {2}Rejected {2}2026-11-27T05:00Z {2}a job\n {2}version 1 {2}Approved/,
  );
  expect(out).toMatch(/Alarms\n {2}cytodesk-api-5xx {2}in alarm since \S+ {2}Callers got/);
  expect(out).toContain("--cost asks Cost Explorer, at $0.01");
  expect(aws.calls).not.toContain("GetCostAndUsage");
});

it("status asks for the month's cost where that is wanted, and says how the tag matters", async () => {
  expect(await status(true)).toContain("or the tag “project” was not activated");
  aws.costs.push({ service: "AWS Lambda", project: "cytodesk", amount: "0.5049" });
  aws.costs.push({ service: "Amazon SageMaker", project: "cytodesk", amount: "2" });
  aws.costs.push({ service: "Amazon SageMaker", project: "cytodesk-dev", amount: "70" });
  expect(await status(true)).toMatch(
    /0\.50 USD {2}AWS Lambda\n {2}2\.00 USD {2}Amazon SageMaker\n {2}2\.50 USD {2}in all$/,
  );
});

it("status says what AWS does not tell, and tells the rest", async () => {
  aws.denied.add("ListModelPackages");
  aws.endpoints.clear();
  const out = await status();
  expect(out).toContain("not told. AccessDeniedException: not authorized to perform ListModelPackages");
  expect(out).toContain('not told. ValidationException: Could not find endpoint "cytodesk-serverless".');
  expect(out).toContain("  none of 3 is in alarm");
});

const event = (eventId: string, agoMs: number, message = eventId) => ({
  ...{ eventId, message },
  timestamp: Date.now() - agoMs,
});

async function logs(more: Partial<Parameters<typeof sayLogs>[0]>, onLine: (line: string) => void = () => {}) {
  const lines: string[] = [];
  const result = await sayLogs({
    ...{ account: account(), group: undefined, sinceMs: HOUR, pattern: undefined, follow: undefined },
    say: (line) => {
      lines.push(line.replace(/^\S+Z {2}/, ""));
      onLine(line);
    },
    pollMs: 1,
    ...more,
  });
  return { result, lines };
}

it("logs tells the Lambda's last hour, or another group's, in pages", async () => {
  aws.logs.set(LAMBDA_LOG, [event("old", 2 * HOUR), event("one", 3), event("two", 2), event("three", 1)]);
  aws.logs.set("/cytodesk/cytodesk-access", [event("caller", 5)]);
  const { lines } = await logs({});
  expect(lines[0]).toContain(`${LAMBDA_LOG}, since `);
  expect(lines.slice(1)).toEqual(["one", "two", "three"]);
  expect((await logs({ pattern: "tw" })).lines.slice(1)).toEqual(["two"]);
  expect((await logs({ sinceMs: 3 * HOUR, group: "access" })).lines.slice(1)).toEqual(["caller"]);
  expect((await logs({ group: "none" })).result).toEqual({
    ok: false,
    error: expect.stringMatching(/part of no log group\. There are:\n {2}\/cytodesk\/cytodesk-predict\n/),
  });
  expect((await logs({ group: "cytodesk" })).result).toMatchObject({ ok: false });
});

it("logs --follow tells what comes, each once, until it is ended", async () => {
  const first = event("one", 10);
  // An event of the same millisecond, written later.
  const later = { ...event("two", 0), timestamp: first.timestamp };
  aws.logs.set(LAMBDA_LOG, [first]);
  const ending = new AbortController();
  const { lines } = await logs({ follow: ending.signal }, (line) => {
    if (line.endsWith("  one")) aws.logs.get(LAMBDA_LOG)?.push(later);
    if (line.endsWith("  two")) aws.logs.get(LAMBDA_LOG)?.push(event("three", 0));
    if (line.endsWith("  three")) ending.abort();
  });
  expect(lines.slice(1)).toEqual(["one", "two", "three"]);
});
