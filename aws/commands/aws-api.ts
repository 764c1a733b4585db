import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type * as z from "zod";
import { awsErrorOf, callAws, type JsonService, SAGEMAKER } from "../../lib/inference/aws-json";
import { fail, ok, type Result } from "../../lib/result";

/** `region`: where a service is that is one for all regions. */
const SERVICES = {
  sagemaker: SAGEMAKER,
  quotas: { host: "servicequotas", target: "ServiceQuotasV20190624", service: "servicequotas" },
  logs: { host: "logs", target: "Logs_20140328", service: "logs" },
  alarms: {
    ...{ host: "monitoring", target: "GraniteServiceVersion20100801", service: "monitoring" },
    version: "1.0",
  },
  tags: { host: "tagging", target: "ResourceGroupsTaggingAPI_20170126", service: "tagging" },
  registry: { host: "api.ecr", target: "AmazonEC2ContainerRegistry_V20150921", service: "ecr" },
  costs: { host: "ce", target: "AWSInsightsIndexService", service: "ce", region: "us-east-1" },
} satisfies Record<string, JsonService & { region?: string }>;
export type ServiceName = keyof typeof SERVICES;

const TIMEOUT_MS = 20_000;

/** One call of a service in AWS's JSON protocol; the error is what the service says, with its type before it. */
export async function askAws<T>(
  region: string,
  name: ServiceName,
  action: string,
  input: object,
  schema: z.ZodType<T>,
): Promise<Result<T, string>> {
  const service: JsonService & { region?: string } = SERVICES[name];
  try {
    const response = await callAws(service, {
      ...{ region: service.region ?? region, action, body: JSON.stringify(input) },
      keys: await defaultProvider()(),
      endpoint:
        process.env[`AWS_ENDPOINT_URL_${service.service.toUpperCase()}`] ?? process.env.AWS_ENDPOINT_URL,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) {
      const { code, message } = awsErrorOf(text);
      return fail(`${code}: ${message || action}`);
    }
    return ok(schema.parse(JSON.parse(text || "{}")));
  } catch (error) {
    return fail(`${action} of ${service.host} was not answered as expected: ${error}`);
  }
}
