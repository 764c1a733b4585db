import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { App, Aws, Tags } from "aws-cdk-lib";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { words } from "../../tables/current";
import { ApiStack } from "./api-stack";
import { customerVpc } from "./customer-vpc";
import { DataStack } from "./data-stack";
import { EndpointStack } from "./endpoint-stack";
import { turnOnNag } from "./nag";
import { OpsStack } from "./ops-stack";
import { inProject, namesOf, TAG } from "./project";
import { parseSettings } from "./settings";
import { stage } from "./stage";
import { TrainingStack } from "./training-stack";
import { WebStack } from "./web/ec2-stack";
import { FargateStack } from "./web/fargate-stack";

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

/** In the context beside the settings: the key of the model that is served, where it is not the committed one. */
const MODEL_KEY = "modelKey";
const servedModelKey = z
  .string()
  .regex(/^[\w./-]+\.tar\.gz$/)
  .optional();

/** In the context beside the settings: "none" for templates to be read, which needs no release of the web application. */
const RELEASE = "release";
const PACKED = "dist/release/release.tgz";

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
  const modelKey = servedModelKey.safeParse(app.node.tryGetContext(MODEL_KEY));
  if (!modelKey.success) return fail(`${MODEL_KEY} is no key of a model in the bucket.`);
  const hasWeb = settings.web === "ec2";
  const isPacked = app.node.tryGetContext(RELEASE) !== "none";
  if (settings.web !== "none" && isPacked && !existsSync(inProject(PACKED)))
    return fail(`There is no ${PACKED}: run npm run release.`);
  const staged = stage();

  const names = namesOf(settings.stage);
  Tags.of(app).add(TAG, names.id);
  turnOnNag(app);
  const { bucket } = new DataStack(app, names.stack("Data"), {
    description: `${words.app.name}: dataset, models and training output`,
    names,
    staged,
    modelKey: modelKey.data ?? staged.modelKey,
    destroyData: settings.destroyData,
    customerKey: settings.customerKey,
    hasBatches: settings.batch === "sagemaker" || settings.web === "fargate",
  });
  const { image, stateMachine } = new TrainingStack(app, names.stack("Training"), {
    description: `${words.app.name}: the model's image and its training`,
    names,
    bucket,
    vpc: customerVpc(settings),
    customerKey: settings.customerKey,
  });
  const endpoint = new EndpointStack(app, names.stack(`Endpoint-${settings.endpoint}`), {
    description: `${words.app.name}: the model behind a SageMaker endpoint`,
    names,
    bucket,
    image,
    settings,
  });
  const api = new ApiStack(app, names.stack("Api"), {
    description: `${words.app.name}: API Gateway and Lambda`,
    names,
    settings,
    webRoleArn: hasWeb
      ? `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${names.webRole(Aws.REGION)}`
      : undefined,
    outputs: { BucketName: bucket.bucketName, StateMachineArn: stateMachine.stateMachineArn },
  });
  // They know each other by name only.
  api.addStackDependency(endpoint);
  const ops = new OpsStack(app, names.stack("Ops"), {
    description: `${words.app.name}: alarms, dashboard and budget`,
    names,
    settings,
  });
  ops.addStackDependency(api);
  if (hasWeb) {
    const web = new WebStack(app, names.stack("Web"), {
      description: `${words.app.name}: the web application`,
      names,
      bucket,
      batchBucket: settings.batch === "sagemaker" ? bucket : undefined,
      customerKey: settings.customerKey,
      release: inProject(isPacked ? PACKED : "aws/web/refresh.sh"),
      allowedIps: settings.webAllowedIps,
      destroyData: settings.destroyData,
    });
    // It reads what the API's parameters say.
    web.addStackDependency(api);
    web.addStackDependency(ops);
  }
  if (settings.web === "fargate") {
    const web = new FargateStack(app, names.stack("Web-fargate"), {
      description: `${words.app.name}: the web application in two zones`,
      names,
      settings,
      bucket,
      release: dirname(inProject(isPacked ? PACKED : "aws/web/Dockerfile")),
    });
    // They know each other by name only, and it reads where alarms tell.
    web.addStackDependency(endpoint);
    web.addStackDependency(ops);
  }
  return ok(app);
}
