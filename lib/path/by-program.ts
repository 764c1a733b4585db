import type { BackendKind } from "./path-status";

/** What asks the model the same from a shell; `body` is a file with a request. Null where nothing but this process can ask it. */
export function commandFor({
  backend,
  address,
  region,
  signed,
  hasKey = false,
  body = "case.json",
}: {
  backend: BackendKind;
  /** The address that takes a request, or the endpoint's name. */
  address: string;
  region: string | null;
  signed: boolean;
  /** Whether the gateway wants a key of its own too. */
  hasKey?: boolean;
  body?: string;
}): string | null {
  switch (backend) {
    case "embedded":
      return null;
    case "https":
    case "oip":
      return [
        "curl",
        ...(signed
          ? [
              `--aws-sigv4 aws:amz:${region}:execute-api`,
              '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
            ]
          : []),
        ...(hasKey ? ['-H "x-api-key: $MODEL_API_KEY"'] : []),
        `-H 'content-type: application/json' -d @${body}`,
        address,
      ].join(" \\\n  ");
    case "sagemaker":
      return [
        "aws sagemaker-runtime invoke-endpoint",
        `--region ${region} --endpoint-name ${address}`,
        `--content-type application/json --body fileb://${body}`,
        "answer.json",
      ].join(" \\\n  ");
  }
}
