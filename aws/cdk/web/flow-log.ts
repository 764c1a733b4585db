import { RemovalPolicy } from "aws-cdk-lib";
import { FlowLogDestination, type Vpc } from "aws-cdk-lib/aws-ec2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { allow, roleFor } from "../roles";

/** Has a network write down who reached whom in it, for a month. */
export function addFlowLog(scope: Construct, vpc: Vpc): void {
  const flowLog = new LogGroup(scope, "FlowLog", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const flowRole = roleFor(scope, "FlowRole", "vpc-flow-logs.amazonaws.com", "Writes the network's log", {
    observe: [
      allow(["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], [flowLog.logGroupArn]),
    ],
  });
  vpc.addFlowLog("Flow", {
    destination: FlowLogDestination.toCloudWatchLogs(flowLog, flowRole.withoutPolicyUpdates()),
  });
}
