import { Stack } from "aws-cdk-lib";
import type { IRepository } from "aws-cdk-lib/aws-ecr";
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  type RoleProps,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import type { Names } from "./project";

/**
 * The account and ARN in whose name a service says it acts when it assumes a role, where AWS documents it: by it nobody
 * else's resource has the service act with a role of this account. A condition on what a service does not send shuts it out.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html#prevent-cross-service-confused-deputy,
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html,
 * https://docs.aws.amazon.com/ebs/latest/userguide/service-role.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
const SOURCES: Record<string, { service: string; resource: string }> = {
  "sagemaker.amazonaws.com": { service: "sagemaker", resource: "*" },
  "ecs-tasks.amazonaws.com": { service: "ecs", resource: "*" },
  "states.amazonaws.com": { service: "states", resource: "stateMachine:*" },
  "dlm.amazonaws.com": { service: "dlm", resource: "policy/*" },
  "vpc-flow-logs.amazonaws.com": { service: "ec2", resource: "vpc-flow-log/*" },
};

function servicePrincipal(scope: Construct, service: string): ServicePrincipal {
  const source = SOURCES[service];
  if (source === undefined) return new ServicePrincipal(service);
  const stack = Stack.of(scope);
  return new ServicePrincipal(service, {
    conditions: {
      StringEquals: { "aws:SourceAccount": stack.account },
      ArnLike: { "aws:SourceArn": stack.formatArn(source) },
    },
  });
}

/**
 * A role whose policies are exactly these: constructs that would add their own, wider ones get it through
 * `withoutPolicyUpdates()`. Inline, so that role and rights appear in one step.
 */
export function roleFor(
  scope: Construct,
  id: string,
  service: string,
  description: string,
  policies: Record<string, PolicyStatement[]>,
  more: Pick<RoleProps, "roleName" | "managedPolicies"> = {},
): Role {
  return new Role(scope, id, {
    ...more,
    assumedBy: servicePrincipal(scope, service),
    description,
    inlinePolicies: Object.fromEntries(
      Object.entries(policies).map(([name, statements]) => [name, new PolicyDocument({ statements })]),
    ),
  });
}

/** A statement that allows these actions on these resources. */
export function allow(
  actions: string[],
  resources: string[],
  conditions?: Record<string, Record<string, string | string[]>>,
): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions });
}

/**
 * ARN of the key that the bucket's stack made, where the customer asked for one: by parameter, as no export that is in use
 * can be dropped when the setting is.
 */
export const bucketKey = (scope: Construct, names: Names, isCustomers: boolean): string | undefined =>
  isCustomers ? StringParameter.valueForStringParameter(scope, names.parameter("data-key")) : undefined;

/** Reading and writing what S3 encrypts by a key; an upload in parts reads its own. */
export const READ_BY_KEY = ["kms:Decrypt"];
export const WRITE_BY_KEY = ["kms:Decrypt", "kms:GenerateDataKey"];

/**
 * What SageMaker takes of a key by which it writes its output and encrypts its volumes.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export const JOBS_BY_KEY = [...WRITE_BY_KEY, "kms:CreateGrant", "kms:Encrypt"];

/** Calling one endpoint of SageMaker, by its name. */
export const invokeEndpoint = (stack: Stack, endpoint: string): PolicyStatement =>
  allow(
    ["sagemaker:InvokeEndpoint"],
    [stack.formatArn({ service: "sagemaker", resource: "endpoint", resourceName: endpoint })],
  );

/** Reading, writing and deleting what a bucket has below a key. */
export const keepFiles = (bucket: IBucket, keys: string): PolicyStatement[] => [
  allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [bucket.arnForObjects(keys)]),
  // Without it S3 says of what is not there that it is forbidden.
  allow(["s3:ListBucket"], [bucket.bucketArn]),
];

/** Writing to a log group that is there. */
export const writeLog = (logGroup: ILogGroup): PolicyStatement =>
  allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);

/** What X-Ray's daemon and the services' own tracing call; it knows no resources for these. */
export const writeTraces = (): PolicyStatement =>
  allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]);

/** Pulling images of one repository; the token it takes is the account's. */
export const pullImage = (repository: IRepository): PolicyStatement[] => [
  allow(
    ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
    [repository.repositoryArn],
  ),
  allow(["ecr:GetAuthorizationToken"], ["*"]),
];
