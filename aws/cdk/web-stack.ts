import { readFileSync } from "node:fs";
import { CfnOutput, IgnoreMode, RemovalPolicy, Size, Stack, type StackProps } from "aws-cdk-lib";
import { VpcOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import {
  BlockDeviceVolume,
  type CfnInstance,
  CfnVolumeAttachment,
  EbsDeviceVolumeType,
  FlowLogDestination,
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
import { ManagedPolicy } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { AwsCustomResource, PhysicalResourceId } from "aws-cdk-lib/custom-resources";
import type { Construct } from "constructs";
import { words } from "../../tables/current";
import { STAGE_NAME } from "./api-stack";
import { acknowledge, acknowledgeKeys } from "./nag";
import { BACKUP_PREFIX, BATCH_PREFIX, inProject, type Names, type Parameter, PROJECT_ROOT } from "./project";
import { allow, roleFor } from "./roles";
import { webDistribution } from "./web-distribution";
import { webUserData } from "./web-user-data";

const CIDR = "10.20.0.0/24";
const ARM_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

type WebStackProps = StackProps & {
  names: Names;
  /** Where `npm run aws:backup` puts copies of the database. */
  bucket: IBucket;
  /** Where batches are, where SageMaker answers them; else they are on the instance's volume. */
  batchBucket?: IBucket;
  allowedIps: readonly string[];
  destroyData: boolean;
};

/** The web application on one instance without a public address, behind CloudFront. */
export class WebStack extends Stack {
  constructor(scope: Construct, id: string, options: WebStackProps) {
    const { names, bucket, batchBucket, allowedIps, destroyData, ...props } = options;
    super(scope, id, props);
    const release = new Asset(this, "Source", {
      path: PROJECT_ROOT,
      ignoreMode: IgnoreMode.GIT,
      exclude: notInRelease(),
    });
    const image = new LaunchTemplate(this, "Image", {
      machineImage: MachineImage.resolveSsmParameterAtLaunch(ARM_IMAGE),
    });
    const vpc = this.network(image);
    const instance = this.instance(names, vpc, image, release, bucket, batchBucket);
    const distribution = webDistribution(this, {
      origin: (options) => VpcOrigin.withEc2Instance(instance, options),
      allowedIps,
      destroyData,
    });
    new StringParameter(this, "Host", {
      parameterName: names.parameter("web-host"),
      stringValue: distribution.distributionDomainName,
    });
    new StringParameter(this, "Release", {
      parameterName: names.parameter("web-release"),
      stringValue: release.s3ObjectUrl,
    });
    new CfnOutput(this, "InstanceId", { value: instance.instanceId });
    new CfnOutput(this, "WebUrl", { value: `https://${distribution.distributionDomainName}/` });
  }

  /** One public and one private subnet; the way out is an instance, at a tenth of a NAT gateway's price. */
  private network(image: LaunchTemplate): Vpc {
    const nat = NatProvider.instanceV2({
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
      machineImage: IMAGE_OF_TEMPLATE,
      defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
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
      cfn.metadataOptions = { httpTokens: "required" };
      cfn.blockDeviceMappings = [{ deviceName: "/dev/xvda", ebs: { encrypted: true, volumeType: "gp3" } }];
      acknowledge(gateway, {
        EC28: "Metrics every five minutes are enough for a router; those of every minute cost as much as it does.",
        EC29: "It holds nothing: CloudFormation makes another whenever it is gone.",
      });
    }
    vpc.addFlowLog("Flow", {
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, "FlowLog", {
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
    return vpc;
  }

  private instance(
    names: Names,
    vpc: Vpc,
    image: LaunchTemplate,
    release: Asset,
    bucket: IBucket,
    batchBucket: IBucket | undefined,
  ): Instance {
    const subnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    const volume = new Volume(this, "Database", {
      availabilityZone: vpc.selectSubnets(subnets).availabilityZones[0] as string,
      size: Size.gibibytes(8),
      volumeType: EbsDeviceVolumeType.GP3,
      encrypted: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const securityGroup = new SecurityGroup(this, "InstanceAccess", {
      vpc,
      description: "HTTP from CloudFront to Cytodesk, HTTPS out",
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.prefixList(this.cloudFrontPrefixList()), Port.HTTP, "CloudFront");
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS, npm and the distribution's packages");

    const instance = new Instance(this, "Instance", {
      vpc,
      vpcSubnets: subnets,
      securityGroup,
      role: this.instanceRole(names, release, bucket, batchBucket),
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
        parameter: names.parameter,
        batchUrl: batchBucket && `s3://${batchBucket.bucketName}/${BATCH_PREFIX}`,
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

  private instanceRole(names: Names, release: Asset, bucket: IBucket, batchBucket: IBucket | undefined) {
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
          allow(["ssm:GetParameter"], parameters("web-host", "web-release", "model-url", "api-key-id")),
          allow(["s3:GetObject"], [release.bucket.arnForObjects(release.s3ObjectKey)]),
        ],
        backup: [allow(["s3:PutObject"], [bucket.arnForObjects(backupKeys)])],
        ...(batchBucket !== undefined && {
          batches: [
            allow(["ssm:GetParameter"], parameters("model-name")),
            allow(
              ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
              [batchBucket.arnForObjects(batchKeys)],
            ),
            // Without it S3 says of what is not there that it is forbidden.
            allow(["s3:ListBucket"], [batchBucket.bucketArn]),
            allow(
              [
                "sagemaker:CreateTransformJob",
                "sagemaker:DescribeTransformJob",
                "sagemaker:StopTransformJob",
              ],
              [transformJobs],
            ),
          ],
        }),
      },
      {
        roleName: names.webRole(this.region),
        managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName("AmazonSSMManagedInstanceCore")],
      },
    );
    acknowledge(role, {
      "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]":
        "A shell by Session Manager instead of SSH and an open port; AWS keeps this policy in step with its agent.",
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

  /** Where CloudFront's requests come from. The list's id differs by region and CloudFormation cannot look it up. */
  private cloudFrontPrefixList(): string {
    const logGroup = new LogGroup(this, "LookupLog", {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = roleFor(this, "LookupRole", "lambda.amazonaws.com", "Looks up CloudFront's prefix list", {
      lookup: [
        allow(["ec2:DescribeManagedPrefixLists"], ["*"]),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]),
      ],
    });
    acknowledge(role, {
      "IAM5[Resource::*]": "Only ec2:DescribeManagedPrefixLists, which reads and knows no resources.",
    });
    const name = "com.amazonaws.global.cloudfront.origin-facing";
    const lookup = new AwsCustomResource(this, "Lookup", {
      onUpdate: {
        service: "ec2",
        action: "DescribeManagedPrefixLists",
        parameters: { Filters: [{ Name: "prefix-list-name", Values: [name] }] },
        physicalResourceId: PhysicalResourceId.of(name),
        outputPaths: ["PrefixLists.0.PrefixListId"],
      },
      role: role.withoutPolicyUpdates(),
      logGroup,
      installLatestAwsSdk: false,
    });
    return lookup.getResponseField("PrefixLists.0.PrefixListId");
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

/** What git does not hold is not released either, above all `.env`; nor is what serves only development and AWS. */
function notInRelease(): string[] {
  const ignored = readFileSync(inProject(".gitignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return [
    ...ignored,
    ...[".git", ".ci", ".env*", "cdk.out*", "aws", "bench", "docs", "e2e", "test"],
    ...[
      "*.test.ts",
      "*.test.tsx",
      "biome.json",
      "import-rules.json",
      "knip.json",
      "playwright.config.ts",
      "vitest.config.ts",
    ],
  ];
}
