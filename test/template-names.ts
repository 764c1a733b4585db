/** A template of CloudFormation, as far as tests look into it. */
export type StackTemplate = {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
};

const NAMES = /^(Name|\w+Name)$/;
/** Names of what AWS or another resource has. */
const REFERENCES = new Set([
  ...["AWS::CloudWatch::Alarm MetricName", "AWS::ApiGateway::Stage StageName"],
  // It names policies within a role.
  "AWS::IAM::Policy PolicyName",
  ...["AWS::Lambda::Permission FunctionName", "AWS::AutoScaling::AutoScalingGroup AutoScalingGroupName"],
]);

/** Every name that templates give, so that AWS does not make one up: of stacks, exports and resources, each behind its type. */
export function namesIn(stacks: readonly { stackName: string; template: StackTemplate }[]): string[] {
  return stacks.flatMap(({ stackName, template: { Resources, Outputs = {} } }) => {
    const named = Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
      Object.entries({ ...Properties, ...(Properties.Budget as object | undefined) })
        .filter(([key]) => NAMES.test(key) && !REFERENCES.has(`${Type} ${key}`))
        .map(([, name]) => `${Type} ${JSON.stringify(name)}`),
    );
    const exported = Object.values(Outputs).flatMap(({ Export }) =>
      Export === undefined ? [] : `export ${JSON.stringify(Export.Name)}`,
    );
    return [`stack ${stackName}`, ...named, ...exported];
  });
}
