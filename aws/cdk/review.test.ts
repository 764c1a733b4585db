import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ensureBundles } from "../../test/bundles";
import { readApiDescription } from "../local/api-description";
import { createApp } from "./application";
import { paidWhenIdle } from "./idle";
import { parseSettings } from "./settings";

/** What a hospital's review asks of the templates: network, keys, trust and logs. In one file, as the CDK takes seconds to load. */
ensureBundles();

const folder = mkdtempSync(join(tmpdir(), "cytodesk-review-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };
type Statement = { Effect: string; Action: string | string[]; Resource: unknown };
type Policy = { PolicyName: string; PolicyDocument: { Statement: Statement[] } };

function synthesise(name: string, context: Record<string, string>) {
  const outdir = join(folder, name);
  const app = createApp({ context: { ...context, release: "none" }, outdir });
  if (!app.ok) throw new Error(app.error);
  const { stacks } = app.value.synth();
  const resources = stacks.flatMap(({ stackName, template }) =>
    Object.entries(template.Resources as Record<string, Resource>).map(([logicalId, resource]) => ({
      ...resource,
      logicalId,
      id: `${stackName}/${logicalId}`,
    })),
  );
  const find = (id: string) => {
    const found = resources.find((one) => one.id === id || new RegExp(`^${id}[0-9A-F]{8}$`).test(one.id));
    if (found === undefined) throw new Error(`There is no ${id}.`);
    return found;
  };
  const of = (type: string) => {
    const found = resources.filter(({ Type }) => Type === type);
    expect(found, type).not.toEqual([]);
    return found;
  };
  const policiesOf = (id: string) => (find(id).Properties.Policies ?? []) as Policy[];
  return { outdir, stacks, resources, find, of, policiesOf };
}

const web = { web: "ec2", webAllowedIps: "203.0.113.7" };
const VPC = {
  endpoint: "instance",
  vpcSubnets: "subnet-0a1b2c3d4e5f60718,subnet-12345678",
  vpcSecurityGroups: "sg-0a1b2c3d4e5f60718",
};
const without = synthesise("without", { ...web, batch: "sagemaker" });
const serverless = synthesise("serverless", { ...web, customerKey: "true", apiKey: "true" });
const full = synthesise("full", {
  ...{ ...web, ...VPC, batch: "sagemaker", customerKey: "true", destroyData: "true" },
  ...{ apiKey: "true", olderCallers: "apiKey", apiLogRole: "false" },
});

describe("a VPC of the customer's", () => {
  const { of, stacks, policiesOf } = full;
  const SUBNETS = VPC.vpcSubnets.split(",");
  const GROUPS = [VPC.vpcSecurityGroups];
  const statements = (id: string) =>
    policiesOf(id).find(({ PolicyName }) => PolicyName === "vpc")?.PolicyDocument.Statement ?? [];

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

const refusal = (context: Record<string, string>) => {
  const parsed = parseSettings((name) => context[name]);
  return parsed.ok ? "" : parsed.error;
};

it("is both subnets and groups, and not for a serverless endpoint, which would be refused by AWS", () => {
  expect(refusal(VPC)).toBe("");
  expect(refusal({ ...VPC, vpcSecurityGroups: "" })).toContain("  vpcSecurityGroups must be ");
  expect(refusal({ ...VPC, vpcSubnets: "" })).toContain("  vpcSubnets must be ");
  expect(refusal({ ...VPC, endpoint: "serverless" })).toContain(
    "endpoint=instance, since SageMaker's serverless endpoints take no VPC",
  );
  expect(refusal({ ...VPC, vpcSubnets: "vpc-12345678" })).toContain("  vpcSubnets must be ");
});

type Synthesised = ReturnType<typeof synthesise>;

const [READ, WRITE] = [["kms:Decrypt"], ["kms:Decrypt", "kms:GenerateDataKey"]];
const JOBS = ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];
const TOLD = expect.stringMatching(/^\{"Ref":"SsmParameterValuecytodeskdatakey\w+"\}$/);

/** What a role may do with keys, and with which. */
function keysOf({ policiesOf }: Synthesised, id: string) {
  const statements = policiesOf(id)
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().some((action) => action.startsWith("kms:")));
  return statements.map(({ Action, Resource }) => ({
    actions: [Action].flat(),
    key: JSON.stringify(Resource),
  }));
}

describe("a key of the customer's", () => {
  it("encrypts the bucket, turns, and stays as long as the bucket does", () => {
    for (const [{ find }, policy] of [
      [serverless, "Retain"],
      [full, "Delete"],
    ] as const) {
      const key = find("CytodeskData/DataKey");
      expect(key).toMatchObject({ Type: "AWS::KMS::Key", DeletionPolicy: policy });
      expect(key.Properties.EnableKeyRotation).toBe(true);
      const id = key.id.split("/")[1];
      const bucket = find("CytodeskData/Data");
      expect(bucket).toMatchObject({ Type: "AWS::S3::Bucket", DeletionPolicy: policy });
      expect(bucket.Properties.BucketEncryption).toEqual({
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: "aws:kms",
              KMSMasterKeyID: { "Fn::GetAtt": [id, "Arn"] },
            },
          },
        ],
      });
      // By any other, S3 delivers no logs.
      expect(JSON.stringify(find("CytodeskData/AccessLogs").Properties.BucketEncryption)).toContain("AES256");
    }
  });

  it("may be used by those who read and write the bucket, each as far as that takes", () => {
    const own = expect.stringMatching(/^\{"Fn::GetAtt":\["DataKey\w+","Arn"\]\}$/);
    expect(keysOf(serverless, "CytodeskData/UploadRole")).toEqual([{ actions: WRITE, key: own }]);
    expect(keysOf(serverless, "CytodeskEndpoint-serverless/Role")).toEqual([{ actions: READ, key: TOLD }]);
    expect(keysOf(serverless, "CytodeskTraining/TrainingRole")).toEqual([{ actions: JOBS, key: TOLD }]);
    expect(keysOf(serverless, "CytodeskWeb/InstanceRole")).toEqual([{ actions: WRITE, key: TOLD }]);
    // A transform job has the role of its model.
    expect(keysOf(full, "CytodeskEndpoint-instance/Role")).toEqual([{ actions: JOBS, key: TOLD }]);
    const others = full.resources.filter(
      ({ id, Type }) => Type === "AWS::IAM::Role" && keysOf(full, id).length > 0,
    );
    expect(others.map(({ id }) => id.replace(/[0-9A-F]{8}$/, ""))).toEqual([
      "CytodeskData/UploadRole",
      "CytodeskEndpoint-instance/Role",
      "CytodeskTraining/TrainingRole",
      "CytodeskWeb/InstanceRole",
    ]);
  });

  it("is what training writes its output by, and encrypts its volume with", () => {
    const { DefinitionString } = full.find("CytodeskTraining/Machine").Properties;
    const definition = JSON.stringify(DefinitionString).replaceAll("\\", "");
    const key = /\{"Ref":"SsmParameterValuecytodeskdatakey\w+"\}/.source;
    expect(definition).toMatch(new RegExp(`/training/","KmsKeyId":"",${key}`));
    expect(definition).toMatch(new RegExp(`"VolumeKmsKeyId":"",${key}`));
  });

  it("is told by a parameter, which is there without one too, so that the setting can go both ways", () => {
    const value = ({ find }: typeof full) => find("CytodeskData/DataKeyArn").Properties.Value;
    expect(value(full)).toEqual({ "Fn::GetAtt": [expect.stringMatching(/^DataKey/), "Arn"] });
    expect(value(without)).toBe("none");
  });

  it("is said to be paid for when idle", () => {
    const keys = ({ resources }: Synthesised) =>
      resources.filter(({ id, Type }) => id.startsWith("CytodeskData/") && Type === "AWS::KMS::Key").length;
    for (const [app, customerKey] of [
      [full, true],
      [without, false],
    ] as const) {
      const said = paidWhenIdle("Data", { instanceType: "ml.m5.large", customerKey });
      expect(said).toEqual(keys(app) === 0 ? [] : [[keys(app), "KMS key"]]);
    }
  });

  it("is not there unless asked for", () => {
    expect(without.resources.filter(({ id }) => /^CytodeskData\/DataKey(?!Arn)/.test(id))).toEqual([]);
    const users = without.resources.filter(
      ({ id, Type }) => Type === "AWS::IAM::Role" && keysOf(without, id).length > 0,
    );
    expect(users).toEqual([]);
  });
});

/** Services for which AWS documents no source, and what else keeps others from having them act with a role of ours. */
const WITHOUT_SOURCE: Record<string, string> = {
  "lambda.amazonaws.com": "who makes a function passes it a role, which is possible in one account only",
  "ec2.amazonaws.com": "who starts an instance passes it a profile, which is possible in one account only",
  "application-autoscaling.amazonaws.com":
    "the construct makes the role, which has no rights: for SageMaker, scaling has a service-linked one of its own",
  "apigateway.amazonaws.com": "a setting of the account, whose trust policy AWS gives without a condition",
};

/** What is in the ARN of a source, beside region and account. */
const SOURCES: Record<string, RegExp> = {
  "sagemaker.amazonaws.com": /:sagemaker:.*:\*"\]/,
  "states.amazonaws.com": /:states:.*:stateMachine:\*"\]/,
  "dlm.amazonaws.com": /:dlm:.*:policy\/\*/,
  "vpc-flow-logs.amazonaws.com": /:ec2:.*:vpc-flow-log\/\*"\]/,
};

type Trust = {
  Action: string;
  Principal: { Service: string };
  Condition?: { StringEquals: Record<string, unknown>; ArnLike: Record<string, unknown> };
};

const roles = [...full.of("AWS::IAM::Role"), ...without.of("AWS::IAM::Role")].flatMap(({ id, Properties }) =>
  (Properties.AssumeRolePolicyDocument as { Statement: Trust[] }).Statement.map((trust) => ({
    id,
    ...trust,
  })),
);

describe("every role", () => {
  it("is a service's, of each kind that there is", () => {
    const services = new Set(roles.map(({ Principal }) => Principal.Service));
    expect([...services].sort()).toEqual([...Object.keys(SOURCES), ...Object.keys(WITHOUT_SOURCE)].sort());
  });

  it.each(roles)(
    "$id is assumed for this account alone, where the service says for whom",
    ({ Principal, Condition }) => {
      const source = SOURCES[Principal.Service];
      if (source === undefined) {
        // A condition on what is not sent would shut the service out.
        expect(Condition).toBeUndefined();
        expect(WITHOUT_SOURCE).toHaveProperty([Principal.Service]);
        return;
      }
      expect(Condition?.StringEquals).toEqual({ "aws:SourceAccount": { Ref: "AWS::AccountId" } });
      expect(Object.keys(Condition?.ArnLike ?? {})).toEqual(["aws:SourceArn"]);
      expect(JSON.stringify(Condition?.ArnLike)).toMatch(source);
    },
  );
});

/** Buckets into which others log; none of them logs into itself. */
const refs = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, id]) => id);
const logBuckets = [
  ...full.of("AWS::S3::Bucket").flatMap(({ Properties }) => refs(Properties.LoggingConfiguration ?? {})),
  ...full
    .of("AWS::CloudFront::Distribution")
    .flatMap(({ Properties }) => refs((Properties.DistributionConfig as { Logging: object }).Logging)),
];

describe("who read or wrote what", () => {
  it("is in a log for each object of each bucket, which expires", () => {
    for (const { logicalId: id, Properties } of full.of("AWS::S3::Bucket")) {
      if (!logBuckets.includes(id)) {
        expect(Properties.LoggingConfiguration, id).toMatchObject({
          DestinationBucketName: expect.anything(),
        });
        continue;
      }
      expect(Properties.LifecycleConfiguration, id).toEqual({
        Rules: [expect.objectContaining({ ExpirationInDays: 90, Status: "Enabled" })],
      });
      // S3 delivers to no bucket that is encrypted by a key of the customer's.
      expect(JSON.stringify(Properties.BucketEncryption), id).toContain('"AES256"');
    }
    expect(logBuckets).toHaveLength(2);
  });

  it("is in a log for each request to the API, by its signature's identity or its key, without a body", () => {
    for (const { Properties } of full.of("AWS::ApiGateway::Stage")) {
      const { Format, DestinationArn } = Properties.AccessLogSetting as {
        Format: string;
        DestinationArn: unknown;
      };
      expect(DestinationArn).toBeDefined();
      expect(JSON.parse(Format)).toMatchObject({
        requestId: "$context.requestId",
        userArn: "$context.identity.userArn",
        apiKeyId: "$context.identity.apiKeyId",
        ip: "$context.identity.sourceIp",
        status: "$context.status",
        xrayTraceId: "$context.xrayTraceId",
      });
    }
  });

  it("is in a log for each request to the distribution, each connection of the network and each step of a training", () => {
    for (const { Properties } of full.of("AWS::CloudFront::Distribution")) {
      expect(Properties.DistributionConfig).toMatchObject({ Logging: { Bucket: expect.anything() } });
    }
    const logged = full
      .of("AWS::EC2::FlowLog")
      .map(({ Properties }) => JSON.stringify(Properties.ResourceId));
    expect(logged).toEqual(
      full.of("AWS::EC2::VPC").map(({ logicalId }) => JSON.stringify({ Ref: logicalId })),
    );
    for (const { Properties } of full.of("AWS::StepFunctions::StateMachine")) {
      expect(Properties.LoggingConfiguration).toMatchObject({ Level: "ALL" });
    }
  });
});

it("leaves the account's own role for API Gateway's logs alone where that is asked for, and logs as before", () => {
  const accounts = ({ resources }: Synthesised) =>
    resources.filter(
      ({ id, Type }) => Type === "AWS::ApiGateway::Account" || id.startsWith("CytodeskApi/ApiCloudWatchRole"),
    );
  expect(accounts(serverless)).toHaveLength(2);
  expect(accounts(full)).toEqual([]);
  const [stage] = full.of("AWS::ApiGateway::Stage");
  expect(JSON.stringify(stage)).toContain('"LoggingLevel":"ERROR"');
});

it.each([
  ["without a key", without, null],
  ["of its signed callers", serverless, { perSecond: 20, burst: 40, perDay: null }],
  ["of older callers, the stricter of two", full, { perSecond: 5, burst: 10, perDay: 5_000 }],
] as const)("has the twin hold callers to the usage plan %s", (_, { outdir }, plan) => {
  expect(readApiDescription(join(outdir, "CytodeskApi.template.json")).plan).toEqual(plan);
});
