import { Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { BucketDeployment, Source } from "aws-cdk-lib/aws-s3-deployment";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { acknowledge, acknowledgeKeys } from "./nag";
import { BATCH_PREFIX, type Names } from "./project";
import { allow, roleFor } from "./roles";
import type { Staged } from "./stage";

type DataStackProps = StackProps & {
  names: Names;
  staged: Staged;
  /** The model that is served, of those in the bucket. */
  modelKey: string;
  destroyData: boolean;
  hasBatches: boolean;
};

/** The bucket of dataset, split, models and training output, filled with what is in this checkout. */
export class DataStack extends Stack {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, options: DataStackProps) {
    const { names, staged, modelKey, destroyData, hasBatches, ...props } = options;
    super(scope, id, props);
    const guarded: BucketProps = {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      autoDeleteObjects: destroyData,
    };
    const accessLogs = new Bucket(this, "AccessLogs", {
      ...guarded,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    acknowledge(accessLogs, {
      S1: "It is the access log itself; logging it into itself would never end.",
    });
    this.bucket = new Bucket(this, "Data", {
      ...guarded,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: "data/",
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
        // What people have deleted must not live on as an older version.
        ...(hasBatches
          ? [{ prefix: `${BATCH_PREFIX}/`, noncurrentVersionExpiration: Duration.days(1) }]
          : []),
      ],
    });
    const deployment = this.upload(staged);

    const parameter = new StringParameter(this, "ModelKey", {
      parameterName: names.parameter("model-key"),
      stringValue: modelKey,
      description: "Key of the served model.tar.gz in Cytodesk's bucket",
    });
    // An endpoint that reads the parameter must find the model.
    parameter.node.addDependency(deployment);
  }

  private upload({ folder }: Staged): BucketDeployment {
    const asset = new Asset(this, "Staged", { path: folder });
    const logGroup = new LogGroup(this, "UploadLog", {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const prefixes = ["dataset/*", "split/*", "models/*"];
    const written = prefixes.map((keys) => this.bucket.arnForObjects(keys));
    const role = roleFor(
      this,
      "UploadRole",
      "lambda.amazonaws.com",
      "Copies dataset and model to the bucket",
      {
        upload: [
          allow(["s3:GetObject"], [asset.bucket.arnForObjects(asset.s3ObjectKey)]),
          allow(["s3:ListBucket"], [this.bucket.bucketArn]),
          allow(["s3:PutObject"], written),
          allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]),
        ],
      },
    );
    acknowledgeKeys(
      role,
      this.bucket,
      prefixes,
      "The deployment writes whatever files are staged below these prefixes; their names are not known here.",
    );
    const deployment = new BucketDeployment(this, "Upload", {
      sources: [Source.bucket(asset.bucket, asset.s3ObjectKey)],
      destinationBucket: this.bucket,
      // Models of earlier deployments and of trainings stay.
      prune: false,
      memoryLimit: 512,
      role: role.withoutPolicyUpdates(),
      logGroup,
    });
    for (const handler of this.node.children) {
      if (!handler.node.id.startsWith("Custom::CDKBucketDeployment")) continue;
      acknowledge(handler, {
        L1: "The CDK ships this function's code and chooses the Python it is tested with.",
      });
    }
    return deployment;
  }
}
