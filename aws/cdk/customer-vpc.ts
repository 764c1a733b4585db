import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { allow } from "./roles";
import type { Settings } from "./settings";

/** Subnets and security groups of a VPC that is the customer's own. */
export type CustomerVpc = { subnets: string[]; securityGroupIds: string[] };

export function customerVpc({
  vpcSubnets,
  vpcSecurityGroups,
}: Pick<Settings, "vpcSubnets" | "vpcSecurityGroups">): CustomerVpc | undefined {
  if (vpcSubnets === undefined || vpcSecurityGroups === undefined) return undefined;
  return { subnets: vpcSubnets, securityGroupIds: vpcSecurityGroups };
}

/** What Lambda does in the VPC. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
export const LAMBDA_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** What SageMaker does there, for models and jobs. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html */
const SAGEMAKER_INTERFACES = [
  "ec2:CreateNetworkInterface",
  "ec2:CreateNetworkInterfacePermission",
  "ec2:DeleteNetworkInterface",
  "ec2:DeleteNetworkInterfacePermission",
  "ec2:DescribeDhcpOptions",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
];

/** AWS names no resources for either: an interface has no name before it is made. */
export const attachSageMaker = (): PolicyStatement => allow(SAGEMAKER_INTERFACES, ["*"]);
