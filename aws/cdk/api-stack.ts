import { ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import {
  AccessLogFormat,
  AuthorizationType,
  CfnModel,
  EndpointType,
  type IModel,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  type MethodOptions,
  Model,
  PassthroughBehavior,
  Period,
  type RequestValidator,
  ResponseType,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import { AnyPrincipal, ArnPrincipal, Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { words } from "../../tables/current";
import {
  errorTemplate,
  LIST_REQUEST_TEMPLATE,
  listRequestModel,
  predictRequestModel,
  THROWN_ERRORS,
} from "./api-contract";
import { type CustomerVpc, customerVpc, LAMBDA_INTERFACES } from "./customer-vpc";
import { acknowledge } from "./nag";
import { inProject, type Names, NO_API_KEY, type Parameter } from "./project";
import { allow, invokeEndpoint, roleFor, writeLog, writeTraces } from "./roles";
import type { Settings } from "./settings";

export const STAGE_NAME = "prod";

// Budgets nest: web 30 s > gateway > Lambda > endpoint 27 s. docs/decisions/0002-wire-contract.md
const GATEWAY_TIMEOUT = Duration.seconds(29);
const LAMBDA_TIMEOUT = Duration.seconds(28);

const THROTTLE = { perSecond: 20, burst: 40 };

/** For all together who have the key that is enough for the older contract. */
const UNSIGNED = { perSecond: 5, burst: 10, perDay: 5_000 };

/** One line of the access log: who called, by signature or by key, from where, what came of it, and where its trace is. */
const ACCESS_LOG = {
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  userArn: "$context.identity.userArn",
  apiKeyId: "$context.identity.apiKeyId",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  protocol: "$context.protocol",
  status: "$context.status",
  error: "$context.error.message",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  xrayTraceId: "$context.xrayTraceId",
};

type ApiStackProps = StackProps & {
  names: Names;
  settings: Pick<
    Settings,
    "endpoint" | "apiKey" | "apiLogRole" | "olderCallers" | "invokers" | "vpcSubnets" | "vpcSecurityGroups"
  >;
  /** A role of this account that may call beside `invokers`, through rights of its own. */
  webRoleArn?: string;
  /** Shown with the API's address, for whoever deploys. */
  outputs: Record<string, string>;
};

/** API Gateway and the Lambda behind it. */
export class ApiStack extends Stack {
  private readonly api: RestApi;

  constructor(scope: Construct, id: string, options: ApiStackProps) {
    const { names, settings, webRoleArn, outputs, ...props } = options;
    super(scope, id, props);
    const endpoint = names.endpoint(settings.endpoint);
    const handler = this.handler(names, endpoint, customerVpc(settings));
    const isUnsigned = settings.olderCallers === "apiKey";
    this.api = this.gateway(names, settings, webRoleArn);

    const validator = this.api.addRequestValidator("Body", { validateRequestBody: true });
    const method = (model: IModel): MethodOptions => ({
      authorizationType: AuthorizationType.IAM,
      apiKeyRequired: settings.apiKey,
      requestValidator: validator as RequestValidator,
      requestModels: { "application/json": model },
    });
    const predict = this.api.root
      .addResource("predict")
      .addMethod(
        "POST",
        new LambdaIntegration(handler, { timeout: GATEWAY_TIMEOUT, allowTestInvoke: false }),
        method(this.model("PredictRequest", predictRequestModel())),
      );
    const list = this.api.root.addResource("api-ml-model").addMethod(
      "POST",
      new LambdaIntegration(handler, {
        proxy: false,
        timeout: GATEWAY_TIMEOUT,
        allowTestInvoke: false,
        passthroughBehavior: PassthroughBehavior.NEVER,
        requestTemplates: { "application/json": LIST_REQUEST_TEMPLATE },
        integrationResponses: [
          { statusCode: "200" },
          ...THROWN_ERRORS.map(({ status, pattern, template }) => ({
            statusCode: String(status),
            selectionPattern: pattern,
            responseTemplates: { "application/json": template },
          })),
        ],
      }),
      {
        ...method(this.model("ListRequest", listRequestModel())),
        ...(isUnsigned && { authorizationType: AuthorizationType.NONE, apiKeyRequired: true }),
        methodResponses: [200, ...THROWN_ERRORS.map(({ status }) => status)].map((status) => ({
          statusCode: String(status),
          responseModels: { "application/json": Model.EMPTY_MODEL },
        })),
      },
    );
    for (const one of [predict, list]) {
      acknowledge(one, {
        COG4: "Callers are programs that sign with IAM credentials; there are no people with passwords here.",
      });
    }
    this.answerForTheLambda();
    const olderKeyId = isUnsigned ? this.admitUnsigned(names, list) : undefined;
    const apiKeyId = settings.apiKey ? this.meter(names) : undefined;

    const shown = {
      ModelUrl: this.api.urlForPath("/predict"),
      Region: this.region,
      EndpointName: endpoint,
      ...outputs,
      ...(apiKeyId === undefined ? {} : { ApiKeyId: apiKeyId }),
      ...(olderKeyId === undefined ? {} : { OlderApiKeyId: olderKeyId }),
    };
    for (const [name, value] of Object.entries(shown)) new CfnOutput(this, name, { value });
    const tell = (name: Parameter, stringValue: string) =>
      new StringParameter(this, name, { parameterName: names.parameter(name), stringValue });
    tell("api-id", this.api.restApiId);
    tell("model-url", shown.ModelUrl);
    tell("api-key-id", apiKeyId ?? NO_API_KEY);
  }

  private handler(names: Names, endpoint: string, vpc: CustomerVpc | undefined): LambdaFunction {
    const logGroup = new LogGroup(this, "HandlerLog", {
      logGroupName: `${names.logs}/${names.lambda}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = roleFor(this, "HandlerRole", "lambda.amazonaws.com", "What Cytodesk's Lambda may do", {
      predict: [invokeEndpoint(this, endpoint)],
      observe: [writeLog(logGroup), writeTraces()],
      ...(vpc && { vpc: this.attachLambda(names) }),
    });
    acknowledge(role, {
      "IAM5[Resource::*]":
        "X-Ray's two write actions and what Lambda does in a VPC: AWS knows no resources for the former, and asks for * for the latter.",
    });
    const handler = new LambdaFunction(this, "Handler", {
      functionName: names.lambda,
      description: "Cytodesk's predictions: parses, invokes the SageMaker endpoint, parses its answer",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: LAMBDA_TIMEOUT,
      code: Code.fromAsset(inProject("dist/lambda")),
      handler: "index.handler",
      environment: {
        ENDPOINT_NAME: endpoint,
        POWERTOOLS_SERVICE_NAME: names.metrics.service,
        POWERTOOLS_METRICS_NAMESPACE: names.metrics.namespace,
      },
      role: role.withoutPolicyUpdates(),
      logGroup,
      tracing: Tracing.ACTIVE,
    });
    if (vpc !== undefined) {
      // The construct would want more of the VPC than its ids.
      (handler.node.defaultChild as CfnFunction).vpcConfig = {
        subnetIds: vpc.subnets,
        securityGroupIds: vpc.securityGroupIds,
      };
    }
    return handler;
  }

  /** Lambda may attach the function to the VPC; what runs in the function may not use those rights itself. */
  private attachLambda(names: Names): PolicyStatement[] {
    const code = this.formatArn({
      service: "lambda",
      resource: "function",
      resourceName: names.lambda,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const denied = new PolicyStatement({
      effect: Effect.DENY,
      actions: LAMBDA_INTERFACES,
      resources: ["*"],
      conditions: { ArnEquals: { "lambda:SourceFunctionArn": code } },
    });
    return [allow(LAMBDA_INTERFACES, ["*"]), denied];
  }

  private gateway(
    names: Names,
    { invokers, olderCallers, apiLogRole }: ApiStackProps["settings"],
    webRoleArn: string | undefined,
  ): RestApi {
    const accessLog = new LogGroup(this, "AccessLog", {
      logGroupName: `${names.logs}/${names.api}-access`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, "Api", {
      restApiName: names.api,
      description: `${words.app.name}'s predictions`,
      endpointTypes: [EndpointType.REGIONAL],
      policy: invokers && onlyFor(invokers, webRoleArn, olderCallers === "apiKey"),
      // An account that has never logged from API Gateway has no role for it, and then a stage with a log is refused. It is
      // one setting for all APIs of the account, and this one takes the place of what is set.
      cloudWatchRole: apiLogRole,
      deployOptions: {
        stageName: STAGE_NAME,
        throttlingRateLimit: THROTTLE.perSecond,
        throttlingBurstLimit: THROTTLE.burst,
        metricsEnabled: true,
        tracingEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        // Bodies are measurements, which are never logged.
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    const cloudWatchRole = api.node.tryFindChild("CloudWatchRole");
    if (cloudWatchRole !== undefined) {
      acknowledge(cloudWatchRole, {
        "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]":
          "The role is a setting of the whole account, for every API in it: AWS names this policy for it.",
      });
    }
    acknowledge(api, {
      APIG2:
        "Both methods validate their body; neither takes a parameter, which is what else the rule asks for.",
    });
    acknowledge(api.deploymentStage, {
      APIG3:
        "Every method wants a SigV4 signature, or a key with a limit a day, and the stage throttles; a firewall costs more than all the rest.",
    });
    return api;
  }

  /** The model of a request body; a change of it makes a new deployment, without which it would not be in force. */
  private model(id: string, schema: Record<string, unknown>): IModel {
    const model = new CfnModel(this, id, {
      restApiId: this.api.restApiId,
      contentType: "application/json",
      schema,
    });
    this.api.latestDeployment?.addToLogicalId({ [id]: schema });
    this.api.latestDeployment?.node.addDependency(model);
    return Model.fromModelName(this, `${id}Name`, model.ref);
  }

  /**
   * Answers that API Gateway gives itself, in the Lambda's contract. The 403 ones stay AWS's own, by which the web
   * application tells refused credentials from a misconfigured service.
   */
  private answerForTheLambda(): void {
    const answers = [
      {
        type: ResponseType.BAD_REQUEST_BODY,
        status: 400,
        template: errorTemplate("bad_request", false, "The body is not a valid request."),
      },
      {
        type: ResponseType.REQUEST_TOO_LARGE,
        status: 413,
        template: errorTemplate(
          "too_large",
          false,
          "The request is too large: ask for fewer rows at a time.",
        ),
      },
      {
        type: ResponseType.THROTTLED,
        status: 429,
        template: errorTemplate(
          "model_unavailable",
          true,
          "There are too many requests; try again in a moment.",
        ),
        headers: { "Retry-After": "'1'" },
      },
      {
        type: ResponseType.QUOTA_EXCEEDED,
        status: 429,
        template: errorTemplate(
          "model_unavailable",
          true,
          "The key's requests of today are used up; try again tomorrow.",
        ),
      },
      {
        type: ResponseType.INTEGRATION_TIMEOUT,
        status: 504,
        template: errorTemplate("timeout", true, "The prediction service did not answer in time."),
      },
      {
        type: ResponseType.INTEGRATION_FAILURE,
        status: 502,
        template: errorTemplate("model_failed", true, "The prediction service failed on this request."),
      },
    ];
    for (const { type, status, template, headers } of answers) {
      this.api.addGatewayResponse(type.responseType, {
        type,
        statusCode: String(status),
        templates: { "application/json": template },
        responseHeaders: headers,
      });
    }
  }

  /** A key that is enough for the older contract, whose callers never signed; what can be asked with it is bounded. */
  private admitUnsigned(names: Names, list: Method): string {
    acknowledge(list, {
      APIG4:
        "Asked for by a setting, for callers of the original that cannot sign; they need a key, which is limited a second and a day.",
    });
    const key = this.api.addApiKey("OlderKey", {
      description: `${words.app.name}'s callers that do not sign`,
    });
    const plan = this.api.addUsagePlan("OlderPlan", {
      name: `${names.api}-older`,
      throttle: { rateLimit: UNSIGNED.perSecond, burstLimit: UNSIGNED.burst },
      quota: { limit: UNSIGNED.perDay, period: Period.DAY },
      apiStages: [{ api: this.api, stage: this.api.deploymentStage }],
    });
    plan.addApiKey(key);
    return key.keyId;
  }

  /** A key that callers must send beside their signature, so that use can be counted and limited a caller. */
  private meter(names: Names): string {
    const key = this.api.addApiKey("Key", { description: `${words.app.name}'s callers` });
    const plan = this.api.addUsagePlan("Plan", {
      name: names.api,
      throttle: { rateLimit: THROTTLE.perSecond, burstLimit: THROTTLE.burst },
      apiStages: [{ api: this.api, stage: this.api.deploymentStage }],
    });
    plan.addApiKey(key);
    return key.keyId;
  }
}

/**
 * A resource policy by which only these may call. Allowing them is not enough: in the API's own account any identity
 * with rights of its own could call as well, so everybody else is denied.
 */
function onlyFor(
  invokers: readonly string[],
  webRoleArn: string | undefined,
  isUnsigned: boolean,
): PolicyDocument {
  const invoke = (path: string) => ({ actions: ["execute-api:Invoke"], resources: [`execute-api:/${path}`] });
  const everything = invoke("*");
  const unsigned = new PolicyStatement({
    ...invoke("*/POST/api-ml-model"),
    principals: [new AnyPrincipal()],
  });
  return new PolicyDocument({
    statements: [
      // Who does not sign is nobody that could be denied by name.
      ...(isUnsigned ? [unsigned] : []),
      new PolicyStatement({ ...everything, principals: invokers.map((arn) => new ArnPrincipal(arn)) }),
      new PolicyStatement({
        ...(isUnsigned ? invoke("*/POST/predict") : everything),
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        conditions: {
          ArnNotEquals: {
            "aws:PrincipalArn": webRoleArn === undefined ? invokers : [...invokers, webRoleArn],
          },
        },
      }),
    ],
  });
}
