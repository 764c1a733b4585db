import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { DockerImageAsset, Platform } from "aws-cdk-lib/aws-ecr-assets";
import { Bucket, CfnBucket } from "aws-cdk-lib/aws-s3";
import { extract, list } from "tar";
import { afterAll, describe, expect, it, vi } from "vitest";
import { parseEnv } from "../../lib/server/env";
import { ensureBundles } from "../../test/bundles";
import { readApiDescription } from "../local/api-description";
import { predictRequestModel, THROWN_ERRORS } from "./api-contract";
import { createApp } from "./application";
import { acknowledge, turnOnNag } from "./nag";
import { inProject, namesOf } from "./project";
import { stage } from "./stage";
import { TrainingStack } from "./training-stack";

ensureBundles();

const folder = mkdtempSync(join(tmpdir(), "cytodesk-cdk-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Resource = { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string };
type Statement = { Action: string | string[]; Resource: unknown; Effect: string; Condition?: unknown };

/** Synthesises once, which throws on a finding of cdk-nag or of CloudFormation's rules that nobody answered. */
function synthesise(name: string, context: Record<string, unknown>) {
  const outdir = join(folder, name);
  const app = createApp({ context: { ...context, release: "none" }, outdir });
  if (!app.ok) throw new Error(app.error);
  const assembly = app.value.synth();
  const stacks = Object.fromEntries(assembly.stacks.map(({ stackName, template }) => [stackName, template]));
  return {
    outdir,
    stacks,
    names: assembly.stacks.map(({ stackName }) => stackName),
    template: (stack: string) => Template.fromJSON(stacks[stack]),
    resources: Object.entries(stacks).flatMap(([stack, { Resources }]) =>
      Object.entries(Resources as Record<string, Resource>).map(([id, resource]) => ({
        id: `${stack}/${id}`,
        ...resource,
      })),
    ),
  };
}

type Image = { source: { directory: string; dockerOutputs?: string[] } };
/** The one image of an assembly, and its name. */
function imageOf(outdir: string): Image & { hash: string } {
  const assets = JSON.parse(readFileSync(join(outdir, "CytodeskTraining.assets.json"), "utf8"));
  const [[hash, image], ...others] = Object.entries(assets.dockerImages as Record<string, Image>) as [
    [string, Image],
  ];
  expect(others).toEqual([]);
  return { hash, ...image };
}

const ROLE = "arn:aws:iam::123456789012:role/app";
const plain = synthesise("plain", {});
const full = synthesise("full", {
  endpoint: "instance",
  instanceType: "ml.m5.large",
  maxInstances: "3",
  budgetUsd: "50",
  alarmEmail: "ops@example.org",
  apiKey: "true",
  destroyData: "true",
  invokers: ROLE,
});
const webSettings = {
  endpoint: "instance",
  instanceType: "ml.t2.medium",
  web: "ec2",
  batch: "sagemaker",
  webAllowedIps: "203.0.113.7,198.51.100.0/24",
  apiKey: "true",
  olderCallers: "apiKey",
  invokers: ROLE,
};
const web = synthesise("web", webSettings);
const fargate = synthesise("fargate", { web: "fargate", alarmEmail: "none", customerKey: "true" });
const all = { plain, full, web, fargate };

describe.each(Object.entries(all))("every resource of %s", (_, { outdir, stacks, resources }) => {
  it("passes cdk-nag and CloudFormation's rules, warnings included", () => {
    const report = JSON.parse(readFileSync(join(outdir, "validation-report.json"), "utf8"));
    expect(report.pluginReports).toEqual([]);
  });

  it("is tagged where AWS can tag it", () => {
    const untagged = resources.filter(
      ({ id, Type, Properties }) =>
        !/"project".{0,20}"cytodesk"/.test(JSON.stringify(Properties ?? {})) &&
        !UNTAGGABLE.has(Type) &&
        // The CDK's own function; the stack's tags reach it when it is deployed.
        !id.startsWith("CytodeskData/CustomS3AutoDelete"),
    );
    expect(untagged.map(({ id }) => id)).toEqual([]);
  });

  it("may do only what is named, on what is named", () => {
    const statements = resources.flatMap(({ id, Type, Properties }) => {
      if (Type === "AWS::IAM::Policy") return statementsOf(id, [Properties]);
      return Type === "AWS::IAM::Role" ? statementsOf(id, Properties?.Policies as unknown[]) : [];
    });
    expect(statements.length).toBeGreaterThan(15);
    for (const { id, Action, Resource, Effect } of statements) {
      expect(Effect).toBe("Allow");
      const actions = [Action].flat();
      for (const action of actions) expect(action, id).not.toContain("*");
      if ([Resource].flat().includes("*")) {
        expect(
          actions.filter((action) => !WITHOUT_RESOURCES.has(action)),
          id,
        ).toEqual([]);
      }
    }
    const managed = resources.flatMap(({ Type, Properties }) =>
      Type === "AWS::IAM::Role" ? ((Properties?.ManagedPolicyArns as unknown[]) ?? []) : [],
    );
    const names = managed.map((arn) => /policy\/([\w/-]+)/.exec(JSON.stringify(arn))?.[1]);
    expect(MANAGED).toEqual(expect.arrayContaining(names));
  });

  it("leaves no bucket open, unencrypted or reached without TLS", () => {
    for (const { Type, Properties } of resources) {
      if (Type !== "AWS::S3::Bucket") continue;
      expect(Properties).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: expect.anything(),
      });
    }
    const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
    const withoutTls = resources.filter(
      ({ Type, Properties }) =>
        Type === "AWS::S3::BucketPolicy" &&
        JSON.stringify(Properties).includes('"aws:SecureTransport":"false"'),
    );
    expect(withoutTls).toHaveLength(count("AWS::S3::Bucket"));
  });

  it("names no account or region, so that it goes to any", () => {
    expect(JSON.stringify(stacks).replaceAll(ROLE, "")).not.toMatch(/\b\d{12}\b|\b(?:eu|us)-[a-z]+-\d\b/);
  });
});

const UNTAGGABLE = new Set([
  "AWS::EC2::SecurityGroupEgress",
  "AWS::WAFv2::WebACLAssociation",
  "AWS::ApiGateway::Account",
  "AWS::Logs::MetricFilter",
  "AWS::ApiGateway::Deployment",
  "AWS::ApiGateway::GatewayResponse",
  "AWS::ApiGateway::Method",
  "AWS::ApiGateway::Model",
  "AWS::ApiGateway::RequestValidator",
  "AWS::ApiGateway::Resource",
  "AWS::ApiGateway::UsagePlanKey",
  "AWS::ApplicationAutoScaling::ScalableTarget",
  "AWS::ApplicationAutoScaling::ScalingPolicy",
  "AWS::EC2::Route",
  "AWS::EC2::SecurityGroupIngress",
  "AWS::EC2::SubnetRouteTableAssociation",
  "AWS::EC2::VPCGatewayAttachment",
  "AWS::EC2::VolumeAttachment",
  "AWS::IAM::InstanceProfile",
  "AWS::IAM::Policy",
  "AWS::Lambda::LayerVersion",
  "AWS::Lambda::Permission",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::Subscription",
  "AWS::SNS::TopicPolicy",
  "Custom::AWS",
  "Custom::CDKBucketDeployment",
  "Custom::S3AutoDeleteObjects",
]);

/** AWS documents no resource-level rights for these. */
const WITHOUT_RESOURCES = new Set([
  "cloudwatch:PutMetricData",
  "ec2:DescribeManagedPrefixLists",
  "ecr:GetAuthorizationToken",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
]);

const MANAGED = [
  "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
  "AmazonSSMManagedInstanceCore",
  "service-role/AWSDataLifecycleManagerServiceRole",
  // The CDK's own function that empties a bucket before it is removed.
  "service-role/AWSLambdaBasicExecutionRole",
];

function statementsOf(id: string, policies: unknown[] = []): (Statement & { id: string })[] {
  return (policies as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.map((statement) => ({ id, ...statement })),
  );
}

/** A policy's statements on these actions, each with its resources as text. */
function rightsOf({ resources }: typeof plain, role: string, ...actions: string[]): string[] {
  const found = resources.find(
    ({ id }) => id.startsWith(role) && /^[0-9A-F]{8}$/.test(id.slice(role.length)),
  );
  return statementsOf(role, found?.Properties?.Policies as unknown[])
    .filter(({ Action }) => [Action].flat().some((action) => actions.includes(action)))
    .flatMap(({ Resource }) => [Resource].flat())
    .map((resource) => JSON.stringify(resource));
}

it("makes the stacks that were asked for", () => {
  expect(new Set(plain.names)).toEqual(
    new Set([
      "CytodeskData",
      "CytodeskTraining",
      "CytodeskEndpoint-serverless",
      "CytodeskApi",
      "CytodeskOps",
    ]),
  );
  expect(new Set(web.names)).toEqual(
    new Set([
      "CytodeskData",
      "CytodeskTraining",
      "CytodeskEndpoint-instance",
      "CytodeskApi",
      "CytodeskOps",
      "CytodeskWeb",
    ]),
  );
});

it("refuses settings that it does not know", () => {
  expect(createApp({ context: { batch: "sagemaker" }, outdir: join(folder, "bad") })).toEqual({
    ok: false,
    error: expect.stringContaining("batch must be"),
  });
});

describe("nag", () => {
  const open = (name: string, answered: boolean) => {
    const app = new App({ outdir: join(folder, name) });
    turnOnNag(app);
    const stack = new Stack(app, "Open");
    const bucket = new CfnBucket(stack, "Public", {
      publicAccessBlockConfiguration: { blockPublicAcls: false, blockPublicPolicy: false },
    });
    const other = new CfnBucket(stack, "Other");
    if (answered) {
      for (const rule of ["S1", "S2", "S10"]) acknowledge(bucket, { [rule]: "a test" });
      for (const rule of ["S1", "S2"]) acknowledge(other, { [rule]: "a test" });
    }
    return () => app.synth();
  };

  it("fails a synthesis with an open bucket", () => {
    const synth = open("open", false);
    for (const rule of ["S1", "S2", "S10"]) expect(synth).toThrow(`AwsSolutions-${rule}`);
  });

  it("takes an answer for one construct only", () => {
    const synth = open("answered", true);
    expect(synth).toThrow(/Open\/Other.*AwsSolutions-S10/s);
    expect(synth).not.toThrow("Open/Public");
  });
});

describe("CytodeskData", () => {
  it("keeps its data, versioned and logged", () => {
    const template = plain.template("CytodeskData");
    template.hasResource("AWS::S3::Bucket", {
      DeletionPolicy: "Retain",
      Properties: {
        VersioningConfiguration: { Status: "Enabled" },
        LoggingConfiguration: { LogFilePrefix: "data/" },
      },
    });
    template.hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: "Enabled" }] },
    });
    template.resourceCountIs("Custom::S3AutoDeleteObjects", 0);
    template.allResources("AWS::S3::Bucket", { DeletionPolicy: "Retain" });
  });

  it("removes its data with the stack where that was asked for", () => {
    const template = full.template("CytodeskData");
    template.allResources("AWS::S3::Bucket", { DeletionPolicy: "Delete" });
    template.resourceCountIs("Custom::S3AutoDeleteObjects", 2);
  });

  it("uploads the model and says which it is", () => {
    const template = plain.template("CytodeskData");
    template.hasResourceProperties("Custom::CDKBucketDeployment", { Prune: false });
    template.hasResource("AWS::SSM::Parameter", {
      Properties: {
        Name: "/cytodesk/model-key",
        Value: Match.stringLikeRegexp("^models/[0-9a-f]{64}/model\\.tar\\.gz$"),
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp("^UploadCustomResource")]),
    });
  });
});

describe("CytodeskTraining", () => {
  it("has a registry that outlasts the stack, and that a stack made anew does not meet", () => {
    const template = plain.template("CytodeskTraining");
    const creation = {
      "Fn::Select": [
        4,
        { "Fn::Split": ["-", { "Fn::Select": [2, { "Fn::Split": ["/", { Ref: "AWS::StackId" }] }] }] },
      ],
    };
    const name = { "Fn::Join": ["", ["cytodesk-", creation]] };
    template.hasResource("AWS::SageMaker::ModelPackageGroup", {
      Properties: { ModelPackageGroupName: name },
      DeletionPolicy: "Retain",
    });
    template.hasOutput("ModelPackageGroup", { Value: name, Export: Match.absent() });
  });

  const [machine] = Object.values(
    plain.template("CytodeskTraining").findResources("AWS::StepFunctions::StateMachine"),
  ) as [{ Properties: { DefinitionString: { "Fn::Join": [string, unknown[]] } } }];
  const definition = JSON.parse(
    machine.Properties.DefinitionString["Fn::Join"][1]
      .map((part) => (typeof part === "string" ? part : "<token>"))
      .join(""),
  );

  it("trains one job and waits for it", () => {
    expect(definition.States).toEqual({
      Train: {
        Type: "Task",
        End: true,
        Resource: "arn:<token>:states:::sagemaker:createTrainingJob.sync",
        Parameters: {
          "TrainingJobName.$": "$.jobName",
          EnableNetworkIsolation: true,
          RoleArn: "<token>",
          AlgorithmSpecification: {
            TrainingImage: "<token>",
            TrainingInputMode: "File",
            MetricDefinitions: expect.arrayContaining([
              { Name: "validation:accuracy", Regex: "validation:accuracy=([0-9.]+)" },
            ]),
          },
          InputDataConfig: ["train", "validation"].map((ChannelName) => ({
            ChannelName,
            ContentType: "text/csv",
            DataSource: {
              S3DataSource: {
                S3DataType: "S3Prefix",
                "S3Uri.$": `States.Format('s3://{}/{}', '<token>', $.${ChannelName})`,
              },
            },
          })),
          OutputDataConfig: { S3OutputPath: "s3://<token>/training/" },
          ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 5 },
          StoppingCondition: { MaxRuntimeInSeconds: 3600 },
          Tags: [{ Key: "project", Value: "cytodesk" }],
        },
      },
    });
    expect(definition.TimeoutSeconds).toBeGreaterThan(3600);
  });

  it("logs and traces every step", () => {
    plain.template("CytodeskTraining").hasResourceProperties("AWS::StepFunctions::StateMachine", {
      LoggingConfiguration: { Level: "ALL", IncludeExecutionData: true },
      TracingConfiguration: { Enabled: true },
    });
  });

  it("reads data and writes models, in one bucket", () => {
    const role = "CytodeskTraining/TrainingRole";
    const keys = (action: string) => rightsOf(plain, role, action).map((arn) => /\/[^"]*/.exec(arn)?.[0]);
    expect(keys("s3:GetObject")).toEqual(["/dataset/*", "/split/*"]);
    expect(keys("s3:PutObject")).toEqual(["/models/*", "/training/*"]);
    for (const arn of rightsOf(plain, role, "s3:GetObject", "s3:PutObject", "s3:ListBucket")) {
      expect(arn).toMatch(/"Fn::ImportValue":"CytodeskData:/);
    }
    expect(rightsOf(plain, role, "ecr:BatchGetImage")).toEqual([expect.stringContaining(":repository/")]);
    expect(rightsOf(plain, role, "logs:PutLogEvents")).toEqual([
      expect.stringContaining(":log-group:/aws/sagemaker/TrainingJobs:*"),
    ]);
  });

  it("may hand SageMaker that one role", () => {
    const [passed, ...others] = rightsOf(plain, "CytodeskTraining/MachineRole", "iam:PassRole");
    expect(passed).toMatch(/^\{"Fn::GetAtt":\["TrainingRole\w+","Arn"\]\}$/);
    expect(others).toEqual([]);
  });

  it("builds its image of the bundle and the Dockerfile alone", () => {
    const { source, hash } = imageOf(plain.outdir);
    expect(source).toMatchObject({ platform: "linux/amd64", dockerOutputs: ["type=docker"] });
    const context = join(plain.outdir, source.directory);
    expect(readdirSync(context).sort()).toEqual(["Dockerfile", "index.cjs"]);
    // No more than these two make a new image, which would be a new model and an update of the endpoint.
    const copy = join(folder, "image");
    cpSync(context, copy, { recursive: true });
    const stack = new Stack(new App({ analyticsReporting: false }), "Other");
    const { assetHash } = new DockerImageAsset(stack, "I", {
      directory: copy,
      platform: Platform.LINUX_AMD64,
    });
    expect(hash).toBe(assetHash);
  });

  it("is the same image whichever program builds it, with the arguments that the program knows", () => {
    for (const [program, outputs] of [
      ["finch", ["type=docker"]],
      ["podman", undefined],
      ["/usr/bin/buildah", undefined],
    ] as const) {
      vi.stubEnv("CDK_DOCKER", program);
      const app = new App({ outdir: join(folder, basename(program)), analyticsReporting: false });
      const bucket = new Bucket(new Stack(app, "Data"), "Bucket");
      new TrainingStack(app, "CytodeskTraining", { names: namesOf(), bucket });
      const { source, hash } = imageOf(app.synth().directory);
      expect([program, source.dockerOutputs]).toEqual([program, outputs]);
      expect(hash).toBe(imageOf(plain.outdir).hash);
    }
    vi.unstubAllEnvs();
  });
});

describe("the endpoint", () => {
  it("is serverless by default", () => {
    const template = plain.template("CytodeskEndpoint-serverless");
    template.hasResourceProperties("AWS::SageMaker::EndpointConfig", {
      ProductionVariants: [
        {
          VariantName: "AllTraffic",
          ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 },
          InstanceType: Match.absent(),
        },
      ],
      KmsKeyId: Match.absent(),
    });
    template.hasResourceProperties("AWS::SageMaker::Endpoint", {
      EndpointName: "cytodesk-serverless",
      // SageMaker refuses it for serverless endpoints.
      DeploymentConfig: Match.absent(),
    });
    template.resourceCountIs("AWS::ApplicationAutoScaling::ScalableTarget", 0);
  });

  it("runs on encrypted instances and scales", () => {
    const template = full.template("CytodeskEndpoint-instance");
    template.hasResourceProperties("AWS::SageMaker::EndpointConfig", {
      ProductionVariants: [
        {
          VariantName: "AllTraffic",
          InstanceType: "ml.m5.large",
          InitialInstanceCount: 1,
          ServerlessConfig: Match.absent(),
        },
      ],
      KmsKeyId: Match.anyValue(),
    });
    template.hasResourceProperties("AWS::KMS::Key", { EnableKeyRotation: true });
    template.hasResourceProperties("AWS::SageMaker::Model", { EnableNetworkIsolation: true });
    template.hasResourceProperties("AWS::SageMaker::Endpoint", { EndpointName: "cytodesk-instance" });
    template.hasResource("AWS::ApplicationAutoScaling::ScalableTarget", {
      Properties: {
        ResourceId: "endpoint/cytodesk-instance/variant/AllTraffic",
        ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
        ServiceNamespace: "sagemaker",
        MinCapacity: 1,
        MaxCapacity: 3,
      },
      DependsOn: ["Endpoint"],
    });
    template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalingPolicy", {
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
      },
    });
  });

  it("goes back to the instances before where an alarm goes off after an update", () => {
    const template = full.template("CytodeskEndpoint-instance");
    const alarms = Object.entries(template.findResources("AWS::CloudWatch::Alarm"));
    expect(
      alarms.map(([, { Properties }]) => [Properties.AlarmName, Properties.MetricName, Properties.Threshold]),
    ).toEqual([
      ["cytodesk-instance-update-5xx", "Invocation5XXErrors", 1],
      ["cytodesk-instance-update-latency", "ModelLatency", 1_000_000],
    ]);
    for (const [, { Properties }] of alarms) {
      expect(Properties.Dimensions).toEqual([
        { Name: "EndpointName", Value: "cytodesk-instance" },
        { Name: "VariantName", Value: "AllTraffic" },
      ]);
    }
    template.hasResourceProperties("AWS::SageMaker::Endpoint", {
      DeploymentConfig: {
        AutoRollbackConfiguration: { Alarms: alarms.map(([id]) => ({ AlarmName: { Ref: id } })) },
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: { Type: "ALL_AT_ONCE" },
          TerminationWaitInSeconds: 600,
          MaximumExecutionTimeoutInSeconds: 3600,
        },
      },
    });
  });

  it("does not scale burstable instances, which SageMaker refuses", () => {
    const template = web.template("CytodeskEndpoint-instance");
    template.hasResourceProperties("AWS::SageMaker::EndpointConfig", {
      ProductionVariants: [{ InstanceType: "ml.t2.medium", InitialInstanceCount: 1 }],
    });
    template.resourceCountIs("AWS::ApplicationAutoScaling::ScalableTarget", 0);
  });

  it.each([
    ["CytodeskEndpoint-serverless", plain],
    ["CytodeskEndpoint-instance", full],
  ])("%s serves the model that the parameter names, and may read no more", (stack, synthesis) => {
    const template = synthesis.template(stack);
    const [parameter] = Object.keys(
      template.findParameters("*", {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: "/cytodesk/model-key",
      }),
    );
    template.hasResourceProperties("AWS::SageMaker::Model", {
      PrimaryContainer: {
        Image: { "Fn::Sub": Match.stringLikeRegexp(".dkr.ecr.") },
        ModelDataUrl: { "Fn::Join": ["", ["s3://", Match.anyValue(), "/", { Ref: parameter }]] },
      },
    });
    const role = `${stack}/Role`;
    expect(rightsOf(synthesis, role, "s3:GetObject").map((arn) => /\/[^"]*/.exec(arn)?.[0])).toEqual([
      "/models/*",
      "/training/*",
    ]);
    expect(rightsOf(synthesis, role, "s3:PutObject", "s3:DeleteObject", "s3:ListBucket")).toEqual([]);
  });
});

describe("CytodeskApi", () => {
  const template = plain.template("CytodeskApi");

  it("runs the bundled Lambda against the endpoint", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      MemorySize: 512,
      Handler: "index.handler",
      Environment: {
        Variables: {
          ENDPOINT_NAME: "cytodesk-serverless",
          POWERTOOLS_SERVICE_NAME: "cytodesk",
          POWERTOOLS_METRICS_NAMESPACE: "Cytodesk",
        },
      },
      LoggingConfig: { LogGroup: Match.anyValue() },
      TracingConfig: { Mode: "Active" },
    });
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
    full.template("CytodeskApi").hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: Match.objectLike({ ENDPOINT_NAME: "cytodesk-instance" }) },
    });
  });

  it("lets the Lambda invoke that endpoint and nothing else", () => {
    const role = "CytodeskApi/HandlerRole";
    expect(rightsOf(plain, role, "sagemaker:InvokeEndpoint")).toEqual([
      expect.stringContaining(':endpoint/cytodesk-serverless"'),
    ]);
    expect(rightsOf(full, role, "sagemaker:InvokeEndpoint")).toEqual([
      expect.stringContaining(':endpoint/cytodesk-instance"'),
    ]);
    const actions = plain.resources
      .filter(({ id }) => id.startsWith(role))
      .flatMap(({ Properties }) => statementsOf(role, Properties?.Policies as unknown[]))
      .flatMap(({ Action }) => Action);
    expect(actions.sort()).toEqual([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sagemaker:InvokeEndpoint",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  it("nests the time budgets: web 30 s > gateway 29 s > Lambda 28 s > endpoint 27 s", () => {
    for (const { stacks } of Object.values(all)) {
      const api = Template.fromJSON(stacks.CytodeskApi);
      api.allResourcesProperties("AWS::Lambda::Function", { Timeout: 28 });
      api.allResourcesProperties("AWS::ApiGateway::Method", { Integration: { TimeoutInMillis: 29_000 } });
    }
  });

  it("answers POST /predict through the Lambda's proxy, signed and validated", () => {
    const [model] = Object.keys(
      template.findResources("AWS::ApiGateway::Model", { Properties: { Schema: predictRequestModel() } }),
    );
    expect(model).toBeDefined();
    template.hasResourceProperties("AWS::ApiGateway::Method", {
      HttpMethod: "POST",
      AuthorizationType: "AWS_IAM",
      ApiKeyRequired: false,
      RequestModels: { "application/json": { Ref: model } },
      RequestValidatorId: Match.anyValue(),
      Integration: { Type: "AWS_PROXY", IntegrationHttpMethod: "POST" },
    });
    template.hasResourceProperties("AWS::ApiGateway::RequestValidator", { ValidateRequestBody: true });
    template.resourceCountIs("AWS::ApiGateway::Method", 2);
    template.allResourcesProperties("AWS::ApiGateway::Method", { AuthorizationType: "AWS_IAM" });
  });

  it("makes a new deployment for a new request model", () => {
    const [deployment] = Object.values(template.findResources("AWS::ApiGateway::Deployment"));
    expect(deployment?.DependsOn).toEqual(expect.arrayContaining(["PredictRequest", "ListRequest"]));
  });

  it("keeps the older contract on POST /api-ml-model", () => {
    template.hasResourceProperties("AWS::ApiGateway::Resource", { PathPart: "api-ml-model" });
    const [legacy] = Object.values(
      template.findResources("AWS::ApiGateway::Method", { Properties: { Integration: { Type: "AWS" } } }),
    ) as [
      {
        Properties: {
          Integration: {
            PassthroughBehavior: string;
            RequestTemplates: unknown;
            IntegrationResponses: { StatusCode: string; SelectionPattern?: string }[];
          };
          MethodResponses: { StatusCode: string }[];
        };
      },
    ];
    const { Integration, MethodResponses } = legacy.Properties;
    expect(Integration.PassthroughBehavior).toBe("NEVER");
    expect(Integration.RequestTemplates).toEqual({
      "application/json": `{"data": $input.json('$.data'), "requestId": "$context.requestId"}`,
    });
    const patterns = Integration.IntegrationResponses.map(({ StatusCode, SelectionPattern }) => [
      StatusCode,
      SelectionPattern,
    ]);
    expect(patterns).toEqual([
      ["200", undefined],
      ...THROWN_ERRORS.map(({ status, pattern }) => [String(status), pattern]),
    ]);
    expect(MethodResponses.map(({ StatusCode }) => StatusCode)).toEqual(patterns.map(([status]) => status));
  });

  it("throttles, logs without bodies, counts and traces", () => {
    template.hasResourceProperties("AWS::ApiGateway::Stage", {
      StageName: "prod",
      TracingEnabled: true,
      AccessLogSetting: { DestinationArn: Match.anyValue() },
      MethodSettings: [
        {
          HttpMethod: "*",
          ResourcePath: "/*",
          ThrottlingRateLimit: 20,
          ThrottlingBurstLimit: 40,
          MetricsEnabled: true,
          LoggingLevel: "ERROR",
          DataTraceEnabled: false,
        },
      ],
    });
  });

  it.each([
    ["BAD_REQUEST_BODY", 400, "bad_request", false],
    ["REQUEST_TOO_LARGE", 413, "too_large", false],
    ["THROTTLED", 429, "model_unavailable", true],
    ["QUOTA_EXCEEDED", 429, "model_unavailable", true],
    ["INTEGRATION_TIMEOUT", 504, "timeout", true],
    ["INTEGRATION_FAILURE", 502, "model_failed", true],
  ])("answers %s itself as the Lambda would", (ResponseType, status, code, retryable) => {
    template.hasResourceProperties("AWS::ApiGateway::GatewayResponse", {
      ResponseType,
      StatusCode: String(status),
      ResponseTemplates: {
        "application/json": Match.serializedJson({
          error: { code, message: Match.anyValue(), retryable },
          requestId: "$context.requestId",
        }),
      },
      ...(ResponseType === "THROTTLED"
        ? { ResponseParameters: { "gatewayresponse.header.Retry-After": "'1'" } }
        : {}),
    });
    template.resourceCountIs("AWS::ApiGateway::GatewayResponse", 6);
  });

  it("wants an API key on both methods where that was asked for", () => {
    template.resourceCountIs("AWS::ApiGateway::ApiKey", 0);
    template.resourceCountIs("AWS::ApiGateway::UsagePlan", 0);
    const keyed = full.template("CytodeskApi");
    keyed.allResourcesProperties("AWS::ApiGateway::Method", {
      ApiKeyRequired: true,
      AuthorizationType: "AWS_IAM",
    });
    keyed.hasResourceProperties("AWS::ApiGateway::UsagePlan", {
      Throttle: { RateLimit: 20, BurstLimit: 40 },
    });
    keyed.resourceCountIs("AWS::ApiGateway::UsagePlanKey", 1);
    keyed.hasOutput("ApiKeyId", {});
  });

  it("can be called by the invokers alone where there are some", () => {
    template.hasResourceProperties("AWS::ApiGateway::RestApi", { Policy: Match.absent() });
    const policy = (principals: unknown, unsigned: object[] = [], denied = "execute-api:/*") => ({
      Policy: {
        Statement: [
          ...unsigned,
          {
            Effect: "Allow",
            Principal: { AWS: ROLE },
            Action: "execute-api:Invoke",
            Resource: "execute-api:/*",
          },
          {
            Effect: "Deny",
            Principal: { AWS: "*" },
            Action: "execute-api:Invoke",
            Resource: denied,
            Condition: { ArnNotEquals: { "aws:PrincipalArn": principals } },
          },
        ],
      },
    });
    full.template("CytodeskApi").hasResourceProperties("AWS::ApiGateway::RestApi", policy([ROLE]));
    // The web application's own role is not shut out.
    web.template("CytodeskApi").hasResourceProperties(
      "AWS::ApiGateway::RestApi",
      policy(
        [ROLE, { "Fn::Join": ["", Match.arrayWith([":role/cytodesk-web-", { Ref: "AWS::Region" }])] }],
        [
          {
            Effect: "Allow",
            Principal: { AWS: "*" },
            Action: "execute-api:Invoke",
            Resource: "execute-api:/*/POST/api-ml-model",
          },
        ],
        "execute-api:/*/POST/predict",
      ),
    );
  });

  it("lets callers of the older contract in by a limited key where that was asked for, and only them", () => {
    const keyed = web.template("CytodeskApi");
    keyed.resourceCountIs("AWS::ApiGateway::ApiKey", 2);
    keyed.hasResourceProperties("AWS::ApiGateway::UsagePlan", {
      Throttle: { RateLimit: 5, BurstLimit: 10 },
      Quota: { Limit: 5_000, Period: "DAY" },
    });
    keyed.hasOutput("OlderApiKeyId", {});
    const { routes } = readApiDescription(join(web.outdir, "CytodeskApi.template.json"));
    expect(
      routes.map(({ resource, isIamAuthorized, needsApiKey }) => ({
        ...{ resource, isIamAuthorized, needsApiKey },
      })),
    ).toEqual([
      { resource: "/predict", isIamAuthorized: true, needsApiKey: true },
      { resource: "/api-ml-model", isIamAuthorized: false, needsApiKey: true },
    ]);
  });

  it("says where it is", () => {
    template.hasOutput("ModelUrl", {
      Value: { "Fn::Join": ["", Match.arrayWith(["https://", ".execute-api.", "/predict"])] },
    });
    template.hasOutput("Region", { Value: { Ref: "AWS::Region" } });
    template.hasOutput("EndpointName", { Value: "cytodesk-serverless" });
    template.hasOutput("BucketName", {});
    template.hasOutput("StateMachineArn", {});
  });
});

describe("CytodeskOps", () => {
  const template = plain.template("CytodeskOps");

  it.each([
    ["AWS/SageMaker", "Invocation4XXErrors", { Statistic: "Sum" }],
    ["AWS/SageMaker", "Invocation5XXErrors", { Statistic: "Sum" }],
    ["AWS/SageMaker", "ModelLatency", { ExtendedStatistic: "p95" }],
    ["AWS/Lambda", "Errors", { Statistic: "Sum" }],
    ["AWS/Lambda", "Throttles", { Statistic: "Sum" }],
    ["AWS/ApiGateway", "5XXError", { Statistic: "Sum" }],
  ])("raises an alarm on %s %s", (Namespace, MetricName, statistic) => {
    const [topic] = Object.keys(template.findResources("AWS::SNS::Topic"));
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace,
      MetricName,
      ...statistic,
      TreatMissingData: "notBreaching",
      AlarmActions: [{ Ref: topic }],
    });
    template.resourceCountIs("AWS::CloudWatch::Alarm", 6);
  });

  it("watches what is deployed", () => {
    const dimension = (Name: string, Value: string) => ({ Dimensions: Match.arrayWith([{ Name, Value }]) });
    const api = plain.template("CytodeskApi");
    template.hasResourceProperties(
      "AWS::CloudWatch::Alarm",
      dimension("EndpointName", "cytodesk-serverless"),
    );
    full
      .template("CytodeskOps")
      .hasResourceProperties("AWS::CloudWatch::Alarm", dimension("EndpointName", "cytodesk-instance"));
    template.hasResourceProperties("AWS::CloudWatch::Alarm", dimension("FunctionName", "cytodesk-predict"));
    api.hasResourceProperties("AWS::Lambda::Function", { FunctionName: "cytodesk-predict" });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", dimension("ApiName", "cytodesk"));
    api.hasResourceProperties("AWS::ApiGateway::RestApi", { Name: "cytodesk" });
  });

  it("lets alarms and budgets of this account publish, encrypted, and mails where there is an address", () => {
    template.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
    const publish = (service: string) =>
      Match.objectLike({
        Effect: "Allow",
        Principal: { Service: `${service}.amazonaws.com` },
        Action: "sns:Publish",
        Condition: Match.objectLike({ StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } }),
      });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          publish("cloudwatch"),
          publish("budgets"),
        ],
      },
    });
    template.resourceCountIs("AWS::SNS::Subscription", 0);
    full.template("CytodeskOps").hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "ops@example.org",
    });
  });

  it("keeps a budget", () => {
    const tell = (NotificationType: string, Threshold: number) =>
      Match.objectLike({
        Notification: {
          NotificationType,
          Threshold,
          ThresholdType: "PERCENTAGE",
          ComparisonOperator: "GREATER_THAN",
        },
        Subscribers: [{ SubscriptionType: "SNS", Address: Match.anyValue() }],
      });
    template.hasResourceProperties("AWS::Budgets::Budget", {
      Budget: {
        BudgetType: "COST",
        TimeUnit: "MONTHLY",
        BudgetLimit: { Amount: 20, Unit: "USD" },
        CostFilters: { TagKeyValue: ["user:project$cytodesk"] },
      },
      NotificationsWithSubscribers: [tell("ACTUAL", 80), tell("ACTUAL", 100), tell("FORECASTED", 100)],
    });
    full.template("CytodeskOps").hasResourceProperties("AWS::Budgets::Budget", {
      Budget: { BudgetLimit: { Amount: 50 } },
    });
  });

  it("shows it all on one dashboard", () => {
    const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
    const body = JSON.stringify(dashboard?.Properties);
    for (const shown of [
      "ModelLatency",
      "Invocation5XXErrors",
      "Throttles",
      "5XXError",
      "SEARCH(",
      "Cytodesk",
    ]) {
      expect(body).toContain(shown);
    }
  });
});

describe("CytodeskWeb", () => {
  const template = web.template("CytodeskWeb");
  const instances = Object.values(template.findResources("AWS::EC2::Instance")) as Resource[];
  const instance = instances.find(({ Properties }) => Properties?.InstanceType === "t4g.small");

  it("has one instance in a private subnet and one on the way out", () => {
    template.resourceCountIs("AWS::EC2::Subnet", 2);
    template.resourceCountIs("AWS::EC2::NatGateway", 0);
    expect(instances.map(({ Properties }) => Properties?.InstanceType).sort()).toEqual([
      "t4g.nano",
      "t4g.small",
    ]);
    for (const { Properties } of instances) {
      expect(Properties).toMatchObject({
        MetadataOptions: { HttpTokens: "required" },
        BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
        LaunchTemplate: { LaunchTemplateId: expect.anything(), Version: "1" },
      });
      // Neither a new image nor a new version of the template must replace an instance.
      expect(Properties).not.toHaveProperty("ImageId");
    }
    expect(JSON.stringify(instance?.Properties?.SubnetId)).toContain("private");
    template.hasResourceProperties("AWS::EC2::LaunchTemplate", {
      LaunchTemplateData: { ImageId: Match.stringLikeRegexp("^resolve:ssm:/aws/service/.*al2023.*arm64$") },
    });
  });

  it("keeps the history on an encrypted volume of its own", () => {
    template.hasResource("AWS::EC2::Volume", {
      DeletionPolicy: "Retain",
      Properties: { Encrypted: true, VolumeType: "gp3" },
    });
    template.resourceCountIs("AWS::EC2::VolumeAttachment", 1);
  });

  it("is reached from CloudFront only, and only by the addresses that were named", () => {
    template.hasResourceProperties("AWS::CloudFront::Distribution", {
      DistributionConfig: {
        IPV6Enabled: false,
        DefaultCacheBehavior: {
          ViewerProtocolPolicy: "https-only",
          // Managed policies: caching disabled, all of the viewer's headers.
          CachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
          OriginRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
          AllowedMethods: Match.arrayWith(["POST"]),
          FunctionAssociations: [{ EventType: "viewer-request", FunctionARN: Match.anyValue() }],
        },
        CacheBehaviors: [
          Match.objectLike({
            PathPattern: "/_next/static/*",
            // Another managed policy: as long as the answer says.
            CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
            FunctionAssociations: [{ EventType: "viewer-request", FunctionARN: Match.anyValue() }],
          }),
        ],
        Origins: [{ VpcOriginConfig: { OriginReadTimeout: 35 } }],
        Logging: Match.anyValue(),
      },
    });
    template.hasResourceProperties("AWS::CloudFront::VpcOrigin", {
      VpcOriginEndpointConfig: { OriginProtocolPolicy: "http-only", HTTPPort: 80 },
    });
    template.hasResourceProperties("AWS::CloudFront::Function", {
      FunctionCode: Match.stringLikeRegexp("^var ranges = \\[\\[-?\\d+,-1\\],\\[-?\\d+,-256\\]\\];"),
    });
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 1);
    template.hasResourceProperties("AWS::EC2::SecurityGroupIngress", {
      FromPort: 80,
      ToPort: 80,
      SourcePrefixListId: Match.anyValue(),
    });
  });

  it("tells the instance by parameters where everything is, each on one line", () => {
    const told = Object.values(template.findResources("AWS::SSM::Parameter")).map(
      ({ Properties }) => Properties,
    );
    const settings = JSON.stringify(told.find(({ Name }) => Name === "/cytodesk/web-settings")?.Value);
    for (const name of ["HOST", "SECRET", "BATCHES", "BACKUPS", "TAG", "LOG_GROUP", "METRICS", "SERVICE"])
      expect(settings).toMatch(new RegExp(`[" ]${name}=`));
    expect(settings).not.toContain("\\n");
    for (const name of ["web-release", "web-script"]) {
      template.hasResourceProperties("AWS::SSM::Parameter", {
        Name: `/cytodesk/${name}`,
        Value: { "Fn::Sub": Match.stringLikeRegexp("^s3://") },
      });
    }
  });

  it("needs no new instance for anything that a deployment may change", () => {
    const changed = synthesise("web-changed", {
      ...webSettings,
      apiKey: "false",
      batch: "here",
      webAllowedIps: "192.0.2.1",
    }).template("CytodeskWeb");
    const [before, after] = [template, changed].map((one) =>
      Object.entries(one.findResources("AWS::EC2::Instance")).map(([id, { Properties }]) => [
        id,
        Properties.UserData,
      ]),
    );
    expect(after).toEqual(before);
  });

  it("has a shell on both instances, a snapshot each night, and moves from a machine that failed", () => {
    const session = Match.arrayWith([
      { "Fn::Join": ["", Match.arrayWith([":iam::aws:policy/AmazonSSMManagedInstanceCore"])] },
    ]);
    expect(
      Object.keys(template.findResources("AWS::IAM::Role", { Properties: { ManagedPolicyArns: session } })),
    ).toHaveLength(2);
    template.hasResourceProperties("AWS::DLM::LifecyclePolicy", {
      State: "ENABLED",
      PolicyDetails: {
        ResourceTypes: ["VOLUME"],
        TargetTags: [{ Key: "snapshots", Value: "cytodesk-nightly" }],
        Schedules: [Match.objectLike({ RetainRule: { Count: 14 } })],
      },
    });
    template.hasResourceProperties("AWS::EC2::Volume", {
      Tags: Match.arrayWith([{ Key: "snapshots", Value: "cytodesk-nightly" }]),
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "StatusCheckFailed_System",
      AlarmActions: [{ "Fn::Join": ["", Match.arrayWith([":ec2:recover"])] }],
    });
  });

  it("tells where the stage's alarms do: not ready or silent, a full disk, failures that it logged", () => {
    const topic = { Ref: Match.stringLikeRegexp("^SsmParameterValue.*alarmtopic") };
    for (const [MetricName, alarm] of Object.entries({
      WebReady: { ComparisonOperator: "LessThanThreshold", Threshold: 1, TreatMissingData: "breaching" },
      WebDiskUsed: { Threshold: 80 },
      "WebFailures-cytodesk": { Threshold: 5 },
    }))
      template.hasResourceProperties("AWS::CloudWatch::Alarm", {
        MetricName,
        ...alarm,
        AlarmActions: [topic],
      });
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      FilterPattern: '{ ($.event = "request") && ($.status >= 500) }',
      MetricTransformations: [Match.objectLike({ MetricName: "WebFailures-cytodesk" })],
    });
  });

  it("waits for its way out to have what it needs", () => {
    const nat = instances.find(({ Properties }) => Properties?.InstanceType === "t4g.nano");
    expect(JSON.stringify(nat?.Properties?.UserData)).toContain("until dnf install -y iptables-services");
  });

  it("lets the instance call POST /predict and read its own release", () => {
    const role = "CytodeskWeb/InstanceRole";
    expect(rightsOf(web, role, "execute-api:Invoke")).toEqual([
      expect.stringMatching(
        /:execute-api:.*\{"Ref":"SsmParameterValuecytodeskapiid\w+"\},"\/prod\/POST\/predict"/,
      ),
    ]);
    expect(rightsOf(web, role, "apigateway:GET")).toEqual([expect.stringContaining("::/apikeys/")]);
    expect(rightsOf(web, role, "s3:GetObject")).toEqual([
      // Its script, which stands here for its release too.
      expect.stringMatching(/\/[0-9a-f]{64}\.sh"/),
      expect.stringContaining("/backups/*"),
      expect.stringContaining("/batches/*"),
    ]);
    expect(rightsOf(web, role, "ssm:GetParameter")).toEqual([
      expect.stringContaining("/cytodesk/web-script"),
    ]);
    expect(rightsOf(web, role, "ssm:GetParameters")).toEqual(
      ["api-key-id", "data-key", "model-name", "model-url", "web-release", "web-running", "web-settings"].map(
        (name) => expect.stringContaining(`:parameter/cytodesk/${name}"`),
      ),
    );
    expect(rightsOf(web, role, "ssm:PutParameter")).toEqual([
      expect.stringContaining(":parameter/cytodesk/web-running"),
    ]);
  });

  it("lets the instance and the model's role do what batches need, in their folder and by their names", () => {
    const [role, model] = ["CytodeskWeb/InstanceRole", "CytodeskEndpoint-instance/Role"];
    for (const action of ["Create", "Describe", "Stop"]) {
      expect(rightsOf(web, role, `sagemaker:${action}TransformJob`)).toEqual([
        expect.stringMatching(/:sagemaker:.*:transform-job\/cytodesk-\*"/),
      ]);
    }
    // A tag as it makes a job, never on one that is there.
    web.template("CytodeskWeb").hasResourceProperties("AWS::IAM::Role", {
      Policies: Match.arrayWith([
        Match.objectLike({
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({
                Action: "sagemaker:AddTags",
                Condition: { StringEquals: { "sagemaker:TaggingAction": "CreateTransformJob" } },
              }),
            ]),
          },
        }),
      ]),
    });
    expect(rightsOf(web, role, "s3:DeleteObject")).toEqual([expect.stringContaining("/batches/*")]);
    expect(rightsOf(web, role, "s3:PutObject")).toEqual([
      expect.stringContaining("/backups/*"),
      expect.stringContaining("/batches/*"),
    ]);
    expect(rightsOf(web, role, "iam:PassRole")).toEqual([]);
    expect(rightsOf(web, model, "s3:PutObject")).toEqual([expect.stringContaining("/batches/*/transform/*")]);
    web.template("CytodeskEndpoint-instance").hasResourceProperties("AWS::SSM::Parameter", {
      Name: "/cytodesk/model-name",
      Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^Model"), "ModelName"] },
    });
    web.template("CytodeskData").hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: "batches/", NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
        ]),
      },
    });
  });
});

describe("CytodeskWeb-fargate", () => {
  const template = fargate.template("CytodeskWeb-fargate");
  const of = (type: string) => Object.values(template.findResources(type)) as Resource[];
  const [task] = of("AWS::ECS::TaskDefinition");
  type Container = {
    Name: string;
    Command?: string[];
    DependsOn?: unknown;
    Environment: { Name: string; Value: unknown }[];
    Secrets?: { Name: string }[];
  };
  const { ContainerDefinitions } = task?.Properties ?? {};
  const [migrate, serve] = ContainerDefinitions as [Container, Container];

  it("keeps two to six tasks in two zones, and goes back from a release that does not come up", () => {
    template.resourceCountIs("AWS::EC2::Subnet", 2);
    template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalableTarget", {
      MinCapacity: 2,
      MaxCapacity: 6,
    });
    template.resourceCountIs("AWS::ApplicationAutoScaling::ScalingPolicy", 2);
    template.hasResourceProperties("AWS::ECS::Service", {
      AvailabilityZoneRebalancing: "ENABLED",
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: "DISABLED" } },
    });
    template.hasResourceProperties("AWS::ElasticLoadBalancingV2::TargetGroup", {
      HealthCheckPath: "/api/health/ready",
      TargetType: "ip",
    });
  });

  it("migrates in each task before it serves, and knows no more for that than how the database is opened", () => {
    expect(migrate).toMatchObject({ Command: ["dist/database/migrate.mjs", "deploy"], Essential: false });
    expect(migrate.Environment.map(({ Name }) => Name).sort()).toEqual([
      "AWS_REGION",
      "DATABASE_SECRET",
      "DATABASE_URL",
    ]);
    expect(migrate).not.toHaveProperty("Secrets");
    expect(serve.DependsOn).toEqual([{ ContainerName: "migrate", Condition: "SUCCESS" }]);
    for (const container of [migrate, serve])
      expect(container).toMatchObject({ ReadonlyRootFilesystem: true });
  });

  it("gives the application what it starts with, of which nothing is secret that can be read in the template", () => {
    // Each reference as a deployment would put it.
    const resolved = JSON.stringify(serve.Environment)
      .replaceAll('{"Ref":"AWS::Region"}', '"eu-central-1"')
      .replaceAll(/\{"Fn::GetAtt":\["Database\w+","Endpoint.Port"\]\}/g, '"5432"')
      .replaceAll(/\{"Fn::GetAtt":\["Database\w+","MasterUserSecret.SecretArn"\]\}/g, '"rds!cluster-1"')
      .replaceAll(/\{"(?:Fn::GetAtt|Fn::ImportValue)":(?:"[^"]*"|\[[^\]]*\])\}/g, '"some.example"');
    const values = (JSON.parse(resolved) as Container["Environment"]).map(({ Name, Value }) => [
      Name,
      typeof Value === "string"
        ? Value
        : (Value as { "Fn::Join": [string, string[]] })["Fn::Join"][1].join(""),
    ]);
    const settings = Object.fromEntries(values);
    expect(settings.DATABASE_URL).toBe(
      "postgresql://some.example:5432/cytodesk?sslmode=verify-full&sslrootcert=/app/rds-ca.pem",
    );
    expect(serve.Secrets?.map(({ Name }) => Name)).toEqual(["SIGN_IN_SECRET"]);
    const SIGN_IN_SECRET = "a".repeat(64);
    expect(parseEnv({ ...settings, SIGN_IN_SECRET })).toMatchObject({
      ok: true,
      value: {
        MODEL_URL: { kind: "sagemaker", endpointName: "cytodesk-serverless" },
        PUBLIC_URL: "https://some.example",
        REPLICAS: 6,
      },
    });
    // Without people who sign in it would not start.
    expect(parseEnv(settings).ok).toBe(false);
    template.hasResourceProperties("AWS::SecretsManager::Secret", {
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
  });

  it("keeps the history for two weeks back, encrypted, and not without somebody who says that it may go", () => {
    template.hasResource("AWS::RDS::DBCluster", {
      DeletionPolicy: "Snapshot",
      Properties: {
        StorageEncrypted: true,
        DeletionProtection: true,
        BackupRetentionPeriod: 14,
        ManageMasterUserPassword: true,
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
      },
    });
    template.hasResource("AWS::SecretsManager::Secret", { DeletionPolicy: "Retain" });
    template.hasResourceProperties("AWS::RDS::DBInstance", { PubliclyAccessible: false });
  });

  it("leads nowhere but to the services of AWS that it uses, and is reached by CloudFront alone", () => {
    template.resourceCountIs("AWS::EC2::NatGateway", 0);
    template.resourceCountIs("AWS::EC2::Route", 0);
    const services = of("AWS::EC2::VPCEndpoint").map(({ Properties }) =>
      JSON.stringify(Properties?.ServiceName),
    );
    const used = ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "sagemaker.runtime"];
    expect(services).toEqual(used.map((name) => expect.stringMatching(new RegExp(`[".]${name}"`))));
    template.hasResourceProperties("AWS::ElasticLoadBalancingV2::LoadBalancer", { Scheme: "internal" });
    const doors = [...of("AWS::EC2::SecurityGroupIngress"), ...of("AWS::EC2::SecurityGroup")].filter(
      ({ Properties }) =>
        Properties?.SecurityGroupIngress !== undefined ||
        Properties?.CidrIp !== undefined ||
        Properties?.SourcePrefixListId !== undefined,
    );
    expect(doors).toEqual([
      expect.objectContaining({
        Properties: expect.objectContaining({ FromPort: 80, SourcePrefixListId: expect.anything() }),
      }),
    ]);
    template.hasResourceProperties("AWS::CloudFront::VpcOrigin", {
      VpcOriginEndpointConfig: { OriginProtocolPolicy: "http-only", HTTPPort: 80 },
    });
  });

  it("shuts out a flood by the address that CloudFront's function writes down", () => {
    template.hasResourceProperties("AWS::WAFv2::WebACL", {
      Scope: "REGIONAL",
      Rules: [
        Match.objectLike({
          Action: { Block: {} },
          Statement: {
            RateBasedStatement: Match.objectLike({
              Limit: 10_000,
              CustomKeys: [{ Header: Match.objectLike({ Name: "x-viewer-address" }) }],
            }),
          },
        }),
      ],
    });
    template.resourceCountIs("AWS::WAFv2::WebACLAssociation", 1);
    template.hasResourceProperties("AWS::CloudFront::Function", {
      FunctionCode: Match.stringLikeRegexp(
        "headers\\['x-viewer-address'\\] = \\{ value: event.viewer.ip \\}",
      ),
    });
  });

  it("lets a task ask the endpoint, read its database's secret and keep batches, and nothing else", () => {
    const role = "CytodeskWeb-fargate/TaskRole";
    expect(rightsOf(fargate, role, "sagemaker:InvokeEndpoint")).toEqual([
      expect.stringContaining(":endpoint/cytodesk-serverless"),
    ]);
    expect(rightsOf(fargate, role, "secretsmanager:GetSecretValue")).toEqual([
      expect.stringContaining("MasterUserSecret.SecretArn"),
    ]);
    expect(rightsOf(fargate, role, "s3:PutObject")).toEqual([expect.stringContaining("/batches/*")]);
    expect(rightsOf(fargate, role, "kms:GenerateDataKey")).toEqual([expect.stringContaining("datakey")]);
    expect(rightsOf(fargate, role, "execute-api:Invoke")).toEqual([]);
    for (const Description of ["What Cytodesk's tasks may do", "Starts Cytodesk's tasks"]) {
      template.hasResourceProperties("AWS::IAM::Role", {
        Description,
        AssumeRolePolicyDocument: {
          Statement: [
            Match.objectLike({
              Principal: { Service: "ecs-tasks.amazonaws.com" },
              Condition: Match.objectLike({
                StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
              }),
            }),
          ],
        },
      });
    }
    fargate.template("CytodeskData").hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: "batches/" })]) },
    });
  });

  it("tells of what fails, by the topic of the other alarms", () => {
    const alarms = of("AWS::CloudWatch::Alarm").map(({ Properties }) => Properties);
    expect(alarms.map((alarm) => alarm?.AlarmName)).toEqual(
      ["fargate-down", "fargate-tasks", "fargate-5xx", "fargate-balancer-5xx"]
        .concat(["database-cpu", "database-capacity", "database-connections"])
        .map((name) => `cytodesk-${name}`),
    );
    for (const alarm of alarms)
      expect(alarm?.AlarmActions).toEqual([{ Ref: expect.stringContaining("alarmtopic") }]);
    fargate.template("CytodeskOps").hasResourceProperties("AWS::SSM::Parameter", {
      Name: "/cytodesk/alarm-topic",
    });
  });
});

describe("what goes into the bucket", () => {
  function contents(of: string): Record<string, string> {
    return Object.fromEntries(
      readdirSync(of, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [
          file.slice(of.length + 1),
          createHash("sha256").update(readFileSync(file)).digest("hex"),
        ]),
    );
  }

  it("lays out dataset, split and model, the same bytes every time", () => {
    const first = stage(join(folder, "first"));
    const second = stage(join(folder, "second"));
    const { hash } = JSON.parse(readFileSync(inProject("tables/wdbc/artifact.json"), "utf8"));
    expect(first.modelKey).toBe(`models/${hash}/model.tar.gz`);
    expect(Object.keys(contents(first.folder)).sort()).toEqual([
      "dataset/wdbc.csv",
      first.modelKey,
      "split/test/test.csv",
      "split/train/train.csv",
      "split/validation/validation.csv",
    ]);
    expect(contents(second.folder)).toEqual(contents(first.folder));
    expect(stage(join(folder, "first"))).toEqual(first);
  });

  it("packs the artifact where the container looks for it", () => {
    const { folder: staged, modelKey } = stage(join(folder, "model"));
    const names: string[] = [];
    list({ sync: true, file: join(staged, modelKey), onReadEntry: ({ path }) => void names.push(path) });
    expect(names).toEqual(["artifact.json"]);
    extract({ sync: true, file: join(staged, modelKey), cwd: folder });
    expect(readFileSync(join(folder, "artifact.json"))).toEqual(
      readFileSync(inProject("tables/wdbc/artifact.json")),
    );
  });
});
