import "server-only";
import { env } from "@/lib/server/env";

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** The keys that are set for this process; undefined where none are. */
export function configuredCredentials(): AwsCredentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env();
  return accessKeyId && secretAccessKey
    ? { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN }
    : undefined;
}

const NOT_FOUND_MS = 60_000;
let provider: Promise<() => Promise<AwsCredentials>> | undefined;
let notFoundAt = Number.NEGATIVE_INFINITY;

/** Those of a profile or of the role this machine runs in, as the AWS SDK finds and renews them. */
export async function roleCredentials(): Promise<AwsCredentials | undefined> {
  // Off AWS the search ends in a wait for an address that does not answer.
  if (performance.now() - notFoundAt < NOT_FOUND_MS) return undefined;
  provider ??= import("@aws-sdk/credential-provider-node").then(({ defaultProvider }) =>
    defaultProvider({ timeout: 500, maxRetries: 0 }),
  );
  try {
    return await (await provider)();
  } catch {
    notFoundAt = performance.now();
    return undefined;
  }
}
