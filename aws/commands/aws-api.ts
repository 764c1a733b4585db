import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { AwsV4Signer } from "aws4fetch";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";

/** Services that are asked seldom and take JSON: an SDK of each would be megabytes for a call or two. */
const SERVICES = {
  sagemaker: { host: "api.sagemaker", target: "SageMaker" },
  quotas: { host: "servicequotas", target: "ServiceQuotasV20190624" },
  logs: { host: "logs", target: "Logs_20140328" },
  alarms: { host: "monitoring", target: "GraniteServiceVersion20100801", version: "1.0" },
  tags: { host: "tagging", target: "ResourceGroupsTaggingAPI_20170126" },
  registry: { host: "api.ecr", target: "AmazonEC2ContainerRegistry_V20150921", service: "ecr" },
  // One for all regions.
  costs: { host: "ce", target: "AWSInsightsIndexService", region: "us-east-1" },
} satisfies Record<
  string,
  { host: string; target: string; version?: string; service?: string; region?: string }
>;
export type ServiceName = keyof typeof SERVICES;

const TIMEOUT_MS = 20_000;
const refusal = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** One call of a service in AWS's JSON protocol; the error is what the service says, with its type before it. */
export async function askAws<T>(
  region: string,
  name: ServiceName,
  action: string,
  input: object,
  schema: z.ZodType<T>,
): Promise<Result<T, string>> {
  const asked: { host: string; target: string; version?: string; service?: string; region?: string } =
    SERVICES[name];
  const { host, target, version = "1.1", service = host.split(".").at(-1) ?? host } = asked;
  const where = asked.region ?? region;
  const suffix = where.startsWith("cn-") ? ".cn" : "";
  const url = process.env.AWS_ENDPOINT_URL ?? `https://${host}.${where}.amazonaws.com${suffix}/`;
  const request = {
    method: "POST",
    url,
    headers: { "content-type": `application/x-amz-json-${version}`, "x-amz-target": `${target}.${action}` },
    body: JSON.stringify(input),
  };
  try {
    const signer = new AwsV4Signer({ ...request, ...(await defaultProvider()()), service, region: where });
    const response = await fetch(url, {
      ...request,
      headers: (await signer.sign()).headers,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const content: unknown = JSON.parse((await response.text()) || "{}");
    if (!response.ok) {
      const { __type, message, Message } = refusal.parse(content);
      return fail(`${__type.replace(/^.*#/, "")}: ${message ?? Message ?? action}`);
    }
    return ok(schema.parse(content));
  } catch (error) {
    return fail(`${action} of ${host} was not answered as expected: ${error}`);
  }
}
