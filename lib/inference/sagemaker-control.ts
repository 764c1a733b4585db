import { AwsV4Signer } from "aws4fetch";

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
 * One call of SageMaker's own API (JSON 1.1), which makes jobs and versions. Signed here, since its SDK is 9 MB.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html
 */
export async function callSageMaker({
  region,
  action,
  body,
  keys,
  endpoint,
  signal,
}: Call): Promise<Response> {
  const suffix = region.startsWith("cn-") ? ".cn" : "";
  const url = endpoint ?? `https://api.sagemaker.${region}.amazonaws.com${suffix}/`;
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `SageMaker.${action}` };
  const request = { method: "POST", url, headers, body };
  const signer = new AwsV4Signer({ ...request, ...keys, service: "sagemaker", region });
  return fetch(url, { ...request, headers: (await signer.sign()).headers, redirect: "error", signal });
}
