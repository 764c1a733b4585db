import {
  ArnFormat,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Size,
  Stack,
  type StackProps,
  Tags,
} from "aws-cdk-lib";
import { VpcOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Alarm, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Ec2Action, Ec2InstanceAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { CfnLifecyclePolicy } from "aws-cdk-lib/aws-dlm";
import {
  BlockDeviceVolume,
  type CfnInstance,
  CfnVolumeAttachment,
  EbsDeviceVolumeType,
  HttpTokens,
  Instance,
  InstanceClass,
  InstanceSize,
  InstanceType,
  IpAddresses,
  LaunchTemplate,
  MachineImage,
  NatProvider,
  NatTrafficDirection,
  OperatingSystemType,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  UserData,
  Volume,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { ManagedPolicy, type Role } from "aws-cdk-lib/aws-iam";
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { words } from "../../../tables/current";
import { alarmsOf } from "../alarms";
import { STAGE_NAME } from "../api-stack";
import { acknowledge, acknowledgeKeys } from "../nag";
import { BACKUP_PREFIX, BATCH_PREFIX, inProject, type Names, type Parameter, TAG } from "../project";
import { allow, bucketKey, keepFiles, roleFor, WRITE_BY_KEY } from "../roles";
import { cloudFrontPrefixList } from "./cloudfront-prefix-list";
import { webDistribution } from "./distribution";
import { addFlowLog } from "./flow-log";
import { signInSecret } from "./sign-in-secret";
import { webUserData } from "./user-data";

const CIDR = "10.20.0.0/24";
const ARM_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

type RoleOptions = {
  names: Names;
  /** What it fetches. */
  assets: readonly Asset[];
  secret: Secret;
  bucket: IBucket;
  batchBucket: IBucket | undefined;
  /** The bucket's key, where that is the customer's. */
  keyArn: string | undefined;
};

type WebStackProps = StackProps & {
  names: Names;
  /** The file that `npm run release` packs. */
  release: string;
  /** Where `npm run aws:backup` puts copies of the database. */
  bucket: IBucket;
  /** Where batches are, where SageMaker answers them; else they are on the instance's volume. */
  batchBucket?: IBucket;
  customerKey: boolean;
  allowedIps?: readonly string[];
  destroyData: boolean;
};

/** The web application on one instance without a public address, behind CloudFront; aws/web/refresh.sh is what it does. */
export class WebStack extends Stack {
  constructor(scope: Construct, id: string, options: WebStackProps) {
    const { names, release, bucket, batchBucket, customerKey, allowedIps, destroyData, ...props } = options;
    super(scope, id, props);
    const packed = new Asset(this, "Packed", { path: release });
    const script = new Asset(this, "Script", { path: inProject("aws/web/refresh.sh") });
    const secret = signInSecret(this, destroyData);
    const image = new LaunchTemplate(this, "Image", {
      machineImage: MachineImage.resolveSsmParameterAtLaunch(ARM_IMAGE),
    });
    const vpc = this.network(image);
    const role = this.instanceRole({
      ...{ names, secret, bucket, batchBucket },
      assets: [packed, script],
      keyArn: bucketKey(this, names, customerKey),
    });
    const instance = this.instance(names, vpc, image, role);
    const distribution = webDistribution(this, {
      origin: (options) => VpcOrigin.withEc2Instance(instance, options),
      allowedIps,
      destroyData,
    });
    const settings = {
      HOST: distribution.distributionDomainName,
      SECRET: secret.secretArn,
      BATCHES: batchBucket === undefined ? "none" : `s3://${batchBucket.bucketName}/${BATCH_PREFIX}`,
      BACKUPS: `s3://${bucket.bucketName}/${BACKUP_PREFIX}`,
      TAG: `${TAG}=${names.id}`,
      LOG_GROUP: this.log(names).logGroupName,
      METRICS: names.metrics.namespace,
      SERVICE: names.metrics.service,
    };
    const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    const told = {
      "web-settings": pairs.join(" "),
      "web-release": packed.s3ObjectUrl,
      "web-script": script.s3ObjectUrl,
    };
    for (const [name, stringValue] of Object.entries(told))
      new StringParameter(this, name, { parameterName: names.parameter(name as Parameter), stringValue });
    this.recover(instance);
    this.alarms(names);
    new CfnOutput(this, "InstanceId", { value: instance.instanceId });
    new CfnOutput(this, "WebUrl", { value: `https://${distribution.distributionDomainName}/` });
  }

  /** The application's log, and of it the count of answers that failed. */
  private log(names: Names): LogGroup {
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: names.webLog,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new MetricFilter(this, "Failures", {
      logGroup,
      metricNamespace: names.metrics.namespace,
      metricName: names.metrics.webFailures,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue("$.event", "=", "request"),
        FilterPattern.numberValue("$.status", ">=", 500),
      ),
    });
    return logGroup;
  }

  /** What the instance says of itself every two minutes; where it says nothing, it is gone. */
  private alarms(names: Names): void {
    const alarm = alarmsOf(this, names);
    const said = (metricName: string, statistic: string) =>
      new Metric({
        namespace: names.metrics.namespace,
        metricName,
        dimensionsMap: { service: names.metrics.service },
        statistic,
        period: Duration.minutes(5),
      });
    alarm("web-down", said("WebReady", "Maximum"), "The web application is not ready.", {
      below: true,
      periods: 2,
    });
    alarm("web-disk", said("WebDiskUsed", "Maximum"), "The disk of the history is nearly full.", {
      threshold: 80,
    });
    const failures = new Metric({
      namespace: names.metrics.namespace,
      metricName: names.metrics.webFailures,
      statistic: "Sum",
      period: Duration.minutes(5),
    });
    alarm("web-5xx", failures, "The web application failed on requests.", { threshold: 5 });
  }

  /** Another machine below the same instance where AWS's own has failed; address and volumes stay. */
  private recover(instance: Instance): void {
    new Alarm(this, "Recover", {
      alarmDescription: "The machine below the web server failed; AWS moves it to another.",
      metric: new Metric({
        namespace: "AWS/EC2",
        metricName: "StatusCheckFailed_System",
        dimensionsMap: { InstanceId: instance.instanceId },
        statistic: "Maximum",
        period: Duration.minutes(1),
      }),
      threshold: 1,
      evaluationPeriods: 2,
    }).addAlarmAction(new Ec2Action(Ec2InstanceAction.RECOVER));
  }

  /** One public and one private subnet; the way out is an instance, at a tenth of a NAT gateway's price. */
  private network(image: LaunchTemplate): Vpc {
    const nat = NatProvider.instanceV2({
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
      machineImage: IMAGE_OF_TEMPLATE,
      defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
      userData: natUserData(),
    });
    const vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr(CIDR),
      maxAzs: 1,
      natGateways: 1,
      natGatewayProvider: nat,
      subnetConfiguration: [
        { name: "public", subnetType: SubnetType.PUBLIC, cidrMask: 26 },
        { name: "private", subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 26 },
      ],
      // Nothing is in the default security group; emptying it takes a function with rights over all of them.
      restrictDefaultSecurityGroup: false,
    });
    nat.securityGroup.addIngressRule(Peer.ipv4(CIDR), Port.HTTPS, "What the private subnet sends out");
    for (const gateway of nat.gatewayInstances) {
      const cfn = gateway.node.defaultChild as CfnInstance;
      launchFrom(image, gateway);
      gateway.role.addManagedPolicy(SESSIONS);
      acknowledge(gateway.role, SESSIONS_REASON);
      cfn.metadataOptions = { httpTokens: "required" };
      cfn.blockDeviceMappings = [{ deviceName: "/dev/xvda", ebs: { encrypted: true, volumeType: "gp3" } }];
      acknowledge(gateway, {
        EC28: "Metrics every five minutes are enough for a router; those of every minute cost as much as it does.",
        EC29: "It holds nothing: CloudFormation makes another whenever it is gone.",
      });
    }
    addFlowLog(this, vpc);
    return vpc;
  }

  private instance(names: Names, vpc: Vpc, image: LaunchTemplate, role: Role): Instance {
    const subnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    const volume = new Volume(this, "Database", {
      availabilityZone: vpc.selectSubnets(subnets).availabilityZones[0] as string,
      size: Size.gibibytes(8),
      volumeType: EbsDeviceVolumeType.GP3,
      encrypted: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.snapshots(names, volume);
    const securityGroup = new SecurityGroup(this, "InstanceAccess", {
      vpc,
      description: "HTTP from CloudFront to Cytodesk, HTTPS out",
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.prefixList(cloudFrontPrefixList(this)), Port.HTTP, "CloudFront");
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS and the distribution's packages");

    const instance = new Instance(this, "Instance", {
      vpc,
      vpcSubnets: subnets,
      securityGroup,
      role,
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.SMALL),
      machineImage: IMAGE_OF_TEMPLATE,
      httpTokens: HttpTokens.REQUIRED,
      blockDevices: [
        {
          deviceName: "/dev/xvda",
          volume: BlockDeviceVolume.ebs(16, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
        },
      ],
      userData: webUserData({
        region: this.region,
        volumeId: volume.volumeId,
        parameters: names.parameter(""),
      }),
    });
    launchFrom(image, instance);
    acknowledge(instance, {
      EC28: "Metrics every five minutes are enough for one small instance without scaling.",
      EC29: "The history is on a volume of its own that is kept; the instance can be made anew.",
    });
    // CloudFront reaches only VPCs that have an internet gateway, though it does not go through it.
    instance.node.addDependency(vpc.internetConnectivityEstablished);
    new CfnVolumeAttachment(this, "DatabaseAttachment", {
      instanceId: instance.instanceId,
      volumeId: volume.volumeId,
      device: "/dev/sdf",
    });
    return instance;
  }

  /** A snapshot of the volume each night, of the last two weeks. */
  private snapshots(names: Names, volume: Volume): void {
    const tag = { key: "snapshots", value: `${names.id}-nightly` };
    Tags.of(volume).add(tag.key, tag.value);
    const role = roleFor(
      this,
      "SnapshotRole",
      "dlm.amazonaws.com",
      "Makes and removes snapshots of Cytodesk's volume",
      {},
      {
        managedPolicies: [
          ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSDataLifecycleManagerServiceRole"),
        ],
      },
    );
    acknowledge(role, {
      "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole]":
        "AWS names this policy for the service that makes the snapshots.",
    });
    new CfnLifecyclePolicy(this, "Snapshots", {
      description: `Nightly snapshots of the volume of ${names.id}`.replaceAll(/[^0-9A-Za-z _-]/g, ""),
      state: "ENABLED",
      executionRoleArn: role.roleArn,
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: [tag],
        schedules: [
          {
            name: "Nightly",
            createRule: { interval: 24, intervalUnit: "HOURS", times: ["03:00"] },
            retainRule: { count: 14 },
            copyTags: true,
          },
        ],
      },
    });
  }

  private instanceRole(options: RoleOptions): Role {
    const { names, assets, secret, bucket, batchBucket, keyArn } = options;
    const parameters = (...which: Parameter[]) =>
      which.map((name) =>
        this.formatArn({
          service: "ssm",
          resource: "parameter",
          resourceName: names.parameter(name).slice(1),
        }),
      );
    const told = (name: Parameter) => StringParameter.valueForStringParameter(this, names.parameter(name));
    const predict = this.formatArn({
      service: "execute-api",
      resource: told("api-id"),
      resourceName: `${STAGE_NAME}/POST/predict`,
    });
    const key = this.formatArn({
      service: "apigateway",
      account: "",
      resource: "/apikeys",
      resourceName: told("api-key-id"),
    });
    const transformJobs = this.formatArn({
      service: "sagemaker",
      resource: "transform-job",
      resourceName: `${words.app.slug}-*`,
    });
    const batchKeys = `${BATCH_PREFIX}/*`;
    const backupKeys = `${BACKUP_PREFIX}/*`;
    const role = roleFor(
      this,
      "InstanceRole",
      "ec2.amazonaws.com",
      "What Cytodesk's instance may do",
      {
        predict: [allow(["execute-api:Invoke"], [predict]), allow(["apigateway:GET"], [key])],
        release: [
          allow(["ssm:GetParameter"], parameters("web-script")),
          allow(["ssm:GetParameters"], parameters(...READ)),
          allow(["ssm:PutParameter"], parameters("web-running")),
          allow(["secretsmanager:GetSecretValue"], [secret.secretArn]),
          allow(
            ["s3:GetObject"],
            assets.map((asset) => asset.bucket.arnForObjects(asset.s3ObjectKey)),
          ),
        ],
        backup: [
          allow(["s3:PutObject", "s3:GetObject"], [bucket.arnForObjects(backupKeys)]),
          allow(["s3:ListBucket"], [bucket.bucketArn], { StringLike: { "s3:prefix": backupKeys } }),
        ],
        ...(keyArn && { key: [allow(WRITE_BY_KEY, [keyArn])] }),
        observe: [
          allow(
            ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [
              this.formatArn({
                service: "logs",
                resource: "log-group",
                resourceName: `${names.webLog}:*`,
                arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              }),
            ],
          ),
          allow(["cloudwatch:PutMetricData"], ["*"], {
            StringEquals: { "cloudwatch:namespace": names.metrics.namespace },
          }),
        ],
        ...(batchBucket !== undefined && {
          batches: [
            ...keepFiles(batchBucket, batchKeys),
            allow(
              [
                "sagemaker:CreateTransformJob",
                "sagemaker:DescribeTransformJob",
                "sagemaker:StopTransformJob",
              ],
              [transformJobs],
            ),
            allow(["sagemaker:AddTags"], [transformJobs], {
              StringEquals: { "sagemaker:TaggingAction": "CreateTransformJob" },
            }),
          ],
        }),
      },
      {
        roleName: names.webRole(this.region),
        managedPolicies: [SESSIONS],
      },
    );
    acknowledge(role, {
      ...SESSIONS_REASON,
      "IAM5[Resource::*]":
        "Only cloudwatch:PutMetricData, for which AWS knows no resources, into one namespace.",
      [`IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:${names.webLog}:*]`]:
        "The streams of the application's log.",
    });
    acknowledgeKeys(role, bucket, [backupKeys], "Each copy has its own folder, named after its time.");
    if (batchBucket !== undefined) {
      acknowledge(role, {
        [`IAM5[Resource::arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:transform-job/${words.app.slug}-*]`]:
          "A job is named after its batch, behind this word.",
      });
      acknowledgeKeys(
        role,
        batchBucket,
        [batchKeys],
        "Each batch has its own folder, named when it is made.",
      );
    }
    return role;
  }
}

/** The construct asks for an image; `launchFrom` takes what it puts into the template out again. */
const IMAGE_OF_TEMPLATE = {
  getImage: () => ({
    imageId: "ami-00000000000000000",
    osType: OperatingSystemType.LINUX,
    userData: UserData.forLinux(),
  }),
};

/**
 * Takes an instance's image from a template, where it is looked up at the launch. In the instance's own property each new
 * image would replace it, and neither its volume nor CloudFront's origin can move to the next one while in use.
 */
function launchFrom(template: LaunchTemplate, instance: Instance): void {
  const cfn = instance.node.defaultChild as CfnInstance;
  // The first version, whatever becomes of the template's tags.
  cfn.launchTemplate = { launchTemplateId: template.launchTemplateId, version: "1" };
  cfn.addPropertyDeletionOverride("ImageId");
}

/** A shell by Session Manager instead of SSH and an open port. */
const SESSIONS = ManagedPolicy.fromAwsManagedPolicyName("AmazonSSMManagedInstanceCore");
const SESSIONS_REASON = {
  "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]":
    "A shell by Session Manager instead of SSH and an open port; AWS keeps this policy in step with its agent.",
};

/** What the script of aws/web/refresh.sh asks for at once. */
const READ = [
  ...["web-settings", "web-release", "web-running"],
  ...["model-url", "api-key-id", "model-name", "data-key"],
] as const satisfies readonly Parameter[];

/**
 * Hands on what the private subnet sends out. Its packages may be out of reach for a while after the start: the CDK's own
 * commands would go on without them, and nothing would ever get out. https://github.com/aws/aws-cdk/issues/36717
 */
function natUserData(): UserData {
  const userData = UserData.forLinux();
  userData.addCommands(
    "set -uxo pipefail",
    "until dnf install -y iptables-services; do sleep 10; done",
    "echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-forward.conf",
    "sysctl -p /etc/sysctl.d/90-forward.conf",
    "systemctl enable --now iptables",
    "out=$(ip -o route show default | awk '{ print $5; exit }')",
    'iptables -t nat -A POSTROUTING -o "$out" -j MASQUERADE',
    "iptables -F FORWARD",
    "service iptables save",
  );
  return userData;
}
