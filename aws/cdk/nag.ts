import { type App, Stack, Validations } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import * as z from "zod";

/** Checks the whole application by the AwsSolutions rules at every synthesis; a finding nobody answered fails it. */
export function turnOnNag(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/**
 * Answers findings of one construct: the rule without its pack's name (for IAM with its finding, `IAM5[Resource::*]`)
 * and why it does not apply. Called beside the construct; the same finding elsewhere stays an error.
 */
export function acknowledge(construct: IConstruct, reasons: Record<string, string>): void {
  const rules = Object.entries(reasons).map(([rule, reason]) => ({ id: `AwsSolutions-${rule}`, reason }));
  Validations.of(construct).acknowledge(...rules);
}

/** Answers that a role may use all keys below these prefixes of one bucket. */
export function acknowledgeKeys(
  role: IConstruct,
  bucket: IBucket,
  prefixes: readonly string[],
  reason: string,
): void {
  const finding = nameInFindings(Stack.of(role), bucket);
  acknowledge(
    role,
    Object.fromEntries(prefixes.map((keys) => [`IAM5[Resource::${finding}/${keys}]`, reason])),
  );
}

const attribute = z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) });
const imported = z.object({ "Fn::ImportValue": z.string() });

/** cdk-nag names a bucket by its logical id, or in another stack by the export that carries its ARN there. */
function nameInFindings(stack: Stack, bucket: IBucket): string {
  const owner = Stack.of(bucket);
  if (owner !== stack) {
    // The same export that the reference itself makes.
    return imported.parse(stack.resolve(owner.exportValue(bucket.bucketArn)))["Fn::ImportValue"];
  }
  return `<${attribute.parse(stack.resolve(bucket.bucketArn))["Fn::GetAtt"].join(".")}>`;
}
