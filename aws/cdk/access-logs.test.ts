import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ensureBundles } from "../../test/bundles";
import { createApp } from "./application";

ensureBundles();

const outdir = mkdtempSync(join(tmpdir(), "cytodesk-logs-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const app = createApp({
  context: { web: "ec2", webAllowedIps: "203.0.113.7", batch: "sagemaker", customerKey: "true" },
  outdir,
});
if (!app.ok) throw new Error(app.error);
const resources = app.value
  .synth()
  .stacks.flatMap(({ stackName, template }) =>
    Object.entries(
      template.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>,
    ).map(([id, resource]) => ({ id, stackName, ...resource })),
  );
const of = (type: string) => {
  const found = resources.filter(({ Type }) => Type === type);
  expect(found, type).not.toEqual([]);
  return found;
};

/** Buckets into which others log; none of them logs into itself. */
const refs = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, id]) => id);
const logBuckets = [
  ...of("AWS::S3::Bucket").flatMap(({ Properties }) => refs(Properties.LoggingConfiguration ?? {})),
  ...of("AWS::CloudFront::Distribution").flatMap(({ Properties }) =>
    refs((Properties.DistributionConfig as { Logging: object }).Logging),
  ),
];

describe("who read or wrote what", () => {
  it("is in a log for each object of each bucket, which expires", () => {
    for (const { id, Properties } of of("AWS::S3::Bucket")) {
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
    for (const { Properties } of of("AWS::ApiGateway::Stage")) {
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
    for (const { Properties } of of("AWS::CloudFront::Distribution")) {
      expect(Properties.DistributionConfig).toMatchObject({ Logging: { Bucket: expect.anything() } });
    }
    const logged = of("AWS::EC2::FlowLog").map(({ Properties }) => JSON.stringify(Properties.ResourceId));
    expect(logged).toEqual(of("AWS::EC2::VPC").map(({ id }) => JSON.stringify({ Ref: id })));
    for (const { Properties } of of("AWS::StepFunctions::StateMachine")) {
      expect(Properties.LoggingConfiguration).toMatchObject({ Level: "ALL" });
    }
  });
});

it("leaves the account's own role for API Gateway's logs alone where that is asked for, and logs as before", () => {
  const types = ["AWS::ApiGateway::Account", "AWS::IAM::Role", "AWS::ApiGateway::Stage"];
  const synthesise = (context: Record<string, string>) => {
    const made = createApp({ context, outdir: join(outdir, "role") });
    if (!made.ok) throw new Error(made.error);
    const api = made.value.synth().getStackByName("CytodeskApi").template.Resources as Record<
      string,
      { Type: string }
    >;
    return types.map((type) => Object.values(api).filter(({ Type }) => Type === type));
  };
  const [account, roles, stages] = synthesise({});
  const [none, fewer, same] = synthesise({ apiLogRole: "false" });
  expect([account?.length, roles?.length]).toEqual([1, 2]);
  expect([none?.length, fewer?.length]).toEqual([0, 1]);
  expect(JSON.stringify(same)).toContain('"AccessLogSetting"');
  expect(JSON.stringify(same)).toContain('"LoggingLevel":"ERROR"');
  expect(stages).toHaveLength(1);
});
