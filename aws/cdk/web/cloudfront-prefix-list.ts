import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { AwsCustomResource, PhysicalResourceId } from "aws-cdk-lib/custom-resources";
import type { Construct } from "constructs";
import { acknowledge } from "../nag";
import { allow, roleFor, writeLog } from "../roles";

/** Where CloudFront's requests come from. The list's id differs by region and CloudFormation cannot look it up. */
export function cloudFrontPrefixList(scope: Construct): string {
  const logGroup = new LogGroup(scope, "LookupLog", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = roleFor(scope, "LookupRole", "lambda.amazonaws.com", "Looks up CloudFront's prefix list", {
    lookup: [allow(["ec2:DescribeManagedPrefixLists"], ["*"]), writeLog(logGroup)],
  });
  acknowledge(role, {
    "IAM5[Resource::*]": "Only ec2:DescribeManagedPrefixLists, which reads and knows no resources.",
  });
  const name = "com.amazonaws.global.cloudfront.origin-facing";
  const lookup = new AwsCustomResource(scope, "Lookup", {
    onUpdate: {
      service: "ec2",
      action: "DescribeManagedPrefixLists",
      parameters: { Filters: [{ Name: "prefix-list-name", Values: [name] }] },
      physicalResourceId: PhysicalResourceId.of(name),
      outputPaths: ["PrefixLists.0.PrefixListId"],
    },
    role: role.withoutPolicyUpdates(),
    logGroup,
    installLatestAwsSdk: false,
  });
  return lookup.getResponseField("PrefixLists.0.PrefixListId");
}
