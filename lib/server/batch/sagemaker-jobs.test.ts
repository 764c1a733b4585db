import { afterEach, expect, it } from "vitest";
import { startLoopback } from "@/test/loopback";

process.env.AWS_ACCESS_KEY_ID = "AKIATEST";
process.env.AWS_SECRET_ACCESS_KEY = "not-a-secret";
const { createJob, describeJob, stopJob } = await import("./sagemaker-jobs");

type Reply = [status: number, body: object];
let loopback: Awaited<ReturnType<typeof startLoopback>>;
afterEach(() => loopback.close());

async function answering(...replies: Reply[]): Promise<void> {
  loopback = await startLoopback((_, response) => {
    const [status, body] = replies.shift() ?? [500, {}];
    response.writeHead(status).end(JSON.stringify(body));
  });
  process.env.AWS_ENDPOINT_URL_SAGEMAKER = loopback.url;
}

const error = (__type: string, message = ""): Reply => [400, { __type: `com.amazon#${__type}`, message }];
const [region, name] = ["eu-central-1", "cytodesk-1"];

it("asks again where SageMaker is too busy, each time signed", async () => {
  await answering(error("ThrottlingException"), [
    200,
    { TransformJobName: name, TransformJobStatus: "Failed", FailureReason: "x" },
  ]);
  expect(await describeJob(region, name)).toEqual({ ok: true, value: { status: "Failed", reason: "x" } });
  expect(loopback.received).toHaveLength(2);
  for (const { headers, body } of loopback.received) {
    expect(headers["x-amz-target"]).toBe("SageMaker.DescribeTransformJob");
    expect(headers.authorization).toContain("/eu-central-1/sagemaker/aws4_request");
    expect(JSON.parse(body)).toEqual({ TransformJobName: name });
  }
});

it("tells a job that is not there from a refusal, which it does not repeat", async () => {
  await answering(
    error("ValidationException", "Could not find requested job"),
    error("AccessDeniedException"),
  );
  expect(await describeJob(region, name)).toEqual({ ok: true, value: null });
  expect(await stopJob(region, name)).toMatchObject({
    error: { code: "AccessDeniedException", isTransient: false },
  });
  expect(loopback.received).toHaveLength(2);
});

it("takes a job of the same name for the one that was to be made", async () => {
  await answering(error("ResourceInUse"), error("ResourceLimitExceeded"));
  expect(await createJob(region, { TransformJobName: name })).toEqual({ ok: true, value: undefined });
  expect(await createJob(region, { TransformJobName: name })).toMatchObject({
    error: { code: "ResourceLimitExceeded" },
  });
});
