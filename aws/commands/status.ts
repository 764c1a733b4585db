import * as z from "zod";
import type { Result } from "../../lib/result";
import { TAG } from "../cdk/project";
import { type Account, findStacks, outputOf, resourcesOf } from "./account";
import { askAws } from "./aws-api";
import { servedKey } from "./models";
import { runningRelease } from "./web-release";

/** Times are seconds in AWS's JSON. */
const time = z.number().transform((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`);

const endpoint = z.object({ EndpointStatus: z.string(), FailureReason: z.string().optional() });
const versions = z.object({
  ModelPackageSummaryList: z.array(
    z.object({
      ModelPackageVersion: z.number().optional(),
      ModelApprovalStatus: z.string().optional(),
      ModelPackageDescription: z.string().optional(),
      CreationTime: time,
    }),
  ),
});
const alarms = z.object({
  MetricAlarms: z
    .array(
      z.object({
        AlarmName: z.string(),
        StateUpdatedTimestamp: time,
        AlarmDescription: z.string().optional(),
      }),
    )
    .default([]),
});
const costs = z.object({
  ResultsByTime: z.array(
    z.object({
      Groups: z.array(
        z.object({
          Keys: z.array(z.string()),
          Metrics: z.object({ UnblendedCost: z.object({ Amount: z.string(), Unit: z.string() }) }),
        }),
      ),
    }),
  ),
});

type StatusOptions = { account: Account; asksCost: boolean; say: (line?: string) => void; now?: Date };

/** Says how a stage is. Each part that AWS does not tell is said to be so, and the others are told. */
export async function sayStatus({ account, asksCost, say, now = new Date() }: StatusOptions): Promise<void> {
  const { region, names } = account;
  const stacks = await findStacks(account);
  say("\nStacks");
  if (stacks.length === 0) say("  none");
  for (const { StackName, StackStatus, LastUpdatedTime, CreationTime } of stacks) {
    const since = (LastUpdatedTime ?? CreationTime)?.toISOString().slice(0, 16);
    say(`  ${StackName}  ${StackStatus}  ${since}Z`);
  }
  if (stacks.length === 0) return;
  const EndpointName = outputOf(stacks, account, "EndpointName");
  const resources = await resourcesOf(account, stacks);

  say("\nEndpoint");
  if (EndpointName === undefined) say("  none");
  else
    tell(await askAws(region, "sagemaker", "DescribeEndpoint", { EndpointName }, endpoint), say, (found) => [
      `${EndpointName}  ${found.EndpointStatus}${found.FailureReason === undefined ? "" : `: ${found.FailureReason}`}`,
    ]);

  say("\nModel");
  say(`  served: ${(await servedKey(account)) ?? "none"}`);
  const ModelPackageGroupName = outputOf(stacks, account, "ModelPackageGroup", "Training");
  if (ModelPackageGroupName !== undefined) {
    const latest = { ModelPackageGroupName, SortBy: "CreationTime", SortOrder: "Descending", MaxResults: 10 };
    tell(await askAws(region, "sagemaker", "ListModelPackages", latest, versions), say, (found) =>
      found.ModelPackageSummaryList.map(
        (one) =>
          `version ${one.ModelPackageVersion ?? "?"}  ${one.ModelApprovalStatus ?? "?"}  ${one.CreationTime}  ${one.ModelPackageDescription ?? ""}`,
      ),
    );
  }

  if (stacks.some(({ StackName }) => StackName === names.stack("Web"))) {
    say("\nWeb server");
    say(`  ${(await runningRelease(account)) ?? "has not said which release it runs"}`);
  }

  const AlarmNames = resources.filter(({ type }) => type === "AWS::CloudWatch::Alarm").map(({ id }) => id);
  say("\nAlarms");
  if (AlarmNames.length === 0) say("  none");
  else
    tell(
      await askAws(region, "alarms", "DescribeAlarms", { AlarmNames, StateValue: "ALARM" }, alarms),
      say,
      ({ MetricAlarms }) =>
        MetricAlarms.length === 0
          ? [`none of ${AlarmNames.length} is in alarm`]
          : MetricAlarms.map(
              (one) =>
                `${one.AlarmName}  in alarm since ${one.StateUpdatedTimestamp}  ${one.AlarmDescription ?? ""}`,
            ),
    );

  say("\nCost of this month");
  if (!asksCost) {
    say(
      `  not asked for: --cost asks Cost Explorer, at $0.01. It counts by the tag “${TAG}”, which must be activated\n` +
        "  once among the cost allocation tags of Billing, and counts from then on; so does the budget.",
    );
    return;
  }
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const asked = {
    TimePeriod: { Start: `${day(now).slice(0, 8)}01`, End: day(new Date(now.getTime() + 86_400_000)) },
    Granularity: "MONTHLY",
    Metrics: ["UnblendedCost"],
    Filter: { Tags: { Key: TAG, Values: [names.id] } },
    GroupBy: [{ Type: "DIMENSION", Key: "SERVICE" }],
  };
  tell(await askAws(region, "costs", "GetCostAndUsage", asked, costs), say, ({ ResultsByTime }) => {
    const groups = ResultsByTime.flatMap(({ Groups }) => Groups);
    if (groups.length === 0) return [`nothing is counted: or the tag “${TAG}” was not activated in Billing`];
    const amounts = groups.map(({ Keys, Metrics: { UnblendedCost } }) => ({
      service: Keys.join(),
      amount: Number(UnblendedCost.Amount),
      unit: UnblendedCost.Unit,
    }));
    const total = amounts.reduce((sum, { amount }) => sum + amount, 0);
    return [
      ...amounts.map(({ service, amount, unit }) => `${amount.toFixed(2)} ${unit}  ${service}`),
      `${total.toFixed(2)} ${amounts[0]?.unit}  in all`,
    ];
  });
}

function tell<T>(found: Result<T, string>, say: (line: string) => void, lines: (value: T) => string[]): void {
  for (const line of found.ok ? lines(found.value) : [`not told. ${found.error}`]) say(`  ${line}`);
}
