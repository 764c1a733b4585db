import { existsSync } from "node:fs";
import { App, Aws, Tags } from "aws-cdk-lib";
import { fail, ok, type Result } from "../../lib/result";
import { ApiStack } from "./api-stack";
import { DataStack } from "./data-stack";
import { EndpointStack } from "./endpoint-stack";
import { turnOnNag } from "./nag";
import { OpsStack } from "./ops-stack";
import { inProject } from "./project";
import { parseSettings } from "./settings";
import { stage } from "./stage";
import { TrainingStack } from "./training-stack";
import { WebStack, webRoleName } from "./web-stack";

/** How the CDK behaves here, whatever the folder it is called from. */
const FLAGS = {
  // What CloudFormation would refuse fails the synthesis.
  "@aws-cdk/core:validateAgainstDefaultRules": true,
  "@aws-cdk/aws-iam:minimizePolicies": true,
  "@aws-cdk/aws-s3:createDefaultLoggingPolicy": true,
  "@aws-cdk/aws-s3:publicAccessBlockedByDefault": true,
  "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": true,
  "@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard": true,
  "@aws-cdk/aws-apigateway:requestValidatorUniqueId": true,
};

type ApplicationOptions = {
  /** Settings (`settings.ts`); those of the CDK's command line take precedence. */
  context?: Record<string, unknown>;
  /** CDK_OUTDIR, or a temporary folder, where not given. */
  outdir?: string;
};

/** All stacks of Cytodesk. An error is a sentence for whoever deploys. */
export function createApp({ context, outdir }: ApplicationOptions = {}): Result<App, string> {
  if (!existsSync(inProject("dist/lambda/index.cjs"))) {
    return fail(
      "There is no dist/lambda/index.cjs: run `npm run aws:synth`, which bundles the Lambda first.",
    );
  }
  const app = new App({ context: { ...FLAGS, ...context }, outdir, analyticsReporting: false });
  const parsed = parseSettings((name) => app.node.tryGetContext(name));
  if (!parsed.ok) return parsed;
  const settings = parsed.value;

  Tags.of(app).add("project", "cytodesk");
  turnOnNag(app);
  const { bucket } = new DataStack(app, "CytodeskData", {
    description: "Cytodesk: dataset, models and training output",
    staged: stage(),
    destroyData: settings.destroyData,
    hasBatches: settings.batch === "sagemaker",
  });
  const { image, stateMachine } = new TrainingStack(app, "CytodeskTraining", {
    description: "Cytodesk: the model's image and its training",
    bucket,
  });
  const endpoint = new EndpointStack(app, `CytodeskEndpoint-${settings.endpoint}`, {
    description: "Cytodesk: the model behind a SageMaker endpoint",
    bucket,
    image,
    settings,
  });
  const hasWeb = settings.web === "ec2";
  const api = new ApiStack(app, "CytodeskApi", {
    description: "Cytodesk: API Gateway and Lambda",
    settings,
    webRoleArn: hasWeb ? `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${webRoleName()}` : undefined,
    outputs: { BucketName: bucket.bucketName, StateMachineArn: stateMachine.stateMachineArn },
  });
  // They know each other by name only.
  api.addStackDependency(endpoint);
  const ops = new OpsStack(app, "CytodeskOps", {
    description: "Cytodesk: alarms, dashboard and budget",
    settings,
  });
  ops.addStackDependency(api);
  if (hasWeb) {
    new WebStack(app, "CytodeskWeb", {
      description: "Cytodesk: the web application",
      api,
      batchBucket: settings.batch === "sagemaker" ? bucket : undefined,
      allowedIps: settings.webAllowedIps ?? [],
      destroyData: settings.destroyData,
    });
  }
  return ok(app);
}
