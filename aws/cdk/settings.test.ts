import { expect, it } from "vitest";
import { checkGiven, parseSettings } from "./settings";

const settings = (context: Record<string, unknown>) => parseSettings((name) => context[name]);

it("has a default for everything that has one", () => {
  expect(settings({ endpoint: "", web: undefined })).toEqual({
    ok: true,
    value: {
      endpoint: "serverless",
      instanceType: "ml.c5.large",
      maxInstances: 2,
      budgetUsd: 20,
      apiKey: false,
      olderCallers: "sign",
      destroyData: false,
      customerKey: false,
      apiLogRole: true,
      web: "none",
      batch: "here",
    },
  });
});

it("reads what the command line and what a context file say", () => {
  const given = {
    endpoint: "instance",
    instanceType: "ml.m5.large",
    alarmEmail: "ops@example.org",
    web: "ec2",
    olderCallers: "apiKey",
    batch: "sagemaker",
    webAllowedIps: "203.0.113.7, 198.51.100.0/24",
    invokers: "arn:aws:iam::123456789012:role/app,arn:aws:iam::210987654321:user/team/ada",
  };
  const parsed = {
    ...given,
    maxInstances: 4,
    budgetUsd: 50,
    apiKey: true,
    destroyData: true,
    customerKey: true,
    apiLogRole: false,
    webAllowedIps: ["203.0.113.7", "198.51.100.0/24"],
    invokers: ["arn:aws:iam::123456789012:role/app", "arn:aws:iam::210987654321:user/team/ada"],
  };
  const texts = {
    maxInstances: "4",
    budgetUsd: "50",
    apiKey: "true",
    destroyData: "true",
    customerKey: "true",
    apiLogRole: "false",
  };
  const values = {
    maxInstances: 4,
    budgetUsd: 50,
    apiKey: true,
    destroyData: true,
    customerKey: true,
    apiLogRole: false,
  };
  expect(settings({ ...given, ...texts })).toEqual({ ok: true, value: parsed });
  expect(settings({ ...given, ...values })).toEqual({ ok: true, value: parsed });
});

it("names every bad value and what it may be", () => {
  const bad = settings({ endpoint: "lambda", maxInstances: "0", apiKey: "yes", alarmEmail: "nobody" });
  expect(bad).toEqual({
    ok: false,
    error: [
      "The settings are not usable.",
      "  endpoint must be serverless or instance",
      "  maxInstances must be a whole number from 1 to 20",
      "  alarmEmail must be an e-mail address, or none",
      "  apiKey must be true or false",
    ].join("\n"),
  });
});

it.each([
  ["webAllowedIps", "0.0.0.0/0"],
  ["webAllowedIps", "203.0.113.7/33"],
  ["webAllowedIps", "203.0.113.256"],
  ["webAllowedIps", "2001:db8::1"],
  ["webAllowedIps", "203.0.113.7,"],
  ["stage", "Prod"],
  ["stage", "pro_d"],
  ["stage", "prod-"],
  ["stage", "a-stage-with-a-long-name"],
  ["invokers", "*"],
  ["invokers", "arn:aws:iam::123456789012:role/*"],
  ["invokers", "arn:aws:iam::123456789012:root"],
  ["instanceType", "t2.medium"],
  ["budgetUsd", "-5"],
  // Nobody would ask for it.
  ["batch", "sagemaker"],
])("refuses %s=%s", (name, value) => {
  expect(settings({ [name]: value })).toEqual({
    ok: false,
    error: expect.stringContaining(`  ${name} must be`),
  });
});

it("takes batches by SageMaker with the web server that reads the present model's name, and with no other", () => {
  expect(settings({ web: "ec2", batch: "sagemaker", webAllowedIps: "203.0.113.7" }).ok).toBe(true);
  expect(settings({ web: "fargate", batch: "sagemaker" })).toEqual({
    ok: false,
    error: expect.stringContaining("batch must be here or sagemaker, which needs web=ec2"),
  });
});

it("checks what is given each for itself, since the rest may be kept", () => {
  expect(checkGiven({ web: "ec2", invokers: "" })).toEqual({ ok: true, value: undefined });
  expect(checkGiven({ endpoint: "tiny" })).toEqual({
    ok: false,
    error: expect.stringContaining("endpoint must be serverless or instance"),
  });
  expect(checkGiven({ alarmMail: "a@example.org" })).toEqual({
    ok: false,
    error: expect.stringContaining("There is no setting alarmMail."),
  });
});
