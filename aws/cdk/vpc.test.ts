import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ensureBundles } from "../../test/bundles";
import { createApp } from "./application";
import { parseSettings } from "./settings";

ensureBundles();

const outdir = mkdtempSync(join(tmpdir(), "cytodesk-vpc-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const VPC = {
  endpoint: "instance",
  vpcSubnets: "subnet-0a1b2c3d4e5f60718,subnet-12345678",
  vpcSecurityGroups: "sg-0a1b2c3d4e5f60718",
};
const SUBNETS = VPC.vpcSubnets.split(",");
const GROUPS = [VPC.vpcSecurityGroups];

const refusal = (context: Record<string, string>) => {
  const parsed = parseSettings((name) => context[name]);
  return parsed.ok ? "" : parsed.error;
};

describe("a VPC of the customer's", () => {
  const app = createApp({
    context: { ...VPC, web: "ec2", webAllowedIps: "203.0.113.7", batch: "sagemaker" },
    outdir,
  });
  if (!app.ok) throw new Error(app.error);
  const { stacks } = app.value.synth();
  const resources = stacks.flatMap(({ stackName, template }) =>
    Object.entries(
      template.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>,
    ).map(([id, resource]) => ({ id: `${stackName}/${id}`, ...resource })),
  );
  const of = (type: string) => resources.filter(({ Type }) => Type === type);
  const statements = (id: string) => {
    const [role] = of("AWS::IAM::Role").filter((one) => one.id.startsWith(id));
    const policies = role?.Properties.Policies as {
      PolicyName: string;
      PolicyDocument: { Statement: { Effect: string; Action: string[] }[] };
    }[];
    return policies.find(({ PolicyName }) => PolicyName === "vpc")?.PolicyDocument.Statement ?? [];
  };

  it("holds the Lambda, the model and the training job", () => {
    const [lambda] = of("AWS::Lambda::Function").filter(({ id }) => id.startsWith("CytodeskApi/"));
    expect(lambda?.Properties.VpcConfig).toEqual({ SubnetIds: SUBNETS, SecurityGroupIds: GROUPS });
    expect(of("AWS::SageMaker::Model").map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({
        VpcConfig: { Subnets: SUBNETS, SecurityGroupIds: GROUPS },
        EnableNetworkIsolation: true,
      }),
    ]);
    const machine = JSON.stringify(of("AWS::StepFunctions::StateMachine")[0]?.Properties.DefinitionString);
    expect(machine.replaceAll("\\", "")).toContain(
      `"VpcConfig":{"Subnets":${JSON.stringify(SUBNETS)},"SecurityGroupIds":${JSON.stringify(GROUPS)}}`,
    );
    expect(machine.replaceAll("\\", "")).toContain('"EnableNetworkIsolation":true');
  });

  it("lets Lambda attach the function, but not what runs in it", () => {
    const interfaces = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ];
    expect(statements("CytodeskApi/HandlerRole")).toEqual([
      { Effect: "Allow", Action: interfaces, Resource: "*" },
      {
        Effect: "Deny",
        Action: interfaces,
        Resource: "*",
        Condition: { ArnEquals: { "lambda:SourceFunctionArn": expect.anything() } },
      },
    ]);
    expect(JSON.stringify(statements("CytodeskApi/HandlerRole")[1])).toContain(":function:cytodesk-predict");
  });

  it.each(["CytodeskEndpoint-instance/Role", "CytodeskTraining/TrainingRole"])(
    "lets %s attach containers",
    (role) => {
      expect(statements(role)).toEqual([
        {
          Effect: "Allow",
          Action: [
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
          ],
          Resource: "*",
        },
      ]);
    },
  );

  it("is looked up nowhere, so that synthesis stays offline", () => {
    expect(stacks.map(({ assembly }) => assembly.manifest.missing ?? [])).toEqual(stacks.map(() => []));
  });
});

it("is both subnets and groups, and not for a serverless endpoint, which would be refused by AWS", () => {
  expect(refusal(VPC)).toBe("");
  expect(refusal({ ...VPC, vpcSecurityGroups: "" })).toContain("  vpcSecurityGroups must be ");
  expect(refusal({ ...VPC, vpcSubnets: "" })).toContain("  vpcSubnets must be ");
  expect(refusal({ ...VPC, endpoint: "serverless" })).toContain(
    "endpoint=instance, since SageMaker's serverless endpoints take no VPC",
  );
  expect(refusal({ ...VPC, vpcSubnets: "vpc-12345678" })).toContain("  vpcSubnets must be ");
});
