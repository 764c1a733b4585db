import type { IRepository } from "aws-cdk-lib/aws-ecr";
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  type RoleProps,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

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
    assumedBy: new ServicePrincipal(service),
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
