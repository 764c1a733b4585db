import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { TAG } from "../cdk/project";
import type { Account } from "./account";
import { askAws } from "./aws-api";

const tagged = z.object({
  ResourceTagMappingList: z.array(z.object({ ResourceARN: z.string() })),
  PaginationToken: z.string().optional(),
});
const groups = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const images = z.object({ imageIds: z.array(z.unknown()), nextToken: z.string().optional() });

/** Says what of a stage is still in the account once its stacks are gone, as AWS lists it. `modelUrl`: the API's address, while it was there. */
export async function sayRemains(
  { region, id, names }: Account,
  modelUrl: string | undefined,
  say: (line: string) => void,
): Promise<void> {
  say("\nStill in the account:");
  const filter = { TagFilters: [{ Key: TAG, Values: [names.id] }] };
  let PaginationToken: string | undefined;
  do {
    const page = await askAws(region, "tags", "GetResources", { ...filter, PaginationToken }, tagged);
    if (!page.ok) {
      say(`  what carries the tag ${TAG}=${names.id} is not told. ${page.error}`);
      break;
    }
    for (const { ResourceARN } of page.value.ResourceTagMappingList) say(`  ${ResourceARN}`);
    PaginationToken = page.value.PaginationToken || undefined;
  } while (PaginationToken !== undefined);

  // Made by AWS's services when they first wrote to it, so that no stack removes it and nothing in it expires.
  const [, apiId] = /^https:\/\/(\w+)\./.exec(modelUrl ?? "") ?? [];
  for (const logGroupNamePrefix of [
    ...(apiId === undefined ? [] : [`API-Gateway-Execution-Logs_${apiId}/`]),
    "/aws/sagemaker/TrainingJobs",
    "/aws/sagemaker/TransformJobs",
  ]) {
    const found = await askAws(region, "logs", "DescribeLogGroups", { logGroupNamePrefix }, groups);
    const shared = logGroupNamePrefix.startsWith("/aws/") ? " (of the account's other jobs too)" : "";
    for (const { logGroupName } of found.ok ? found.value.logGroups : [])
      say(`  log group ${logGroupName}${shared}`);
  }
  const repositoryName = `cdk-hnb659fds-container-assets-${id}-${region}`;
  const found = await askAws(region, "registry", "ListImages", { repositoryName }, images);
  if (found.ok && found.value.imageIds.length > 0) {
    const count = `${found.value.imageIds.length}${found.value.nextToken === undefined ? "" : " or more"}`;
    say(`  ${count} images in ECR's ${repositoryName}, of every CDK application of the account`);
  }
  say(
    "What was only just removed can still be on this list. API Gateway's log role, which is the account's, stays too.",
  );
}

/** Forgets what is kept of a stage that is gone: the next one would be held against it. */
export async function forgetSettings({ region, names }: Account): Promise<void> {
  const client = new SSMClient({ region });
  for (const name of ["settings", "web-running"] as const) {
    try {
      await client.send(new DeleteParameterCommand({ Name: names.parameter(name) }));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ParameterNotFound") throw error;
    }
  }
}
