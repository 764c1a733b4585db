import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ensureBundles } from "../../test/bundles";
import { createApp } from "./application";

ensureBundles();

const outdir = mkdtempSync(join(tmpdir(), "cytodesk-trust-"));
afterAll(() => rmSync(outdir, { recursive: true }));

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
  "vpc-flow-logs.amazonaws.com": /:ec2:.*:vpc-flow-log\/\*"\]/,
};

type Trust = {
  Action: string;
  Principal: { Service: string };
  Condition?: { StringEquals: Record<string, unknown>; ArnLike: Record<string, unknown> };
};

const app = createApp({
  context: {
    endpoint: "instance",
    web: "ec2",
    webAllowedIps: "203.0.113.7",
    batch: "sagemaker",
    destroyData: "true",
  },
  outdir,
});
if (!app.ok) throw new Error(app.error);
const roles = app.value.synth().stacks.flatMap(({ stackName, template }) =>
  Object.entries(template.Resources as Record<string, { Type: string; Properties: object }>).flatMap(
    ([id, { Type, Properties }]) => {
      if (Type !== "AWS::IAM::Role") return [];
      const policy = (Properties as { AssumeRolePolicyDocument: { Statement: Trust[] } })
        .AssumeRolePolicyDocument;
      return policy.Statement.map((trust) => ({ id: `${stackName}/${id}`, ...trust }));
    },
  ),
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
