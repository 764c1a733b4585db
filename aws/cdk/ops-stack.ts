import { Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { Dashboard, GraphWidget, type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { alarmsOf } from "./alarms";
import { STAGE_NAME } from "./api-stack";
import { VARIANT } from "./endpoint-stack";
import { type Names, TAG } from "./project";
import type { Settings } from "./settings";

const PERIOD = Duration.minutes(5);

// Microseconds, as SageMaker counts them: a hundred times what a prediction takes, and far from the 27 s budget.
const SLOW_MODEL = 1_000_000;

type OpsStackProps = StackProps & {
  names: Names;
  settings: Pick<Settings, "endpoint" | "alarmEmail" | "budgetUsd">;
};

/** Alarms, dashboard and budget, and the topic where they tell. */
export class OpsStack extends Stack {
  constructor(scope: Construct, id: string, { names, settings, ...props }: OpsStackProps) {
    super(scope, id, props);
    const topic = this.topic(settings.alarmEmail);
    new StringParameter(this, "AlarmTopic", {
      parameterName: names.parameter("alarm-topic"),
      stringValue: topic.topicArn,
    });
    const metrics = metricsOf(names, names.endpoint(settings.endpoint));
    this.alarms(names, metrics, topic);
    this.dashboard(names, metrics);
    this.budget(names, settings.budgetUsd, topic);
  }

  private topic(email: string | undefined): Topic {
    const key = new Key(this, "TopicKey", {
      description: "Encrypts Cytodesk's alarms",
      enableKeyRotation: true,
      // Nothing is kept that was encrypted with it.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const topic = new Topic(this, "Alarms", { masterKey: key, enforceSSL: true });
    const publishers = [
      { service: "cloudwatch", source: this.formatArn({ service: "cloudwatch", resource: "alarm:*" }) },
      { service: "budgets", source: this.formatArn({ service: "budgets", region: "", resource: "*" }) },
    ];
    for (const { service, source } of publishers) {
      const principals = [new ServicePrincipal(`${service}.amazonaws.com`)];
      const conditions = {
        StringEquals: { "aws:SourceAccount": this.account },
        ArnLike: { "aws:SourceArn": source },
      };
      topic.addToResourcePolicy(
        new PolicyStatement({
          sid: `Publish${service}`,
          effect: Effect.ALLOW,
          principals,
          actions: ["sns:Publish"],
          resources: [topic.topicArn],
          conditions,
        }),
      );
      // SNS's own key lets no service publish. The policy is as AWS documents it for both: what they may publish
      // is the topic's to say. In a key's policy, * is that key.
      key.addToResourcePolicy(
        new PolicyStatement({
          principals,
          actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
          resources: ["*"],
        }),
      );
    }
    if (email !== undefined && email !== "none") {
      new Subscription(this, "Email", { topic, protocol: SubscriptionProtocol.EMAIL, endpoint: email });
    }
    return topic;
  }

  private alarms(names: Names, metrics: Metrics, topic: Topic): void {
    const alarm = alarmsOf(this, names, topic);
    alarm("endpoint-4xx", metrics.endpoint4xx, "The endpoint refused requests: Lambda and model disagree.");
    alarm("endpoint-5xx", metrics.endpoint5xx, "The model failed on requests.");
    alarm("model-latency", metrics.modelLatency, "One prediction in twenty takes a second or more.", {
      threshold: SLOW_MODEL,
    });
    alarm("lambda-errors", metrics.lambdaErrors, "The Lambda threw or ran out of time.");
    alarm("lambda-throttles", metrics.lambdaThrottles, "The account has no concurrency left for the Lambda.");
    alarm("api-5xx", metrics.api5xx, "Callers got answers with a 5xx status.");
  }

  private dashboard(names: Names, metrics: Metrics): void {
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
    new Dashboard(this, "Dashboard", {
      dashboardName: names.inAccount(this.region),
      widgets: [
        [
          graph("API", metrics.apiRequests, metrics.api4xx, metrics.api5xx),
          graph("API latency, p95 (ms)", metrics.apiLatency),
        ],
        [
          graph(
            "Lambda",
            metrics.lambdaInvocations,
            metrics.lambdaColdStarts,
            metrics.lambdaErrors,
            metrics.lambdaThrottles,
          ),
          graph("Lambda duration, p95 (ms)", metrics.lambdaDuration),
        ],
        [
          graph("Endpoint", metrics.endpointInvocations, metrics.endpoint4xx, metrics.endpoint5xx),
          graph("Model latency, p95 (µs)", metrics.modelLatency),
        ],
        [
          graph("Predictions", metrics.answered, metrics.failed, metrics.rows),
          graph("Endpoint as the Lambda sees it, p95 (ms)", metrics.endpointLatency),
        ],
        [graph("Failures by their code", failuresByCode(names))],
      ],
    });
  }

  private budget(names: Names, limit: number, topic: Topic): void {
    const tell = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: "GREATER_THAN",
        threshold,
        thresholdType: "PERCENTAGE",
      },
      subscribers: [{ subscriptionType: "SNS", address: topic.topicArn }],
    });
    const budget = new CfnBudget(this, "Budget", {
      budget: {
        budgetName: names.inAccount(this.region),
        budgetType: "COST",
        timeUnit: "MONTHLY",
        // Counts nothing until the tag is activated as a cost allocation tag of the account.
        costFilters: { TagKeyValue: [`user:${TAG}$${names.id}`] },
        budgetLimit: { amount: limit, unit: "USD" },
      },
      notificationsWithSubscribers: [tell("ACTUAL", 80), tell("ACTUAL", 100), tell("FORECASTED", 100)],
    });
    // Budgets tries the topic when the budget is made.
    budget.node.addDependency(topic);
  }
}

type Metrics = ReturnType<typeof metricsOf>;

function metricsOf(names: Names, endpoint: string) {
  const api = metric("AWS/ApiGateway", { ApiName: names.api, Stage: STAGE_NAME });
  const lambda = metric("AWS/Lambda", { FunctionName: names.lambda });
  const own = metric(names.metrics.namespace, { service: names.metrics.service });
  const model = metric("AWS/SageMaker", { EndpointName: endpoint, VariantName: VARIANT });
  return {
    apiRequests: api("Count", "SampleCount"),
    api4xx: api("4XXError"),
    api5xx: api("5XXError"),
    apiLatency: api("Latency", "p95"),
    lambdaInvocations: lambda("Invocations"),
    lambdaErrors: lambda("Errors"),
    lambdaThrottles: lambda("Throttles"),
    lambdaDuration: lambda("Duration", "p95"),
    lambdaColdStarts: own("ColdStart"),
    endpointInvocations: model("Invocations"),
    endpoint4xx: model("Invocation4XXErrors"),
    endpoint5xx: model("Invocation5XXErrors"),
    modelLatency: model("ModelLatency", "p95"),
    // What the Lambda writes to its log (embedded metric format, aws/lambda/index.ts).
    answered: own("Answered"),
    failed: own("Failed"),
    rows: own("Rows"),
    endpointLatency: own("EndpointLatency", "p95"),
  };
}

function metric(namespace: string, dimensionsMap: Record<string, string>) {
  return (metricName: string, statistic = "Sum") =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, period: PERIOD });
}

/** By search: CloudWatch knows a code only once it has happened. */
function failuresByCode({ metrics: { namespace, service } }: Names): MathExpression {
  return new MathExpression({
    expression: `SEARCH('Namespace="${namespace}" service="${service}" MetricName="FailedBy"', 'Sum', ${PERIOD.toSeconds()})`,
    usingMetrics: {},
    label: "",
    period: PERIOD,
  });
}
