import { Aws, CfnOutput, Duration, Fn, RemovalPolicy, Size, Stack, type StackProps } from "aws-cdk-lib";
import { InstanceType } from "aws-cdk-lib/aws-ec2";
import { DockerImageAsset, Platform } from "aws-cdk-lib/aws-ecr-assets";
import { Key } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { CfnModelPackageGroup } from "aws-cdk-lib/aws-sagemaker";
import {
  DefinitionBody,
  IntegrationPattern,
  JsonPath,
  LogLevel,
  type QueryLanguage,
  StateMachine,
} from "aws-cdk-lib/aws-stepfunctions";
import {
  DockerImage,
  S3Location,
  SageMakerCreateTrainingJob,
  type SageMakerCreateTrainingJobProps,
} from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { attachSageMaker, type CustomerVpc } from "./customer-vpc";
import { acknowledge, acknowledgeKeys } from "./nag";
import { imageBuilder, inProject, JOB_INSTANCE, type Names, TAG } from "./project";
import { allow, bucketKey, JOBS_BY_KEY, pullImage, roleFor, writeTraces } from "./roles";

/** What the container prints of the validation channel, one `validation:<name>=<figure>` a line. */
const METRICS = ["accuracy", "rocAuc", "logLoss", "brier", "sensitivity", "specificity"];

const MAX_RUN = Duration.hours(1);

type TrainingStackProps = StackProps & {
  names: Names;
  bucket: IBucket;
  vpc?: CustomerVpc;
  customerKey?: boolean;
};
/** Where its jobs run, and by which key they write. */
type Place = { vpc: CustomerVpc | undefined; keyArn: string | undefined };

/**
 * The model's image and a state machine that trains in it. An execution's input names the job and the keys of its
 * channels: `{"jobName": "cytodesk-1", "train": "split/train/", "validation": "split/validation/"}`.
 */
export class TrainingStack extends Stack {
  readonly image: DockerImageAsset;
  readonly stateMachine: StateMachine;

  constructor(
    scope: Construct,
    id: string,
    { names, bucket, vpc, customerKey = false, ...props }: TrainingStackProps,
  ) {
    super(scope, id, props);
    this.image = new DockerImageAsset(this, "Image", {
      // The bundle and the Dockerfile alone, so that a change elsewhere builds no new image.
      directory: inProject("dist/container"),
      // SageMaker's serverless endpoints and small instances are x86.
      platform: Platform.LINUX_AMD64,
      // SageMaker refuses an OCI manifest: https://github.com/aws/amazon-sagemaker-feedback/issues/180
      // Buildah and podman would write this one into a folder of that name; they read BUILDAH_FORMAT (cli.ts).
      outputs: /(?:buildah|podman)(?:\.exe)?$/.test(imageBuilder()) ? undefined : ["type=docker"],
      invalidation: { outputs: false },
    });
    this.stateMachine = this.trainingMachine(names, bucket, {
      vpc,
      keyArn: bucketKey(this, names, customerKey),
    });
    this.modelRegistry(names);
  }

  /** Where `aws:train` registers what it has compared. It stays when the stack goes, since SageMaker deletes no group with versions. */
  private modelRegistry(names: Names): void {
    // Named after this stack's creation, so that a stack made anew does not meet the group that stayed.
    const creation = Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))));
    const group = new CfnModelPackageGroup(this, "Models", {
      modelPackageGroupName: `${names.id}-${creation}`,
      modelPackageGroupDescription: "Trained models with their figures, and whether they may be served",
    });
    group.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new CfnOutput(this, "ModelPackageGroup", { value: group.modelPackageGroupName });
  }

  private trainingMachine(names: Names, bucket: IBucket, place: Place): StateMachine {
    const trainingRole = this.trainingRole(bucket, place);
    const encryptionKey =
      place.keyArn === undefined ? undefined : Key.fromKeyArn(this, "DataKey", place.keyArn);
    const channel = (channelName: string) => ({
      channelName,
      contentType: "text/csv",
      dataSource: {
        s3DataSource: { s3Location: new KeysOf(bucket, JsonPath.stringAt(`$.${channelName}`)) },
      },
    });
    const train = new TrainingJob(this, "Train", place.vpc, {
      integrationPattern: IntegrationPattern.RUN_JOB,
      trainingJobName: JsonPath.stringAt("$.jobName"),
      // The construct would add whole-account rights to a role it may change.
      role: trainingRole.withoutPolicyUpdates(),
      enableNetworkIsolation: true,
      // A job is no resource of the stack, whose tag it would have; the budget counts by it.
      tags: { [TAG]: names.id },
      algorithmSpecification: {
        trainingImage: DockerImage.fromRegistry(this.image.imageUri),
        metricDefinitions: METRICS.map((name) => ({
          name: `validation:${name}`,
          regex: `validation:${name}=([0-9.]+)`,
        })),
      },
      inputDataConfig: [channel("train"), channel("validation")],
      // Without a key SageMaker writes by the account's own, whatever the bucket's is.
      outputDataConfig: { s3OutputLocation: new KeysOf(bucket, "training/"), encryptionKey },
      resourceConfig: {
        instanceCount: 1,
        instanceType: new InstanceType(JOB_INSTANCE.replace("ml.", "")),
        volumeSize: Size.gibibytes(5),
        volumeEncryptionKey: encryptionKey,
      },
      stoppingCondition: { maxRuntime: MAX_RUN },
    });
    const logGroup = new LogGroup(this, "TrainingLog", {
      // Step Functions' resource policy names log groups below this prefix once for all.
      logGroupName: `/aws/vendedlogs/states/${names.id}-training`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const trainingJobs = this.formatArn({
      service: "sagemaker",
      resource: "training-job",
      resourceName: "*",
    });
    const role = roleFor(this, "MachineRole", "states.amazonaws.com", "Starts Cytodesk's training jobs", {
      train: [
        allow(
          [
            "sagemaker:CreateTrainingJob",
            "sagemaker:DescribeTrainingJob",
            "sagemaker:StopTrainingJob",
            "sagemaker:ListTags",
            "sagemaker:AddTags",
          ],
          [trainingJobs],
        ),
        allow(["iam:PassRole"], [trainingRole.roleArn], {
          StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" },
        }),
        // How Step Functions learns that a job has ended; the rule's name is AWS's.
        allow(
          ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
          [
            this.formatArn({
              service: "events",
              resource: "rule",
              resourceName: "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
            }),
          ],
        ),
      ],
      observe: [
        allow(
          [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
          ],
          ["*"],
        ),
        writeTraces(),
        allow(["xray:GetSamplingRules", "xray:GetSamplingTargets"], ["*"]),
      ],
    });
    acknowledge(role, {
      "IAM5[Resource::*]":
        "Log deliveries and X-Ray are not resources that a policy can name: AWS documents * for these actions.",
      "IAM5[Resource::arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:training-job/*]":
        "Each execution names its own job, so the names are not known here; the role that a job runs with is.",
    });
    return new StateMachine(this, "Machine", {
      stateMachineName: `${names.id}-training`,
      definitionBody: DefinitionBody.fromChainable(train),
      // Longer than a job may run, for the time it waits for an instance.
      timeout: MAX_RUN.plus(Duration.minutes(30)),
      role: role.withoutPolicyUpdates(),
      // Names of jobs and keys, no measurements.
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
      tracingEnabled: true,
    });
  }

  private trainingRole(bucket: IBucket, { vpc, keyArn }: Place) {
    const logs = this.formatArn({ service: "logs", resource: "log-group:/aws/sagemaker/TrainingJobs:*" });
    const read = ["dataset/*", "split/*"];
    const written = ["models/*", "training/*"];
    const role = roleFor(this, "TrainingRole", "sagemaker.amazonaws.com", "What a training job may do", {
      data: [
        allow(["s3:ListBucket"], [bucket.bucketArn], { StringLike: { "s3:prefix": read } }),
        allow(
          ["s3:GetObject"],
          read.map((keys) => bucket.arnForObjects(keys)),
        ),
        allow(
          ["s3:PutObject", "s3:AbortMultipartUpload"],
          written.map((keys) => bucket.arnForObjects(keys)),
        ),
      ],
      run: [
        ...pullImage(this.image.repository),
        allow(
          ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          [logs],
        ),
        allow(["cloudwatch:PutMetricData"], ["*"], {
          StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/TrainingJobs" },
        }),
      ],
      ...(vpc && { vpc: [attachSageMaker()] }),
      ...(keyArn && { key: [allow(JOBS_BY_KEY, [keyArn])] }),
    });
    acknowledge(role, {
      "IAM5[Resource::*]":
        "ecr:GetAuthorizationToken, cloudwatch:PutMetricData and what SageMaker does in a VPC know no resources; metrics are held to SageMaker's namespace.",
      "IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/sagemaker/TrainingJobs:*]":
        "SageMaker writes every training job to this one group, in a stream it names.",
    });
    acknowledgeKeys(
      role,
      bucket,
      [...read, ...written],
      "A job reads what its input names of dataset and split, and writes model and output below its own name.",
    );
    return role;
  }
}

/** A job in a VPC that is known by ids alone; the construct's own property would make a security group, and look up the rest. */
class TrainingJob extends SageMakerCreateTrainingJob {
  constructor(
    scope: Construct,
    id: string,
    private readonly place: CustomerVpc | undefined,
    props: SageMakerCreateTrainingJobProps,
  ) {
    super(scope, id, props);
  }

  protected override _renderTask(language?: QueryLanguage) {
    const task = super._renderTask(language);
    if (this.place === undefined) return task;
    const VpcConfig = { Subnets: this.place.subnets, SecurityGroupIds: this.place.securityGroupIds };
    return { ...task, Parameters: { ...task.Parameters, VpcConfig } };
  }
}

/** Keys of one bucket, which grants nothing by being named: the job's role says what it may read and write. */
class KeysOf extends S3Location {
  constructor(
    private readonly bucket: IBucket,
    private readonly keys: string,
  ) {
    super();
  }

  bind() {
    const uri = JsonPath.isEncodedJsonPath(this.keys)
      ? JsonPath.format(`s3://{}/{}`, this.bucket.bucketName, this.keys)
      : `s3://${this.bucket.bucketName}/${this.keys}`;
    return { uri };
  }
}
