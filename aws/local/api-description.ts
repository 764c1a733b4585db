import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { namesOf } from "../cdk/project";

/** What `npm run aws:synth` writes of the API. */
export const API_TEMPLATE = fileURLToPath(
  new URL(`../../cdk.out/${namesOf().stack("Api")}.template.json`, import.meta.url),
);

/** One method of the REST API, as far as a gateway needs it. */
const route = z.object({
  method: z.string(),
  /** With the stage, as callers write it. */
  path: z.string(),
  resource: z.string(),
  isIamAuthorized: z.boolean(),
  needsApiKey: z.boolean(),
  /** JSON schema draft 4 of an application/json body; null where it is not validated. */
  requestSchema: z.record(z.string(), z.unknown()).nullable(),
  timeoutMs: z.int().positive(),
  integration: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("proxy") }),
    z.object({
      kind: z.literal("custom"),
      requestTemplate: z.string(),
      /** What becomes of a body of a type that has no template. */
      passesThrough: z.enum(["NEVER", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES"]),
      responses: z.array(
        z.object({ status: z.int(), pattern: z.string().nullable(), template: z.string().nullable() }),
      ),
    }),
  ]),
});
export type Route = z.infer<typeof route>;

export const apiDescription = z.object({
  stage: z.string(),
  throttle: z.object({ perSecond: z.number().positive(), burst: z.number().positive() }),
  /** What callers with a key are held to: the usage plan of the template, of two the stricter; null where it has none. */
  plan: z
    .object({
      perSecond: z.number().positive(),
      burst: z.number().positive(),
      perDay: z.int().positive().nullable(),
    })
    .nullable(),
  routes: z.array(route).min(1),
  gatewayResponses: z.record(
    z.string(),
    z.object({
      status: z.int().nullable(),
      headers: z.record(z.string(), z.string()),
      template: z.string().nullable(),
    }),
  ),
});
export type ApiDescription = z.infer<typeof apiDescription>;

const ref = z.object({ Ref: z.string() });

/** The resources of a CloudFormation template that make an API; others are of no concern here. */
const RESOURCES = {
  "AWS::ApiGateway::Resource": z.object({
    PathPart: z.string(),
    ParentId: z.union([ref, z.object({ "Fn::GetAtt": z.array(z.string()) })]),
  }),
  "AWS::ApiGateway::Model": z.object({ Schema: z.record(z.string(), z.unknown()) }),
  "AWS::ApiGateway::Stage": z.object({
    StageName: z.string(),
    MethodSettings: z.array(
      z.object({ ThrottlingRateLimit: z.number().optional(), ThrottlingBurstLimit: z.number().optional() }),
    ),
  }),
  "AWS::ApiGateway::UsagePlan": z.object({
    Throttle: z.object({ RateLimit: z.number(), BurstLimit: z.number() }),
    Quota: z.object({ Limit: z.int(), Period: z.literal("DAY") }).optional(),
  }),
  "AWS::ApiGateway::GatewayResponse": z.object({
    ResponseType: z.string(),
    StatusCode: z.string().optional(),
    ResponseParameters: z.record(z.string(), z.string()).default({}),
    ResponseTemplates: z.object({ "application/json": z.string() }).partial().default({}),
  }),
  "AWS::ApiGateway::Method": z.object({
    HttpMethod: z.string(),
    ResourceId: z.union([ref, z.object({ "Fn::GetAtt": z.array(z.string()) })]),
    AuthorizationType: z.string(),
    ApiKeyRequired: z.boolean().default(false),
    RequestValidatorId: ref.optional(),
    RequestModels: z.object({ "application/json": ref }).optional(),
    Integration: z.object({
      Type: z.string(),
      TimeoutInMillis: z.number().default(29_000),
      PassthroughBehavior: z.enum(["NEVER", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES"]).default("WHEN_NO_MATCH"),
      RequestTemplates: z.object({ "application/json": z.string() }).optional(),
      IntegrationResponses: z
        .array(
          z.object({
            StatusCode: z.string(),
            SelectionPattern: z.string().optional(),
            ResponseTemplates: z.object({ "application/json": z.string() }).partial().default({}),
          }),
        )
        .default([]),
    }),
  }),
};

const template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
});

/** Reads the REST API out of the CloudFormation template at `path`. Throws where there is none, or none of this kind. */
export function readApiDescription(path: string): ApiDescription {
  const { Resources } = template.parse(JSON.parse(readFileSync(path, "utf8")));
  const all = <T extends keyof typeof RESOURCES>(type: T) =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(
        ([id, { Properties }]) =>
          [id, RESOURCES[type].parse(Properties) as z.infer<(typeof RESOURCES)[T]>] as const,
      );

  const resources = new Map(all("AWS::ApiGateway::Resource"));
  const models = new Map(all("AWS::ApiGateway::Model"));
  const [stage] = all("AWS::ApiGateway::Stage").map(([, properties]) => properties);
  if (stage === undefined) throw new Error(`There is no API in ${path}.`);
  const pathOf = (id: string): string => {
    const resource = resources.get(id);
    if (resource === undefined) return "";
    return `${"Ref" in resource.ParentId ? pathOf(resource.ParentId.Ref) : ""}/${resource.PathPart}`;
  };
  const limits = stage.MethodSettings.find(({ ThrottlingRateLimit }) => ThrottlingRateLimit !== undefined);
  const [plan] = all("AWS::ApiGateway::UsagePlan")
    .map(([, { Throttle, Quota }]) => ({
      perSecond: Throttle.RateLimit,
      burst: Throttle.BurstLimit,
      perDay: Quota?.Limit ?? null,
    }))
    .sort((a, b) => a.perSecond - b.perSecond);
  return apiDescription.parse({
    stage: stage.StageName,
    throttle: { perSecond: limits?.ThrottlingRateLimit, burst: limits?.ThrottlingBurstLimit },
    plan: plan ?? null,
    routes: all("AWS::ApiGateway::Method").map(([, method]): Route => {
      const resource = "Ref" in method.ResourceId ? pathOf(method.ResourceId.Ref) : "/";
      const model = method.RequestModels?.["application/json"].Ref;
      const { Type, TimeoutInMillis, RequestTemplates, PassthroughBehavior, IntegrationResponses } =
        method.Integration;
      return {
        method: method.HttpMethod,
        path: `/${stage.StageName}${resource}`,
        resource,
        isIamAuthorized: method.AuthorizationType === "AWS_IAM",
        needsApiKey: method.ApiKeyRequired,
        requestSchema:
          method.RequestValidatorId === undefined || model === undefined
            ? null
            : (models.get(model)?.Schema ?? null),
        timeoutMs: TimeoutInMillis,
        integration:
          Type === "AWS_PROXY"
            ? { kind: "proxy" }
            : {
                kind: "custom",
                requestTemplate: RequestTemplates?.["application/json"] ?? "",
                passesThrough: PassthroughBehavior,
                responses: IntegrationResponses.map(
                  ({ StatusCode, SelectionPattern, ResponseTemplates }) => ({
                    status: Number(StatusCode),
                    pattern: SelectionPattern ?? null,
                    template: ResponseTemplates["application/json"] || null,
                  }),
                ),
              },
      };
    }),
    gatewayResponses: Object.fromEntries(
      all("AWS::ApiGateway::GatewayResponse").map(([, response]) => [
        response.ResponseType,
        {
          status: response.StatusCode === undefined ? null : Number(response.StatusCode),
          // 'gatewayresponse.header.Retry-After': "'1'"
          headers: Object.fromEntries(
            Object.entries(response.ResponseParameters).map(([name, value]) => [
              name.replace("gatewayresponse.header.", "").toLowerCase(),
              value.replaceAll("'", ""),
            ]),
          ),
          template: response.ResponseTemplates["application/json"] ?? null,
        },
      ]),
    ),
  });
}
