import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exportsOf, importsOf } from "../../test/aws-account";
import { isBrief } from "../../test/brief";
import { ensureBundles } from "../../test/bundles";
import { namesIn, type StackTemplate } from "../../test/template-names";
import { createApp } from "./application";
import { paidWhenIdle, partsOf } from "./idle";
import { namesOf } from "./project";
import { parseSettings } from "./settings";

ensureBundles();

/** One for all: what is uploaded is the same, and is copied once. */
const outdir = mkdtempSync(join(tmpdir(), "combinations-"));
afterAll(() => rmSync(outdir, { recursive: true }));

type Synthesised = { stackName: string; template: StackTemplate }[];

/** Throws on a finding of cdk-nag or of CloudFormation's rules that nobody answered. */
function synthesise(context: Record<string, string>): Synthesised {
  const app = createApp({ context: { ...context, release: "none" }, outdir });
  if (!app.ok) throw new Error(app.error);
  const stacks = app.value
    .synth()
    .stacks.map(({ stackName, template }) => ({ stackName, template: template as StackTemplate }));
  const report = JSON.parse(readFileSync(join(outdir, "validation-report.json"), "utf8"));
  expect(report.pluginReports, JSON.stringify(context)).toEqual([]);
  return stacks;
}

const ROLE = "arn:aws:iam::123456789012:role/app";
const webs: Record<string, string>[] = [
  {},
  { web: "ec2", webAllowedIps: "203.0.113.7" },
  { web: "ec2", webAllowedIps: "203.0.113.7", batch: "sagemaker" },
  { web: "fargate" },
];
const keyed = { apiKey: "true" };
const invoked = { invokers: ROLE };
const older = { olderCallers: "apiKey" };
const all = { ...keyed, ...invoked, ...older };
const accesses = isBrief ? [{}, all] : [{}, keyed, invoked, { ...keyed, ...invoked }, older, all];
const combinations = ["serverless", "instance"].flatMap((endpoint) =>
  webs.flatMap((web) => accesses.map((access) => ({ endpoint, ...web, ...access }))),
);

// What changes roles and networks but no stack's exports is tried together.
const vpc = { vpcSubnets: "subnet-12345678", vpcSecurityGroups: "sg-12345678" };
const reviewed = { customerKey: "true", apiLogRole: "false" };
combinations.push(
  { endpoint: "instance", ...webs[2], ...vpc, ...reviewed },
  { endpoint: "serverless", ...webs[2], ...reviewed },
);

/** What of a template is paid for by the hour or month, however little it is used. */
function paidIn({ Resources }: StackTemplate): Record<string, number> {
  const paid: Record<string, number> = {};
  const count = (what: string, by = 1) => {
    paid[what] = (paid[what] ?? 0) + by;
  };
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type === "AWS::CloudWatch::Alarm") count("alarm");
    if (Type === "AWS::CloudWatch::Dashboard") count("dashboard");
    if (Type === "AWS::KMS::Key") count("KMS key");
    // Application Auto Scaling makes them, one for more and one for fewer.
    if (Type === "AWS::ApplicationAutoScaling::ScalingPolicy") count("alarm", 2);
    if (Type === "AWS::SecretsManager::Secret") count("secret");
    if (Type === "AWS::EC2::Volume") count("GB of disk", Number(Properties.Size));
    if (Type === "AWS::EC2::Instance") {
      count(String(Properties.InstanceType));
      const subnet = Resources[(Properties.SubnetId as { Ref: string }).Ref];
      if (subnet?.Properties?.MapPublicIpOnLaunch === true) count("public IPv4 address");
      const [root] = Properties.BlockDeviceMappings as [{ Ebs: { VolumeSize?: number } }];
      // As large as its image, where the template does not say.
      count("GB of disk", root.Ebs.VolumeSize ?? 8);
    }
    if (Type === "AWS::SageMaker::EndpointConfig") {
      const [variant] = Properties.ProductionVariants as [{ InstanceType?: string }];
      if (variant.InstanceType !== undefined) count(variant.InstanceType);
    }
    if (Type === "AWS::ApplicationAutoScaling::ScalableTarget" && Properties.ServiceNamespace === "ecs") {
      const task = Object.values(Resources).find((one) => one.Type === "AWS::ECS::TaskDefinition");
      const { Cpu, Memory } = task?.Properties ?? {};
      const of = `${Number(Cpu) / 1024} vCPU and ${Number(Memory) / 1024} GB`;
      count(`Fargate task of ${of}`, Number(Properties.MinCapacity));
    }
    if (Type === "AWS::RDS::DBCluster") {
      const instances = Object.values(Resources).filter((one) => one.Type === "AWS::RDS::DBInstance");
      const { MinCapacity } = Properties.ServerlessV2ScalingConfiguration as { MinCapacity: number };
      count("ACU of Aurora", MinCapacity * instances.length);
      if (Properties.ManageMasterUserPassword === true) count("secret");
    }
    if (Type === "AWS::EC2::VPCEndpoint" && Properties.VpcEndpointType === "Interface")
      count("interface endpoint in a zone", (Properties.SubnetIds as unknown[]).length);
    if (Type === "AWS::WAFv2::WebACL")
      count(`firewall with ${(Properties.Rules as unknown[]).length === 1 ? "one rule" : "more rules"}`);
    if (Type === "AWS::ElasticLoadBalancingV2::LoadBalancer") count("load balancer");
    if (Type === "AWS::EC2::NatGateway") count(Type);
  }
  return paid;
}

/** Every name of AWS::Region in a template stands for this. */
const inRegion = (stacks: Synthesised, region: string): Synthesised =>
  JSON.parse(JSON.stringify(stacks).replaceAll('{"Ref":"AWS::Region"}', JSON.stringify(region)));

describe("every combination of settings", () => {
  const synthesised = combinations.map((settings) => ({ settings, stacks: synthesise(settings) }));

  it("is smaller than half of what CloudFormation takes, and deploys each stack after what it imports", () => {
    for (const { stacks } of synthesised) {
      const known = new Set(stacks.flatMap((stack) => [...exportsOf(stack.template).keys()]));
      for (const stack of stacks) {
        expect(Object.keys(stack.template.Resources).length, stack.stackName).toBeLessThan(250);
        expect(JSON.stringify(stack.template).length, stack.stackName).toBeLessThan(500_000);
        for (const name of importsOf(stack.template)) expect(known).toContain(name);
      }
    }
  });

  it("has what is said to be paid for when idle, by its templates", () => {
    for (const { settings, stacks } of synthesised) {
      const parsed = parseSettings((name) => (settings as Record<string, string>)[name]);
      if (!parsed.ok) throw new Error(parsed.error);
      const parts = partsOf(parsed.value);
      expect(stacks.map(({ stackName }) => stackName).sort()).toEqual(parts.map(namesOf().stack).sort());
      for (const part of parts) {
        const template = stacks.find(({ stackName }) => stackName === namesOf().stack(part))?.template;
        const said = Object.fromEntries(
          paidWhenIdle(part, parsed.value).map(([count, what]) => [what, count]),
        );
        expect(paidIn(template as StackTemplate), part).toEqual(said);
      }
    }
  });

  it("can follow every other: no export that a deployed stack imports is dropped or changed", () => {
    const stuck: string[] = [];
    for (const before of synthesised) {
      const inUse = new Set(before.stacks.flatMap(({ template }) => importsOf(template)));
      const given = new Map(before.stacks.flatMap((stack) => [...exportsOf(stack.template)]));
      for (const after of synthesised) {
        // A stack that is gone is removed last, so that its exports outlast all others.
        const gone = before.stacks.filter(
          ({ stackName }) => !after.stacks.some((stack) => stack.stackName === stackName),
        );
        const left = new Map([...gone, ...after.stacks].flatMap((stack) => [...exportsOf(stack.template)]));
        for (const name of inUse) {
          if (left.get(name) === given.get(name)) continue;
          stuck.push(`${JSON.stringify(before.settings)} to ${JSON.stringify(after.settings)}: ${name}`);
        }
      }
    }
    expect(
      synthesised.flatMap(({ stacks }) => stacks.flatMap(({ template }) => importsOf(template))).length,
    ).toBeGreaterThan(10);
    expect(stuck).toEqual([]);
  });
});

describe("in one account", () => {
  const all = { endpoint: "instance", ...webs[2], ...keyed, ...invoked, alarmEmail: "ops@example.org" };
  const unnamed = synthesise(all);
  const dev = synthesise({ ...all, stage: "dev" });

  it("two stages have no name in common", () => {
    const [first, second] = [unnamed, dev].map((stacks) => namesIn(inRegion(stacks, "eu-central-1")));
    // What is a reference says so by its braces; it leads to something of its own.
    const plain = (names: string[] = []) => names.filter((name) => !name.includes("{"));
    expect(plain(first).length).toBeGreaterThan(30);
    expect(plain(second)).toHaveLength(plain(first).length);
    expect(plain(first).filter((name) => plain(second).includes(name))).toEqual([]);
    expect(second).toContain("stack Cytodesk-dev-Endpoint-instance");
    expect(second).toContain('AWS::SSM::Parameter "/cytodesk/dev/model-key"');
    // What one stage spends is not in the other's budget.
    expect(JSON.stringify(dev)).toContain('"user:project$cytodesk-dev"');
  });

  it("the stage without a name is called what it was before there were stages", () => {
    const names = namesIn(unnamed);
    for (const name of [
      "stack CytodeskEndpoint-instance",
      'AWS::SageMaker::Endpoint "cytodesk-instance"',
      'AWS::Lambda::Function "cytodesk-predict"',
      'AWS::SSM::Parameter "/cytodesk/model-key"',
      'AWS::StepFunctions::StateMachine "cytodesk-training"',
    ]) {
      expect(names).toContain(name);
    }
  });

  it("two regions have no name in common of what an account has once", () => {
    const global = (region: string) =>
      namesIn(inRegion(unnamed, region)).filter((name) =>
        /^AWS::(Budgets|CloudFront|CloudWatch::Dashboard|IAM|S3)\b/.test(name),
      );
    expect(global("eu-central-1").map((name) => name.split(" ")[0])).toEqual(
      expect.arrayContaining(["AWS::Budgets::Budget", "AWS::CloudWatch::Dashboard", "AWS::IAM::Role"]),
    );
    expect(global("eu-central-1").filter((name) => global("eu-west-1").includes(name))).toEqual([]);
  });
});
