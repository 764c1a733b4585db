import { Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { BucketDeployment, Source } from "aws-cdk-lib/aws-s3-deployment";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { words } from "../../tables/current";
import { acknowledge, acknowledgeKeys } from "./nag";
import { BATCH_PREFIX, type Names, NO_DATA_KEY } from "./project";
import { allow, roleFor, WRITE_BY_KEY, writeLog } from "./roles";
import type { Staged } from "./stage";

type DataStackProps = StackProps & {
  names: Names;
  staged: Staged;
  /** The model that is served, of those in the bucket. */
  modelKey: string;
  destroyData: boolean;
  customerKey: boolean;
  hasBatches: boolean;
};

/** The bucket of dataset, split, models and training output, filled with what is in this checkout. */
export class DataStack extends Stack {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, options: DataStackProps) {
    const { names, staged, modelKey, destroyData, customerKey, hasBatches, ...props } = options;
    super(scope, id, props);
    const removalPolicy = destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const guarded: BucketProps = {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy,
      autoDeleteObjects: destroyData,
    };
    const accessLogs = new Bucket(this, "AccessLogs", {
      ...guarded,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    acknowledge(accessLogs, {
      S1: "It is the access log itself; logging it into itself would never end.",
    });
    const key = customerKey
      ? new Key(this, "DataKey", {
          description: `Encrypts ${words.app.name}'s bucket`,
          enableKeyRotation: true,
          // As long as the bucket, which nobody can read without it.
          removalPolicy,
        })
      : undefined;
    this.bucket = new Bucket(this, "Data", {
      ...guarded,
      // The access logs above stay under S3's own: its log delivery writes by no other.
      ...(key && { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
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
    new StringParameter(this, "DataKeyArn", {
      parameterName: names.parameter("data-key"),
      stringValue: key?.keyArn ?? NO_DATA_KEY,
      description: "The KMS key of Cytodesk's bucket",
    });
    const deployment = this.upload(staged, key);

    const parameter = new StringParameter(this, "ModelKey", {
      parameterName: names.parameter("model-key"),
      stringValue: modelKey,
      description: "Key of the served model.tar.gz in Cytodesk's bucket",
    });
    // An endpoint that reads the parameter must find the model.
    parameter.node.addDependency(deployment);
  }

  private upload({ folder }: Staged, key: Key | undefined): BucketDeployment {
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
          ...(key ? [allow(WRITE_BY_KEY, [key.keyArn])] : []),
          writeLog(logGroup),
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
