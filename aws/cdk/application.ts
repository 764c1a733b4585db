import { existsSync } from "node:fs";
import { App, Aws, Tags } from "aws-cdk-lib";
import { fail, ok, type Result } from "../../lib/result";
import { words } from "../../tables/current";
import { ApiStack } from "./api-stack";
import { DataStack } from "./data-stack";
import { EndpointStack } from "./endpoint-stack";
import { turnOnNag } from "./nag";
import { OpsStack } from "./ops-stack";
import { inProject, SLUG, stackName } from "./project";
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

/** All stacks of the application. An error is a sentence for whoever deploys. */
export function createApp({ context, outdir }: ApplicationOptions = {}): Result<App, string> {
  const bundles = ["dist/lambda/index.cjs", "dist/container/index.cjs", "dist/container/Dockerfile"];
  const missing = bundles.find((file) => !existsSync(inProject(file)));
  if (missing !== undefined) {
    return fail(`There is no ${missing}: run \`npm run aws:synth\`, which bundles first.`);
  }
  const app = new App({ context: { ...FLAGS, ...context }, outdir, analyticsReporting: false });
  const parsed = parseSettings((name) => app.node.tryGetContext(name));
  if (!parsed.ok) return parsed;
  const settings = parsed.value;

  Tags.of(app).add("project", SLUG);
  turnOnNag(app);
  const { bucket } = new DataStack(app, stackName("Data"), {
    description: `${words.app.name}: dataset, models and training output`,
    staged: stage(),
    destroyData: settings.destroyData,
    hasBatches: settings.batch === "sagemaker",
  });
  const { image, stateMachine } = new TrainingStack(app, stackName("Training"), {
    description: `${words.app.name}: the model's image and its training`,
    bucket,
  });
  const endpoint = new EndpointStack(app, stackName(`Endpoint-${settings.endpoint}`), {
    description: `${words.app.name}: the model behind a SageMaker endpoint`,
    bucket,
    image,
    settings,
  });
  const hasWeb = settings.web === "ec2";
  const api = new ApiStack(app, stackName("Api"), {
    description: `${words.app.name}: API Gateway and Lambda`,
    settings,
    webRoleArn: hasWeb ? `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${webRoleName()}` : undefined,
    outputs: { BucketName: bucket.bucketName, StateMachineArn: stateMachine.stateMachineArn },
  });
  // They know each other by name only.
  api.addStackDependency(endpoint);
  const ops = new OpsStack(app, stackName("Ops"), {
    description: `${words.app.name}: alarms, dashboard and budget`,
    settings,
  });
  ops.addStackDependency(api);
  if (hasWeb) {
    new WebStack(app, stackName("Web"), {
      description: `${words.app.name}: the web application`,
      api,
      batchBucket: settings.batch === "sagemaker" ? bucket : undefined,
      allowedIps: settings.webAllowedIps ?? [],
      destroyData: settings.destroyData,
    });
  }
  return ok(app);
}
