import { ArnFormat, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { PredefinedMetric, ScalableTarget, ServiceNamespace } from "aws-cdk-lib/aws-applicationautoscaling";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { DockerImageAsset } from "aws-cdk-lib/aws-ecr-assets";
import { Key } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from "aws-cdk-lib/aws-sagemaker";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { attachSageMaker, type CustomerVpc, customerVpc } from "./customer-vpc";
import { acknowledge, acknowledgeKeys } from "./nag";
import { BATCH_PREFIX, type Names, SERVERLESS_CONCURRENCY } from "./project";
import { allow, bucketKey, JOBS_BY_KEY, pullImage, READ_BY_KEY, roleFor } from "./roles";
import { type Settings, scales } from "./settings";

/** The only variant of either endpoint, and part of every metric's name. */
export const VARIANT = "AllTraffic";

// One prediction takes well under a millisecond of a processor; this leaves room for requests of many rows.
const INVOCATIONS_PER_INSTANCE_A_MINUTE = 6_000;

/** How long the old instances stay after the new ones took over, to go back to. */
const BAKING = Duration.minutes(10);

type EndpointStackProps = StackProps & {
  names: Names;
  bucket: IBucket;
  image: DockerImageAsset;
  settings: Pick<
    Settings,
    | "endpoint"
    | "instanceType"
    | "maxInstances"
    | "batch"
    | "customerKey"
    | "vpcSubnets"
    | "vpcSecurityGroups"
  >;
};

/** The model behind a SageMaker endpoint, serverless or on instances. */
export class EndpointStack extends Stack {
  constructor(scope: Construct, id: string, options: EndpointStackProps) {
    const { names, bucket, image, settings, ...props } = options;
    super(scope, id, props);
    const { endpoint: mode, instanceType, maxInstances } = settings;
    const name = names.endpoint(mode);
    const isServerless = mode === "serverless";
    const hasBatches = settings.batch === "sagemaker";
    const vpc = customerVpc(settings);
    const role = this.executionRole(bucket, image, name, hasBatches, {
      vpc,
      keyArn: bucketKey(this, names, settings.customerKey),
    });
    // Read when the stack is deployed, so that a trained model is served by setting the parameter and deploying again.
    const modelKey = StringParameter.valueForStringParameter(this, names.parameter("model-key"));
    const model = new CfnModel(this, "Model", {
      executionRoleArn: role.roleArn,
      primaryContainer: {
        image: image.imageUri,
        modelDataUrl: `s3://${bucket.bucketName}/${modelKey}`,
        // A serverless endpoint passes on 4 MB.
        environment: isServerless ? { MAX_ANSWER_MB: "4" } : undefined,
      },
      // The container needs no network; serverless endpoints do not have the setting.
      enableNetworkIsolation: isServerless ? undefined : true,
      // Batches run in it too: a transform job has its model's.
      vpcConfig: vpc,
    });
    // SageMaker checks that it can read image and model when the model is made.
    model.node.addDependency(role);

    if (hasBatches) {
      new StringParameter(this, "ModelName", {
        parameterName: names.parameter("model-name"),
        stringValue: model.attrModelName,
        description: "SageMaker's model that answers Cytodesk's batches",
      });
    }

    const variant = {
      variantName: VARIANT,
      modelName: model.attrModelName,
      initialVariantWeight: 1,
    };
    const config = isServerless
      ? new CfnEndpointConfig(this, "Config", {
          productionVariants: [
            {
              ...variant,
              serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: SERVERLESS_CONCURRENCY },
            },
          ],
        })
      : new CfnEndpointConfig(this, "Config", {
          productionVariants: [{ ...variant, instanceType, initialInstanceCount: 1 }],
          kmsKeyId: new Key(this, "VolumeKey", {
            description: "Encrypts the volumes of Cytodesk's endpoint",
            enableKeyRotation: true,
            // The volumes hold nothing that is not also in the bucket.
            removalPolicy: RemovalPolicy.DESTROY,
          }).keyArn,
        });
    const endpoint = new CfnEndpoint(this, "Endpoint", {
      endpointName: name,
      endpointConfigName: config.attrEndpointConfigName,
      // SageMaker has this for instances only.
      deploymentConfig: isServerless ? undefined : this.rollingBack(name),
    });
    if (!isServerless && scales(instanceType)) this.scale(endpoint, maxInstances);
  }

  /**
   * New instances take over at once, since a part of one instance cannot; where an alarm goes off while the old ones are
   * still there, these take over again. The alarms are this stack's, as an update may name only alarms that exist.
   * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-all-at-once.html
   */
  private rollingBack(endpoint: string): CfnEndpoint.DeploymentConfigProperty {
    const alarm = (id: string, metricName: string, statistic: string, threshold: number) =>
      new Alarm(this, id, {
        alarmName: `${endpoint}-${id}`,
        alarmDescription: "An update of the endpoint goes back to the model before while this is in alarm.",
        metric: new Metric({
          namespace: "AWS/SageMaker",
          metricName,
          dimensionsMap: { EndpointName: endpoint, VariantName: VARIANT },
          statistic,
          period: Duration.minutes(1),
        }),
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    const alarms = [
      alarm("update-5xx", "Invocation5XXErrors", "Sum", 1),
      // In microseconds.
      alarm("update-latency", "ModelLatency", "p95", 1_000_000),
    ];
    return {
      autoRollbackConfiguration: { alarms: alarms.map(({ alarmName }) => ({ alarmName })) },
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: "ALL_AT_ONCE" },
        terminationWaitInSeconds: BAKING.toSeconds(),
        maximumExecutionTimeoutInSeconds: Duration.hours(1).toSeconds(),
      },
    };
  }

  private scale(endpoint: CfnEndpoint, maxInstances: number): void {
    const target = new ScalableTarget(this, "Scaling", {
      serviceNamespace: ServiceNamespace.SAGEMAKER,
      resourceId: `endpoint/${endpoint.endpointName}/variant/${VARIANT}`,
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      minCapacity: 1,
      maxCapacity: maxInstances,
    });
    target.node.addDependency(endpoint);
    target.scaleToTrackMetric("Invocations", {
      predefinedMetric: PredefinedMetric.SAGEMAKER_VARIANT_INVOCATIONS_PER_INSTANCE,
      targetValue: INVOCATIONS_PER_INSTANCE_A_MINUTE,
    });
  }

  private executionRole(
    bucket: IBucket,
    image: DockerImageAsset,
    name: string,
    hasBatches: boolean,
    { vpc, keyArn }: { vpc: CustomerVpc | undefined; keyArn: string | undefined },
  ) {
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `/aws/sagemaker/Endpoints/${name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const readable = ["models/*", "training/*"];
    const transformKeys = `${BATCH_PREFIX}/*/transform/*`;
    const transformLog = this.formatArn({
      service: "logs",
      resource: "log-group",
      resourceName: "/aws/sagemaker/TransformJobs:*",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const role = roleFor(this, "Role", "sagemaker.amazonaws.com", "What Cytodesk's endpoint may do", {
      model: [
        allow(
          ["s3:GetObject"],
          readable.map((keys) => bucket.arnForObjects(keys)),
        ),
      ],
      run: [
        ...pullImage(image.repository),
        allow(
          ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          [logGroup.logGroupArn, ...(hasBatches ? [transformLog] : [])],
        ),
        allow(["cloudwatch:PutMetricData"], ["*"], {
          StringEquals: {
            "cloudwatch:namespace": hasBatches
              ? ["/aws/sagemaker/Endpoints", "/aws/sagemaker/TransformJobs"]
              : "/aws/sagemaker/Endpoints",
          },
        }),
      ],
      ...(vpc && { vpc: [attachSageMaker()] }),
      ...(keyArn && { key: [allow(hasBatches ? JOBS_BY_KEY : READ_BY_KEY, [keyArn])] }),
      // A transform job has the role of its model.
      ...(hasBatches && {
        batches: [
          allow(["s3:GetObject", "s3:PutObject"], [bucket.arnForObjects(transformKeys)]),
          allow(["s3:ListBucket"], [bucket.bucketArn]),
        ],
      }),
    });
    if (hasBatches) {
      acknowledge(role, {
        "IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/sagemaker/TransformJobs:*]":
          "All transform jobs of an account have one log group; SageMaker names the streams in it.",
      });
      acknowledgeKeys(role, bucket, [transformKeys], "Each batch has its own folder, named when it is made.");
    }
    acknowledge(role, {
      "IAM5[Resource::*]":
        "ecr:GetAuthorizationToken, cloudwatch:PutMetricData and what SageMaker does in a VPC know no resources; metrics are held to SageMaker's namespace.",
    });
    acknowledgeKeys(
      role,
      bucket,
      readable,
      "A deployment chooses the served model among these by a parameter.",
    );
    return role;
  }
}
