import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ensureBundles } from "../../test/bundles";
import { createApp } from "./application";
import { paidWhenIdle } from "./idle";

ensureBundles();

const outdir = mkdtempSync(join(tmpdir(), "cytodesk-key-"));
afterAll(() => rmSync(outdir, { recursive: true }));

type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };
type Statement = { Action: string | string[]; Resource: unknown };

function synthesise(name: string, context: Record<string, string>) {
  const app = createApp({ context, outdir: join(outdir, name) });
  if (!app.ok) throw new Error(app.error);
  const resources = app.value.synth().stacks.flatMap(({ stackName, template }) =>
    Object.entries(template.Resources as Record<string, Resource>).map(([id, resource]) => ({
      ...resource,
      id: `${stackName}/${id}`,
    })),
  );
  const find = (id: string) => {
    const found = resources.find((one) => one.id === id || new RegExp(`^${id}[0-9A-F]{8}$`).test(one.id));
    if (found === undefined) throw new Error(`There is no ${id}.`);
    return found;
  };
  /** What a role may do with keys, and with which. */
  const keysOf = (id: string) => {
    const policies = (find(id).Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
    const statements = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().some((action) => action.startsWith("kms:")));
    return statements.map(({ Action, Resource }) => ({
      actions: [Action].flat(),
      key: JSON.stringify(Resource),
    }));
  };
  return { resources, find, keysOf };
}

type Resources = ReturnType<typeof synthesise>["resources"];

const web = { web: "ec2", webAllowedIps: "203.0.113.7" };
const without = synthesise("without", { ...web, batch: "sagemaker" });
const serverless = synthesise("serverless", { ...web, customerKey: "true" });
const full = synthesise("full", {
  ...web,
  batch: "sagemaker",
  endpoint: "instance",
  customerKey: "true",
  destroyData: "true",
});

const [READ, WRITE] = [["kms:Decrypt"], ["kms:Decrypt", "kms:GenerateDataKey"]];
const JOBS = ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];
const TOLD = expect.stringMatching(/^\{"Ref":"SsmParameterValuecytodeskdatakey\w+"\}$/);

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
    expect(serverless.keysOf("CytodeskData/UploadRole")).toEqual([{ actions: WRITE, key: own }]);
    expect(serverless.keysOf("CytodeskEndpoint-serverless/Role")).toEqual([{ actions: READ, key: TOLD }]);
    expect(serverless.keysOf("CytodeskTraining/TrainingRole")).toEqual([{ actions: JOBS, key: TOLD }]);
    expect(serverless.keysOf("CytodeskWeb/InstanceRole")).toEqual([{ actions: WRITE, key: TOLD }]);
    // A transform job has the role of its model.
    expect(full.keysOf("CytodeskEndpoint-instance/Role")).toEqual([{ actions: JOBS, key: TOLD }]);
    const others = full.resources.filter(
      ({ id, Type }) => Type === "AWS::IAM::Role" && full.keysOf(id).length > 0,
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
    const keys = (resources: Resources) =>
      resources.filter(({ id, Type }) => id.startsWith("CytodeskData/") && Type === "AWS::KMS::Key").length;
    for (const [{ resources }, customerKey] of [
      [full, true],
      [without, false],
    ] as const) {
      const said = paidWhenIdle("Data", { instanceType: "ml.m5.large", customerKey });
      expect(said).toEqual(keys(resources) === 0 ? [] : [[keys(resources), "KMS key"]]);
    }
  });

  it("is not there unless asked for", () => {
    expect(without.resources.filter(({ id }) => /^CytodeskData\/DataKey(?!Arn)/.test(id))).toEqual([]);
    const users = without.resources.filter(
      ({ id, Type }) => Type === "AWS::IAM::Role" && without.keysOf(id).length > 0,
    );
    expect(users).toEqual([]);
  });
});
