import { checkSignature } from "../aws/local/signature";
import { type Received, startLoopback } from "./loopback";
import type { StackTemplate } from "./template-names";

type Version = { Value: string; Description: string };
type Stack = {
  outputs: Record<string, string>;
  resources: { type: string; id: string }[];
  template: StackTemplate | null;
};
type Json = Record<string, unknown>;
/** An error in a service's own words. */
type Refusal = { __type: string; message: string };

/** Few, so that lists come in pages. */
const A_PAGE = 2;

/**
 * An AWS account of one region on loopback for tests, whose state outlasts each call: Parameter Store with versions and
 * tags, Run Command, CloudFormation's stacks (`apply` puts templates into force: it knows exports and imports, parameters and retained
 * resources, and nothing else of what a deployment is), Step Functions, SageMaker's endpoints and registry, Secrets Manager, Service Quotas,
 * CloudWatch's alarms and logs, Cost Explorer, tags and ECR's list. It checks signatures, and rights not at all; S3 is
 * `s3-double.ts`. Answers are as AWS documents them in the services' API references, not as they were seen.
 */
export async function startAwsAccount(id = "123456789012", region = "eu-central-1") {
  const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
  const parameters = new Map<string, { versions: Version[]; tags: Json[] }>();
  const stacks = new Map<string, Stack>();
  /** ARNs with their tag `project`. */
  const retained: { arn: string; project: string }[] = [];
  const state = {
    id,
    region,
    keys,
    parameters,
    stacks,
    retained,
    /** What a training job of this input ends as. */
    runJob: (_: string): object => ({ status: "SUCCEEDED", output: "{}" }),
    executions: [] as object[],
    /** Whether an execution is still running when it is first asked for. */
    isSlow: true,
    /** What a web server does with the lines of a command. */
    runCommand: (_: string[]) => ({ status: "Success", stdout: "", stderr: "" }),
    commands: [] as { instance: string; looks: number; status: string; stdout: string; stderr: string }[],
    packages: [] as Json[],
    endpoints: new Map<string, { EndpointStatus: string; FailureReason?: string }>(),
    /** SageMaker's, where no service is said. */
    quotas: [] as { QuotaName: string; QuotaCode: string; Value: number; service?: string }[],
    alarms: [] as { AlarmName: string; StateValue: string; AlarmDescription: string }[],
    /** By service and tag. */
    costs: [] as { service: string; project: string; amount: string }[],
    logs: new Map<string, { eventId: string; timestamp: number; message: string }[]>(),
    images: 0,
    /** By name, in Secrets Manager. */
    secrets: new Map<string, string>(),
    /** Actions that are not allowed. */
    denied: new Set<string>(),
    /** Such as "PutParameter", or "DeleteStack CytodeskApi". */
    calls: [] as string[],
  };

  /** Executions that were asked for once, and ran. */
  const seen = new Set<string>();
  const missing = (name: string): Refusal => ({ __type: "ParameterNotFound", message: name });
  const paged = <T>(all: readonly T[], token: unknown): [T[], string | undefined] => {
    const at = Number(token ?? 0);
    return [all.slice(at, at + A_PAGE), at + A_PAGE < all.length ? String(at + A_PAGE) : undefined];
  };

  const json: Record<string, (input: Json) => object> = {
    GetParameter({ Name }) {
      const value = parameters.get(String(Name))?.versions.at(-1)?.Value;
      return value === undefined ? missing(String(Name)) : { Parameter: { Name, Value: value } };
    },
    GetParameterHistory({ Name, NextToken }) {
      const versions = parameters.get(String(Name))?.versions;
      if (versions === undefined) return missing(String(Name));
      // Latest first, since no order is promised.
      const all = versions.map((version, index) => ({ ...version, Version: index + 1 })).reverse();
      const [Parameters, next] = paged(all, NextToken);
      return { Parameters, NextToken: next };
    },
    PutParameter({ Name, Value, Description, Overwrite, Tags }) {
      const name = String(Name);
      if (Overwrite === true && Tags !== undefined)
        return { __type: "ValidationException", message: "tags and overwrite can't be used together" };
      const known = parameters.get(name);
      if (known !== undefined && Overwrite !== true)
        return { __type: "ParameterAlreadyExists", message: "The parameter already exists." };
      putParameter(name, String(Value), String(Description ?? ""), (Tags as Json[] | undefined) ?? []);
      return { Version: parameters.get(name)?.versions.length };
    },
    DeleteParameter({ Name }) {
      return parameters.delete(String(Name)) ? {} : missing(String(Name));
    },
    StartExecution({ input }) {
      state.executions.push(state.runJob(String(input)));
      return { executionArn: `arn:e:${state.executions.length - 1}`, startDate: 1 };
    },
    GetSecretValue({ SecretId }) {
      const SecretString = state.secrets.get(String(SecretId));
      return SecretString === undefined
        ? {
            __type: "ResourceNotFoundException",
            Message: "Secrets Manager can't find the specified secret.",
          }
        : { Name: SecretId, SecretString, VersionStages: ["AWSCURRENT"] };
    },
    DescribeExecution({ executionArn }) {
      const execution = state.executions[Number(String(executionArn).split(":").at(-1))];
      const isRunning = state.isSlow && !seen.has(String(executionArn));
      seen.add(String(executionArn));
      return { executionArn, startDate: 1, ...(isRunning ? { status: "RUNNING" } : execution) };
    },
    SendCommand({ DocumentName, InstanceIds, Parameters }) {
      if (DocumentName !== "AWS-RunShellScript") return { __type: "InvalidDocument", message: "" };
      const [instance = ""] = InstanceIds as string[];
      const ended = state.runCommand((Parameters as { commands: string[] }).commands);
      state.commands.push({ ...ended, instance, looks: 0 });
      return { Command: { CommandId: String(state.commands.length - 1) } };
    },
    GetCommandInvocation({ CommandId, InstanceId }) {
      const command = state.commands[Number(CommandId)];
      // It is not known at once.
      if (command === undefined || command.instance !== InstanceId || command.looks++ === 0)
        return { __type: "InvocationDoesNotExist", message: "" };
      return command.looks === 2
        ? { CommandId, InstanceId, Status: "InProgress" }
        : {
            ...{ CommandId, InstanceId, Status: command.status },
            StandardOutputContent: command.stdout,
            StandardErrorContent: command.stderr,
          };
    },
    CreateModelPackage(input) {
      const ModelPackageVersion = state.packages.length + 1;
      state.packages.push({ ...input, ModelPackageVersion, CreationTime: 1_800_000_000 });
      const arn = `arn:aws:sagemaker:${region}:${id}:model-package`;
      return { ModelPackageArn: `${arn}/${input.ModelPackageGroupName}/${ModelPackageVersion}` };
    },
    ListModelPackages({ ModelPackageGroupName }) {
      return {
        ModelPackageSummaryList: state.packages
          .filter((one) => one.ModelPackageGroupName === ModelPackageGroupName)
          .reverse(),
      };
    },
    DescribeEndpoint({ EndpointName }) {
      return (
        state.endpoints.get(String(EndpointName)) ?? {
          __type: "ValidationException",
          message: `Could not find endpoint "${EndpointName}".`,
        }
      );
    },
    ListServiceQuotas({ ServiceCode, NextToken }) {
      if (!["sagemaker", "fargate"].includes(String(ServiceCode)))
        return { __type: "NoSuchResourceException", message: "no such service" };
      const ofService = state.quotas.filter(({ service = "sagemaker" }) => service === ServiceCode);
      const [Quotas, next] = paged(ofService, NextToken);
      return { Quotas, NextToken: next };
    },
    DescribeAlarms({ AlarmNames, StateValue }) {
      return {
        MetricAlarms: state.alarms
          .filter((one) => (AlarmNames as string[]).includes(one.AlarmName) && one.StateValue === StateValue)
          .map((one) => ({ ...one, StateUpdatedTimestamp: 1_800_000_000.5 })),
      };
    },
    FilterLogEvents({ logGroupName, startTime, filterPattern, nextToken }) {
      const events = state.logs.get(String(logGroupName));
      if (events === undefined)
        return {
          __type: "ResourceNotFoundException",
          message: "The specified log group does not exist.",
        };
      const matching = events.filter(
        ({ timestamp, message }) =>
          timestamp >= Number(startTime) && message.includes(String(filterPattern ?? "")),
      );
      const [page, next] = paged(matching, nextToken);
      return { events: page, nextToken: next };
    },
    DescribeLogGroups({ logGroupNamePrefix }) {
      return {
        logGroups: [...state.logs.keys()]
          .filter((name) => name.startsWith(String(logGroupNamePrefix)))
          .map((logGroupName) => ({ logGroupName })),
      };
    },
    GetResources({ TagFilters, PaginationToken }) {
      const [{ Values } = { Values: [""] }] = TagFilters as [{ Values: string[] }];
      const kept = [...parameters].flatMap(([name, { tags }]) =>
        tags.some(({ Value }) => Values.includes(String(Value)))
          ? [`arn:aws:ssm:${region}:${id}:parameter${name}`]
          : [],
      );
      const arns = [
        ...retained.filter(({ project }) => Values.includes(project)).map(({ arn }) => arn),
        ...kept,
      ];
      const [page, next] = paged(arns, PaginationToken || undefined);
      return {
        ResourceTagMappingList: page.map((ResourceARN) => ({ ResourceARN, Tags: [] })),
        PaginationToken: next ?? "",
      };
    },
    ListImages() {
      return {
        imageIds: Array.from({ length: state.images }, (_, i) => ({ imageTag: String(i) })),
      };
    },
    GetCostAndUsage({ TimePeriod, Filter }) {
      const { Values } = (Filter as { Tags: { Values: string[] } }).Tags;
      return {
        ResultsByTime: [
          {
            TimePeriod,
            Total: {},
            Groups: state.costs
              .filter(({ project }) => Values.includes(project))
              .map(({ service, amount }) => ({
                Keys: [service],
                Metrics: { UnblendedCost: { Amount: amount, Unit: "USD" } },
              })),
            Estimated: true,
          },
        ],
      };
    },
  };

  function putParameter(name: string, Value: string, Description: string, tags: Json[] = []) {
    const known = parameters.get(name);
    parameters.set(name, {
      versions: [...(known?.versions ?? []), { Value, Description }],
      tags: known?.tags ?? tags,
    });
  }

  /** Names of the stacks that import an export of this one. */
  const importers = (name: string, template: StackTemplate | null) => {
    const exports = exportsOf(template);
    return [...stacks].flatMap(([other, stack]) =>
      other === name
        ? []
        : importsOf(stack.template).flatMap((one) => (exports.has(one) ? [{ other, one }] : [])),
    );
  };

  const xml = (action: string, result: string): [string, string, number] => [
    "text/xml",
    `<${action}Response xmlns="https://x/"><${action}Result>${result}</${action}Result></${action}Response>`,
    200,
  ];
  const xmlError = (message: string): [string, string, number] => [
    "text/xml",
    `<ErrorResponse xmlns="https://x/"><Error><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
    400,
  ];

  const query: Record<string, (form: URLSearchParams) => [string, string, number]> = {
    GetCallerIdentity() {
      return xml("GetCallerIdentity", `<Arn>arn:aws:iam::${id}:user/me</Arn><Account>${id}</Account>`);
    },
    DescribeStacks(form) {
      const one = form.get("StackName");
      if (one !== null && !stacks.has(one)) return xmlError(`Stack with id ${one} does not exist`);
      const names = one === null ? [...stacks.keys()] : [one];
      const [page, next] = paged(names, form.get("NextToken") ?? undefined);
      const token = next === undefined ? "" : `<NextToken>${next}</NextToken>`;
      return xml("DescribeStacks", `<Stacks>${page.map(stackXml).join("")}</Stacks>${token}`);
    },
    ListStackResources(form) {
      const stack = stacks.get(form.get("StackName") ?? "");
      if (stack === undefined) return xmlError("Stack does not exist");
      const [page, next] = paged(stack.resources, form.get("NextToken") ?? undefined);
      const members = page.map(
        (one) =>
          `<member><ResourceType>${one.type}</ResourceType><PhysicalResourceId>${one.id}</PhysicalResourceId></member>`,
      );
      const token = next === undefined ? "" : `<NextToken>${next}</NextToken>`;
      return xml(
        "ListStackResources",
        `<StackResourceSummaries>${members.join("")}</StackResourceSummaries>${token}`,
      );
    },
    DeleteStack(form) {
      const name = form.get("StackName") ?? "";
      const stack = stacks.get(name);
      const [used] = importers(name, stack?.template ?? null);
      if (used !== undefined)
        return xmlError(`Export ${used.one} cannot be deleted as it is in use by ${used.other}`);
      for (const { type, id: of } of stack?.resources ?? [])
        if (type === "AWS::SSM::Parameter") parameters.delete(of);
      stacks.delete(name);
      return xml("DeleteStack", "");
    },
  };

  function stackXml(name: string): string {
    const outputs = Object.entries(stacks.get(name)?.outputs ?? {}).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const status =
      "<StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>";
    return `<member><StackName>${name}</StackName>${status}<Outputs>${outputs.join("")}</Outputs></member>`;
  }

  async function answer({ method, path, headers, body }: Received): Promise<[string, string, number]> {
    const target = String(headers["x-amz-target"] ?? "");
    const form = new URLSearchParams(body);
    const action = target === "" ? (form.get("Action") ?? "") : (target.split(".").at(-1) ?? "");
    const [, service = ""] = /\/([\w-]+)\/aws4_request/.exec(headers.authorization ?? "") ?? [];
    state.calls.push(action === "DeleteStack" ? `${action} ${form.get("StackName")}` : action);
    const refuse = (type: string, message: string): [string, string, number] => [
      "application/x-amz-json-1.1",
      JSON.stringify({ __type: type, message }),
      400,
    ];
    const request = {
      method,
      url: new URL(path, `http://${headers.host}`),
      headers: headers as Record<string, string>,
      body: Buffer.from(body),
    };
    // Cost Explorer is in one region for all.
    const signed = await checkSignature(request, {
      keys,
      service,
      region: service === "ce" ? "us-east-1" : region,
    });
    if (!signed.ok) return refuse("InvalidSignatureException", signed.error);
    if (state.denied.has(action))
      return refuse("AccessDeniedException", `not authorized to perform ${action}`);
    if (target === "") return (query[action] ?? (() => xmlError(`no action ${action}`)))(form);
    const content = json[action]?.(JSON.parse(body) as Json);
    if (content === undefined) return refuse("UnknownOperationException", action);
    return ["application/x-amz-json-1.1", JSON.stringify(content), "__type" in content ? 400 : 200];
  }

  const server = await startLoopback(async (request, response) => {
    const [type, body, status] = await answer(request);
    response.writeHead(status, { "content-type": type }).end(body);
  });
  return Object.assign(state, {
    url: server.url,
    close: server.close,
    putParameter,
    environment: () => ({
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    }),
    /** As after a deployment: a stack with these outputs, and nothing else. */
    addStack: (name: string, outputs: Record<string, string> = {}, resources: Stack["resources"] = []) =>
      stacks.set(name, { outputs, resources, template: null }),
    /**
     * Puts templates into force one after the other, as `cdk deploy` does in the order of what depends on what. The error
     * is CloudFormation's.
     */
    apply(templates: readonly { stackName: string; template: StackTemplate }[]): string | null {
      for (const { stackName, template } of templates) {
        const before = stacks.get(stackName)?.template ?? null;
        const exports = exportsOf(template);
        for (const { other, one } of importers(stackName, before)) {
          if (exports.get(one) !== exportsOf(before).get(one))
            return `Export ${one} cannot be deleted as it is in use by ${other}`;
        }
        const resources = Object.entries(template.Resources).map(([logical, { Type, Properties = {} }]) => ({
          type: Type,
          id: String(Properties.AlarmName ?? Properties.LogGroupName ?? Properties.Name ?? logical),
        }));
        for (const [logical, { Type, Properties = {} }] of Object.entries(template.Resources)) {
          if (Type !== "AWS::SSM::Parameter") continue;
          const value = JSON.stringify(Properties.Value);
          // What else set it meanwhile stays, where the template says what it said before.
          if (value !== JSON.stringify(before?.Resources[logical]?.Properties?.Value))
            putParameter(
              String(Properties.Name),
              typeof Properties.Value === "string" ? Properties.Value : value,
              String(Properties.Description ?? ""),
            );
        }
        const outputs = Object.fromEntries(
          Object.entries(template.Outputs ?? {}).map(([key, { Value }]) => [
            key,
            typeof Value === "string" ? Value : key,
          ]),
        );
        stacks.set(stackName, { outputs, resources, template });
      }
      return null;
    },
  });
}

export function exportsOf(template: StackTemplate | null): Map<string, string> {
  return new Map(
    Object.values(template?.Outputs ?? {}).flatMap(({ Value, Export }) =>
      Export === undefined ? [] : [[String(Export.Name), JSON.stringify(Value)]],
    ),
  );
}

export function importsOf(template: StackTemplate | null): string[] {
  return [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name ?? "");
}
