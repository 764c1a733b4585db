import { AwsV4Signer } from "aws4fetch";
import * as z from "zod";

/** A service of AWS that takes JSON: the begin of its host's name, what its actions' names stand behind, and what is signed for. */
export type JsonService = { host: string; target: string; service: string; version?: string };

/** SageMaker's own API, which makes jobs and versions. */
export const SAGEMAKER: JsonService = { host: "api.sagemaker", target: "SageMaker", service: "sagemaker" };

/** `endpoint`: where it is asked instead of at AWS. */
type Call = {
  region: string;
  action: string;
  body: string;
  keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  endpoint: string | undefined;
  signal?: AbortSignal;
};

/**
 * One call in AWS's JSON protocol. Signed here: an SDK is megabytes for each service, SageMaker's is 9, for a call or two.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export async function callAws(
  { host, target, service, version = "1.1" }: JsonService,
  { region, action, body, keys, endpoint, signal }: Call,
): Promise<Response> {
  const suffix = region.startsWith("cn-") ? ".cn" : "";
  const url = endpoint ?? `https://${host}.${region}.amazonaws.com${suffix}/`;
  const headers = {
    "content-type": `application/x-amz-json-${version}`,
    "x-amz-target": `${target}.${action}`,
  };
  const request = { method: "POST", url, headers, body };
  const signer = new AwsV4Signer({ ...request, ...keys, service, region });
  return fetch(url, { ...request, headers: (await signer.sign()).headers, redirect: "error", signal });
}

const errorBody = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** What an answer says that is an error of a service; the type may have its namespace before it. */
export function awsErrorOf(text: string): { code: string; message: string } {
  try {
    const { __type, message, Message } = errorBody.parse(JSON.parse(text));
    return { code: __type.replace(/^.*#/, ""), message: message ?? Message ?? "" };
  } catch {
    return { code: "Unreadable", message: "the answer is no error of AWS's" };
  }
}
