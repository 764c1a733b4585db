import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { VpcOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import {
  CfnInternetGateway,
  CfnVPCGatewayAttachment,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { DockerImageAsset, Platform } from "aws-cdk-lib/aws-ecr-assets";
import {
  AvailabilityZoneRebalancing,
  Cluster,
  type ContainerDefinitionOptions,
  ContainerDependencyCondition,
  ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
  Secret as TaskSecret,
} from "aws-cdk-lib/aws-ecs";
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  type ApplicationTargetGroup,
  HttpCodeElb,
  HttpCodeTarget,
  XffHeaderProcessingMode,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { Role } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from "aws-cdk-lib/aws-rds";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import type { Construct } from "constructs";
import { words } from "../../../tables/current";
import { alarmsOf } from "../alarms";
import { acknowledge, acknowledgeKeys } from "../nag";
import { BATCH_PREFIX, type Names, WEB_TASKS } from "../project";
import {
  allow,
  bucketKey,
  invokeEndpoint,
  keepFiles,
  pullImage,
  roleFor,
  WRITE_BY_KEY,
  writeLog,
} from "../roles";
import type { Settings } from "../settings";
import { cloudFrontPrefixList } from "./cloudfront-prefix-list";
import { webDistribution } from "./distribution";
import { addFlowLog } from "./flow-log";
import { signInSecret } from "./sign-in-secret";
import { VIEWER_HEADER } from "./viewer-filter";

const CIDR = "10.21.0.0/24";
const PORT = 3000;
const DATABASE = words.app.slug.replaceAll("-", "_");

/** What a task has, in Fargate's units and MiB. */
const CPU = 1024;
const MEMORY = 2048;

/** Aurora's capacity units. Not 0: the checks of health would wake it again and again, for 15 seconds each. */
const ACU = { least: 0.5, most: 4 };
/** Connections; PostgreSQL takes some 900 at the most capacity, and six tasks of one team have about 80. */
const MANY_CONNECTIONS = 600;

/** Requests of one address in five minutes; a whole house may have one. The application's own limits are below. */
const FLOOD = 10_000;

/** More than the 30 s that the application gives a prediction. */
const DRAIN = Duration.seconds(35);

type FargateStackProps = StackProps & {
  names: Names;
  settings: Pick<Settings, "endpoint" | "customerKey" | "webAllowedIps" | "destroyData">;
  /** Where the files of batches are, which all tasks share. */
  bucket: IBucket;
  /** The folder into which `npm run release` packs. */
  release: string;
};

/** The web application as tasks in two zones, with Aurora PostgreSQL, in a network without a way out. */
export class FargateStack extends Stack {
  constructor(scope: Construct, id: string, options: FargateStackProps) {
    const { names, settings, bucket, release, ...props } = options;
    super(scope, id, props);
    const vpc = this.network();
    const access = this.access(vpc);
    const database = this.database(vpc, access.database, settings.destroyData);
    const balancer = this.balancer(vpc, access.balancer);
    const distribution = webDistribution(this, {
      origin: (how) => VpcOrigin.withApplicationLoadBalancer(balancer, how),
      allowedIps: settings.webAllowedIps,
      destroyData: settings.destroyData,
    });
    const host = distribution.distributionDomainName;
    const task = this.task(options, database, host);
    const { service, targets } = this.service(vpc, task, access.task, balancer);
    service.node.addDependency(database);
    this.alarms(names, database, balancer, targets);
    new CfnOutput(this, "WebUrl", { value: `https://${host}/` });
  }

  /** Two zones, and nothing that leads out of them but to the services of AWS that are used. */
  private network(): Vpc {
    const vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr(CIDR),
      maxAzs: 2,
      subnetConfiguration: [{ name: "isolated", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
      // Nothing is in the default security group; emptying it takes a function with rights over all of them.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    addFlowLog(this, vpc);
    return vpc;
  }

  /** Who reaches whom. */
  private access(vpc: Vpc) {
    const group = (id: string, description: string) =>
      new SecurityGroup(this, id, { vpc, description, allowAllOutbound: false });
    const balancer = group("BalancerAccess", "HTTP from CloudFront, on to the tasks");
    const task = group("TaskAccess", "HTTP from the balancer, on to the database and to AWS");
    const database = group("DatabaseAccess", "PostgreSQL from the tasks");
    const services = group("ServiceAccess", "HTTPS from the tasks to services of AWS");
    balancer.addIngressRule(Peer.prefixList(cloudFrontPrefixList(this)), Port.HTTP, "CloudFront");
    balancer.connections.allowTo(task, Port.tcp(PORT), "Requests and checks of health");
    task.connections.allowTo(database, Port.POSTGRES, "The history");
    task.connections.allowTo(services, Port.HTTPS, "Services of AWS");
    // A gateway has addresses of its own, which no group names.
    task.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "S3, by its gateway: no other route leads out");
    const { ECR, ECR_DOCKER, CLOUDWATCH_LOGS, SECRETS_MANAGER, SAGEMAKER_RUNTIME } =
      InterfaceVpcEndpointAwsService;
    for (const [id, service] of Object.entries({
      ...{ Ecr: ECR, EcrDocker: ECR_DOCKER, Logs: CLOUDWATCH_LOGS, Secrets: SECRETS_MANAGER },
      SageMaker: SAGEMAKER_RUNTIME,
    })) {
      vpc.addInterfaceEndpoint(id, { service, open: false, securityGroups: [services] });
    }
    return { balancer, task, database };
  }

  private database(vpc: Vpc, group: SecurityGroup, destroyData: boolean): DatabaseCluster {
    const cluster = new DatabaseCluster(this, "Database", {
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_7 }),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
      writer: ClusterInstance.serverlessV2("Writer", { publiclyAccessible: false }),
      serverlessV2MinCapacity: ACU.least,
      serverlessV2MaxCapacity: ACU.most,
      defaultDatabaseName: DATABASE,
      // RDS makes the password, replaces it every seven days, and keeps it where the application asks for it.
      credentials: Credentials.fromUsername(DATABASE),
      manageMasterUserPassword: true,
      storageEncrypted: true,
      copyTagsToSnapshot: true,
      // Any second of these days can be gone back to.
      backup: { retention: Duration.days(14) },
      deletionProtection: !destroyData,
      removalPolicy: destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT,
    });
    acknowledge(cluster, {
      RDS6: "Its one user's password is replaced every week; a token of IAM would be another way to the same tables.",
      RDS11: "Only the tasks' security group reaches it; another port would hide it from nobody.",
      ...(destroyData && { RDS10: "The setting destroyData says that it may go." }),
    });
    return cluster;
  }

  private balancer(vpc: Vpc, group: SecurityGroup): ApplicationLoadBalancer {
    const gateway = new CfnInternetGateway(this, "Gateway");
    const attached = new CfnVPCGatewayAttachment(this, "GatewayAttachment", {
      vpcId: vpc.vpcId,
      internetGatewayId: gateway.ref,
    });
    const balancer = new ApplicationLoadBalancer(this, "Balancer", {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      internetFacing: false,
      securityGroup: group,
      // Under the 75 s after which the application closes what is idle.
      idleTimeout: Duration.seconds(60),
      dropInvalidHeaderFields: true,
      // CloudFront has written the viewer's address last; the balancer would add CloudFront's.
      xffHeaderProcessingMode: XffHeaderProcessingMode.PRESERVE,
    });
    // CloudFront reaches only VPCs that have an internet gateway, though it does not go through it.
    balancer.node.addDependency(attached);
    acknowledge(balancer, {
      ELB2: "CloudFront, by which alone it is reached, writes the access log.",
    });
    const rate = { metricName: "Flood", sampledRequestsEnabled: false, cloudWatchMetricsEnabled: true };
    // Here and not at CloudFront, whose firewalls are in us-east-1 alone, where this stack is not.
    const firewall = new CfnWebACL(this, "Firewall", {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: { ...rate, metricName: "Firewall" },
      rules: [
        {
          name: "flood",
          priority: 0,
          action: { block: {} },
          visibilityConfig: rate,
          statement: {
            rateBasedStatement: {
              limit: FLOOD,
              evaluationWindowSec: 300,
              aggregateKeyType: "CUSTOM_KEYS",
              // Connections are CloudFront's, and of X-Forwarded-For it reads what the viewer wrote.
              customKeys: [
                { header: { name: VIEWER_HEADER, textTransformations: [{ priority: 0, type: "NONE" }] } },
              ],
            },
          },
        },
      ],
    });
    new CfnWebACLAssociation(this, "FirewallAssociation", {
      resourceArn: balancer.loadBalancerArn,
      webAclArn: firewall.attrArn,
    });
    return balancer;
  }

  private task(options: FargateStackProps, database: DatabaseCluster, host: string): FargateTaskDefinition {
    const { names, settings, bucket, release } = options;
    const endpoint = names.endpoint(settings.endpoint);
    const image = new DockerImageAsset(this, "Image", { directory: release, platform: Platform.LINUX_ARM64 });
    const login = (database.secret as NonNullable<DatabaseCluster["secret"]>).secretArn;
    const signIn = signInSecret(this, settings.destroyData);
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `${names.webLog}-fargate`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const task = new FargateTaskDefinition(this, "Task", {
      family: `${names.id}-web-fargate`,
      cpu: CPU,
      memoryLimitMiB: MEMORY,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole: this.taskRole(
        endpoint,
        bucket,
        bucketKey(this, names, settings.customerKey),
        login,
      ).withoutPolicyUpdates(),
      executionRole: this.executionRole(image, logGroup, signIn).withoutPolicyUpdates(),
      // Empty at the start and gone with the task; the image says whose it is.
      volumes: [{ name: "work" }],
    });
    const { hostname, port } = database.clusterEndpoint;
    const container = (streamPrefix: string): ContainerDefinitionOptions => ({
      image: ContainerImage.fromDockerImageAsset(image),
      readonlyRootFilesystem: true,
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix }),
    });
    const opening = {
      AWS_REGION: this.region,
      DATABASE_URL: `postgresql://${hostname}:${port}/${DATABASE}?sslmode=verify-full&sslrootcert=/app/rds-ca.pem`,
      DATABASE_SECRET: login,
    };
    // In each task before it serves: whichever is first migrates, the others wait for it and find nothing to do, and where it
    // fails no task of the release starts, and those of the one before go on.
    const migrate = task.addContainer("migrate", {
      ...container("migrate"),
      command: ["dist/database/migrate.mjs", "deploy"],
      environment: opening,
      essential: false,
    });
    const web = task.addContainer("web", {
      ...container("web"),
      portMappings: [{ containerPort: PORT }],
      // It answers what it was asked within 8.
      stopTimeout: Duration.seconds(30),
      environment: {
        ...opening,
        MODEL_URL: `sagemaker://${this.region}/${endpoint}`,
        BATCH_URL: `s3://${bucket.bucketName}/${BATCH_PREFIX}`,
        BATCH_CACHE: "/tmp/batches",
        PUBLIC_URL: `https://${host}`,
        ALLOWED_HOSTS: host,
        BIND_ADDRESS: "0.0.0.0",
        PORT: String(PORT),
        // The balancer's addresses; CloudFront's is not among what it is told.
        TRUSTED_PROXIES: CIDR,
        REPLICAS: String(WEB_TASKS.most),
      },
      secrets: { SIGN_IN_SECRET: TaskSecret.fromSecretsManager(signIn) },
    });
    web.addContainerDependencies({ container: migrate, condition: ContainerDependencyCondition.SUCCESS });
    for (const one of [migrate, web])
      one.addMountPoints({ sourceVolume: "work", containerPath: "/tmp", readOnly: false });
    acknowledge(task, {
      ECS2: "None of these variables is a secret: the two that are come from Secrets Manager.",
    });
    return task;
  }

  /** What the application may do. */
  private taskRole(endpoint: string, bucket: IBucket, keyArn: string | undefined, login: string): Role {
    const batchKeys = `${BATCH_PREFIX}/*`;
    const role = roleFor(this, "TaskRole", "ecs-tasks.amazonaws.com", "What Cytodesk's tasks may do", {
      predict: [invokeEndpoint(this, endpoint)],
      database: [allow(["secretsmanager:GetSecretValue"], [login])],
      batches: [
        ...keepFiles(bucket, batchKeys),
        ...(keyArn === undefined ? [] : [allow(WRITE_BY_KEY, [keyArn])]),
      ],
    });
    acknowledgeKeys(role, bucket, [batchKeys], "Each batch has its own folder, named when it is made.");
    return role;
  }

  /** What ECS may do to start a task. */
  private executionRole(image: DockerImageAsset, logGroup: LogGroup, signIn: Secret): Role {
    const role = roleFor(this, "ExecutionRole", "ecs-tasks.amazonaws.com", "Starts Cytodesk's tasks", {
      image: pullImage(image.repository),
      secret: [allow(["secretsmanager:GetSecretValue"], [signIn.secretArn])],
      log: [writeLog(logGroup)],
    });
    acknowledge(role, { "IAM5[Resource::*]": "Only ecr:GetAuthorizationToken, which knows no resources." });
    return role;
  }

  private service(
    vpc: Vpc,
    taskDefinition: FargateTaskDefinition,
    group: SecurityGroup,
    balancer: ApplicationLoadBalancer,
  ) {
    const cluster = new Cluster(this, "Cluster", { vpc });
    acknowledge(cluster, {
      ECS4: "The balancer's metrics and alarms say how many tasks answer; those of each container cost more than that.",
    });
    const service = new FargateService(this, "Service", {
      cluster,
      taskDefinition,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
      assignPublicIp: false,
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      // Migrations run before it answers.
      healthCheckGracePeriod: Duration.minutes(5),
    });
    const listener = balancer.addListener("Http", {
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      open: false,
    });
    const targets = listener.addTargets("Tasks", {
      port: PORT,
      protocol: ApplicationProtocol.HTTP,
      targets: [service.loadBalancerTarget({ containerName: "web", containerPort: PORT })],
      deregistrationDelay: DRAIN,
      // Each task keeps its own people while it is there, whose pages ask for the scripts of its release.
      stickinessCookieDuration: Duration.hours(8),
      healthCheck: {
        path: "/api/health/ready",
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    const scaling = service.autoScaleTaskCount({ minCapacity: WEB_TASKS.least, maxCapacity: WEB_TASKS.most });
    scaling.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: 60 });
    scaling.scaleOnRequestCount("Requests", { requestsPerTarget: 1_500, targetGroup: targets });
    return { service, targets };
  }

  private alarms(
    names: Names,
    database: DatabaseCluster,
    balancer: ApplicationLoadBalancer,
    targets: ApplicationTargetGroup,
  ): void {
    const alarm = alarmsOf(this, names);
    const period = Duration.minutes(5);
    const healthy = targets.metrics.healthyHostCount({ period: Duration.minutes(1), statistic: "Minimum" });
    alarm("fargate-down", healthy, "No task of the web application answers.", { below: true, periods: 2 });
    alarm("fargate-tasks", healthy, "A task does not stay up, or cannot be started.", {
      below: true,
      threshold: WEB_TASKS.least,
      periods: 15,
    });
    const target5xx = targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period });
    alarm("fargate-5xx", target5xx, "The web application failed on requests.", { threshold: 5 });
    const balancer5xx = balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { period });
    alarm("fargate-balancer-5xx", balancer5xx, "Requests found no task that answered in time.", {
      threshold: 5,
    });
    const atLimit = { threshold: 90, periods: 3 };
    alarm(
      "database-cpu",
      database.metricCPUUtilization({ period }),
      "The database computes at its limit.",
      atLimit,
    );
    alarm(
      "database-capacity",
      database.metricACUUtilization({ period }),
      "The database is at its most capacity.",
      atLimit,
    );
    alarm(
      "database-connections",
      database.metricDatabaseConnections({ period }),
      "The database has few connections left.",
      { threshold: MANY_CONNECTIONS },
    );
  }
}
