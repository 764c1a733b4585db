import "server-only";
import { ExponentialBackoff, handleWhenResult, retry } from "cockatiel";
import * as z from "zod";
import { awsErrorOf, callAws, SAGEMAKER } from "@/lib/inference/aws-json";
import { fail, ok, type Result } from "@/lib/result";
import { configuredCredentials, roleCredentials } from "@/lib/server/aws-credentials";
import { log } from "@/lib/server/log";

/**
 * SageMaker's batch transform jobs.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */

const described = z.object({
  TransformJobStatus: z.enum(["InProgress", "Completed", "Failed", "Stopping", "Stopped"]),
  FailureReason: z.string().optional(),
});

export type JobState = { status: z.infer<typeof described>["TransformJobStatus"]; reason: string | null };

/** `code`: SageMaker's, or what was wrong on the way there. */
export type CallError = { code: string; message: string; isTransient: boolean };

const TIMEOUT_MS = 10_000;
const THROTTLED = /^(?:Throttling|TooManyRequests|RequestLimitExceeded|ServiceUnavailable)/;

type Answer = Result<unknown, CallError>;

const insist = retry(
  handleWhenResult((answer) => {
    const { ok, ...rest } = answer as Answer;
    return !ok && "error" in rest && rest.error.isTransient;
  }),
  { maxAttempts: 4, backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 8_000 }) },
);

async function call(region: string, action: string, input: object): Promise<Answer> {
  const answer = await insist.execute(() => callOnce(region, action, JSON.stringify(input)));
  if (!answer.ok && !isMissing(answer.error)) log("warn", "sagemaker_refused", { action, ...answer.error });
  return answer;
}

async function callOnce(region: string, action: string, body: string): Promise<Answer> {
  const keys = configuredCredentials() ?? (await roleCredentials());
  if (keys === undefined) {
    return fail({ code: "NoCredentials", message: "no AWS credentials were found", isTransient: false });
  }
  try {
    const response = await callAws(SAGEMAKER, {
      ...{ region, action, body, keys },
      endpoint: process.env.AWS_ENDPOINT_URL_SAGEMAKER,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return ok(text === "" ? {} : JSON.parse(text));
    const { code, message } = awsErrorOf(text);
    const isTransient = response.status >= 500 || response.status === 429 || THROTTLED.test(code);
    return fail({ code, message, isTransient });
  } catch (error) {
    return fail({ code: "Unreachable", message: String(error), isTransient: true });
  }
}

/** Whether a job of this name is not there. */
const isMissing = ({ code, message }: CallError) =>
  code === "ResourceNotFound" || (code === "ValidationException" && /could not find/i.test(message));

/** Creates a job; also ok where there is one of this name. */
export async function createJob(
  region: string,
  job: { TransformJobName: string },
): Promise<Result<void, CallError>> {
  const created = await call(region, "CreateTransformJob", job);
  return created.ok || created.error.code === "ResourceInUse" ? ok(undefined) : created;
}

/** What has become of a job; null where there is none of this name. */
export async function describeJob(region: string, name: string): Promise<Result<JobState | null, CallError>> {
  const answer = await call(region, "DescribeTransformJob", { TransformJobName: name });
  if (!answer.ok) return isMissing(answer.error) ? ok(null) : answer;
  const parsed = described.safeParse(answer.value);
  if (!parsed.success) return fail({ code: "Unreadable", message: parsed.error.message, isTransient: false });
  return ok({ status: parsed.data.TransformJobStatus, reason: parsed.data.FailureReason ?? null });
}

/** Has a job stopped, which takes a while; the error also where it has ended already. */
export async function stopJob(region: string, name: string): Promise<Result<void, CallError>> {
  const stopped = await call(region, "StopTransformJob", { TransformJobName: name });
  return stopped.ok ? ok(undefined) : stopped;
}
