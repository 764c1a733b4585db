import {
  CloudFormationClient,
  DeleteStackCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fail, ok, type Result } from "../../lib/result";
import { type Names, namesOf, PARTS, type Part } from "../cdk/project";

/** The account and region that a command works on, and what everything of its stage is called there. */
export type Account = { id: string; region: string; caller: string; names: Names };

const BOOTSTRAP_VERSION = "/cdk-bootstrap/hnb659fds/version";

/** Where commands work: region and credentials; the error says what to set. */
export async function findAccount(stage: string | undefined): Promise<Result<Account, string>> {
  const region = await chosenRegion();
  if (region === undefined) {
    return fail(
      "No region is chosen. Set AWS_REGION, for example AWS_REGION=eu-central-1, or give AWS_PROFILE's profile a region.",
    );
  }
  try {
    const { Account, Arn } = await new STSClient({ region, maxAttempts: 2 }).send(
      new GetCallerIdentityCommand({}),
    );
    if (Account === undefined || Arn === undefined)
      return fail("AWS does not say whose credentials these are.");
    return ok({ id: Account, region, caller: Arn, names: namesOf(stage) });
  } catch (error) {
    return fail(
      `AWS credentials are missing or refused (${nameOf(error)}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  }
}

/** By the environment, or else as the SDK finds it: in the profile of AWS_PROFILE, or the default one. */
async function chosenRegion(): Promise<string | undefined> {
  const named = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (named) return named;
  try {
    return await new STSClient({}).config.region();
  } catch {
    return undefined;
  }
}

/** A parameter of Parameter Store; null where there is none. */
export async function readParameter(region: string, Name: string): Promise<string | null> {
  try {
    const { Parameter } = await new SSMClient({ region }).send(new GetParameterCommand({ Name }));
    return Parameter?.Value ?? null;
  } catch (error) {
    if (error instanceof ParameterNotFound) return null;
    throw error;
  }
}

/** Whether the CDK may deploy there: its bootstrap stack leaves a parameter. */
export async function checkBootstrap({ id, region }: Account): Promise<Result<void, string>> {
  try {
    return (await readParameter(region, BOOTSTRAP_VERSION)) === null
      ? fail(
          `The CDK was never set up in this account and region. Run: npx cdk bootstrap aws://${id}/${region}`,
        )
      : ok(undefined);
  } catch (error) {
    return fail(`Whether the CDK is set up there cannot be read (${nameOf(error)}).`);
  }
}

/** The application's stacks that exist in the account. */
export async function findStacks({ region, names }: Account): Promise<Stack[]> {
  const known = new Set<string | undefined>(PARTS.map(names.stack));
  const found: Stack[] = [];
  for await (const { Stacks } of paginateDescribeStacks({ client: new CloudFormationClient({ region }) }, {}))
    found.push(...(Stacks ?? []).filter(({ StackName }) => known.has(StackName)));
  return found;
}

/** What stacks consist of: a type of CloudFormation's, and the id by which its service knows it. */
export async function resourcesOf(
  { region }: Account,
  stacks: readonly Stack[],
): Promise<{ type: string; id: string }[]> {
  const client = new CloudFormationClient({ region });
  const found: { type: string; id: string }[] = [];
  for (const { StackName } of stacks) {
    for await (const page of paginateListStackResources({ client }, { StackName }))
      for (const { ResourceType = "", PhysicalResourceId = "" } of page.StackResourceSummaries ?? [])
        found.push({ type: ResourceType, id: PhysicalResourceId });
  }
  return found;
}

/** An output of a stack; that of the API tells where everything is that others use. */
export function outputOf(
  stacks: readonly Stack[],
  { names }: Account,
  key: string,
  part: Part = "Api",
): string | undefined {
  return stacks
    .find(({ StackName }) => StackName === names.stack(part))
    ?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
}

const MOST_SECONDS = 30 * 60;

/** The parts of the application that exist as stacks, in the order of their removal. */
export function deployedParts(stacks: readonly Stack[], { names }: Account): Part[] {
  const found = new Set(stacks.map(({ StackName }) => StackName));
  return PARTS.filter((part) => found.has(names.stack(part)));
}

/**
 * Removes stacks one after the other. By name, not through the CDK, whose application of today need not have all that
 * was deployed once. Rejects where one does not go.
 */
export async function removeStacks(
  { region }: Account,
  stackNames: readonly string[],
  report: (line: string) => void,
): Promise<void> {
  const client = new CloudFormationClient({ region });
  for (const StackName of stackNames) {
    report(`Removing ${StackName} …`);
    await client.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete({ client, maxWaitTime: MOST_SECONDS, minDelay: 5 }, { StackName });
  }
}

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
