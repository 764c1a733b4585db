import { expect, it } from "vitest";
import { parseSettings, writeSettings } from "../cdk/settings";
import { compareIdle, compareSettings } from "./changes";

function settings(given: Record<string, string>) {
  const parsed = parseSettings((name) => given[name]);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const ROLE = "arn:aws:iam::123456789012:role/app";
const instance = { endpoint: "instance" };
const vpc = { ...instance, vpcSubnets: "subnet-12345678", vpcSecurityGroups: "sg-12345678" };
const web = { web: "ec2", webAllowedIps: "203.0.113.0/24" };

it("names what differs, and nothing else", () => {
  const before = settings({ budgetUsd: "50", alarmEmail: "a@example.org" });
  expect(compareSettings(before, before)).toEqual([]);
  expect(
    compareSettings(before, settings({ ...web, endpoint: "instance", alarmEmail: "b@example.org" })),
  ).toEqual([
    { name: "endpoint", from: "serverless", to: "instance", weakens: null },
    { name: "budgetUsd", from: "50", to: "20", weakens: null },
    { name: "alarmEmail", from: "a@example.org", to: "b@example.org", weakens: null },
    { name: "web", from: "none", to: "ec2", weakens: null },
    { name: "webAllowedIps", from: "unset", to: "203.0.113.0/24", weakens: null },
  ]);
});

it.each<[string, Record<string, string>, Record<string, string>]>([
  ["alarmEmail", { alarmEmail: "a@example.org" }, { alarmEmail: "none" }],
  ["alarmEmail", { alarmEmail: "a@example.org" }, {}],
  ["budgetUsd", { budgetUsd: "20" }, { budgetUsd: "21" }],
  ["apiKey", { apiKey: "true" }, {}],
  ["destroyData", {}, { destroyData: "true" }],
  ["customerKey", { customerKey: "true" }, {}],
  ["invokers", { invokers: ROLE }, {}],
  ["invokers", { invokers: ROLE }, { invokers: `${ROLE},${ROLE}2` }],
  ["vpcSubnets", vpc, instance],
  ["webAllowedIps", web, { ...web, webAllowedIps: "203.0.112.0/23" }],
  ["webAllowedIps", web, { web: "ec2" }],
  ["webAllowedIps", { ...web, web: "fargate" }, { web: "fargate" }],
  ["webAllowedIps", web, { ...web, webAllowedIps: "203.0.113.7,198.51.100.1" }],
])("marks what weakens %s, and not the way back", (name, strong, weak) => {
  const marked = compareSettings(settings(strong), settings(weak)).filter(({ weakens }) => weakens !== null);
  expect(marked.map((change) => change.name)).toEqual([name]);
  const back = compareSettings(settings(weak), settings(strong)).filter(({ weakens }) => weakens !== null);
  // Addresses can be others both ways.
  expect(back).toEqual(weak.webAllowedIps?.includes(",") === true ? [expect.anything()] : []);
});

it("takes addresses within those that were let in before for no wider ones", () => {
  const within = { ...web, webAllowedIps: "203.0.113.7,203.0.113.128/25" };
  expect(compareSettings(settings(web), settings(within))).toEqual([
    expect.objectContaining({ name: "webAllowedIps", weakens: null }),
  ]);
});

it("shows what is paid for when idle, before and after", () => {
  const before = settings({ endpoint: "instance" });
  expect(compareIdle(null, before)).toEqual([
    "  1 × ml.c5.large",
    "  10 × alarm",
    "  2 × KMS key",
    "  1 × dashboard",
  ]);
  expect(compareIdle(before, settings({}))).toEqual([
    "- 1 × ml.c5.large",
    "- 10 × alarm",
    "+ 6 × alarm",
    "- 2 × KMS key",
    "+ 1 × KMS key",
    "  1 × dashboard",
  ]);
});

it("writes settings so that they are read as the same again", () => {
  const parsed = settings({
    ...web,
    stage: "dev",
    invokers: `${ROLE},${ROLE}2`,
    apiKey: "true",
    budgetUsd: "7",
  });
  expect(settings(writeSettings(parsed))).toEqual(parsed);
});
