import { expect, it } from "vitest";
import { parseSettings } from "../cdk/settings";
import { costPerMonth, formatCosts } from "./cost";

function settings(context: Record<string, string>) {
  const parsed = parseSettings((name) => context[name]);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
const idle = (context: Record<string, string>) =>
  costPerMonth(settings(context))
    .filter((line) => line.idle)
    .reduce((sum, { usd }) => sum + (usd ?? 0), 0);

it("charges nothing for a serverless endpoint, the Lambda and the API while nobody predicts", () => {
  for (const { what, idle } of costPerMonth(settings({}))) {
    if (/endpoint|Lambda|API/.test(what)) expect(idle, what).toBe(false);
  }
});

it("tells what an instance and a web server cost even when idle", () => {
  expect(idle({ endpoint: "instance" }) - idle({})).toBeCloseTo(0.102 * 730, 6);
  const web = { web: "ec2", webAllowedIps: "203.0.113.7" };
  expect(idle(web) - idle({})).toBeCloseTo((0.0168 + 0.0042 + 0.005) * 730 + 28 * 0.08, 6);
});

it("says so where it does not know a price, and never counts it as nothing without a word", () => {
  const lines = costPerMonth(settings({ endpoint: "instance", instanceType: "ml.m7i.large" }));
  expect(lines[0]?.usd).toBeNull();
  expect(formatCosts(lines)).toContain("not known  endpoint, one ml.m7i.large");
  expect(formatCosts(lines)).toContain("without what is not known");
});
