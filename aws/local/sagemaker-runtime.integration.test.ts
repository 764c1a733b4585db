import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startLoopback } from "../../test/loopback";
import { announcement, type HopSettings } from "./hop";

/** SageMaker's stand-in as AWS's own client meets it, over a container that answers what a test says. */
let container: Awaited<ReturnType<typeof startLoopback>>;
let hop: ChildProcess;
let client: SageMakerRuntimeClient;
let port = 0;
let said = "";
let answer: { status: number; body: string } | null = null;
const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
const region = "eu-central-1";

beforeAll(async () => {
  container = await startLoopback((_, response) => {
    if (answer !== null) response.writeHead(answer.status).end(answer.body);
  });
  const settings: HopSettings<"sagemaker"> = {
    ...{ port: 0, container: container.url, endpointName: "cyto-1", region, keys },
    ...{ maxConcurrency: 5, containerTimeoutMs: 100 },
  };
  hop = fork(new URL("./sagemaker-runtime.ts", import.meta.url).pathname, {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, HOP_SETTINGS: JSON.stringify(settings) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  hop.stderr?.on("data", (text) => {
    said += text;
  });
  const [announced] = await once(hop, "message");
  ({ port } = announcement.parse(announced));
  const endpoint = `http://127.0.0.1:${port}`;
  client = new SageMakerRuntimeClient({ endpoint, region, credentials: keys, maxAttempts: 1 });
});
afterAll(async () => {
  client?.destroy();
  hop.kill();
  await container.close();
});

const invoke = () =>
  client.send(new InvokeEndpointCommand({ EndpointName: "cyto-1", Body: "1,2", ContentType: "text/csv" }));

it.each([
  [
    { status: 400, body: '{"error":"row 1"}' },
    'Received client error (400) from primary with message "{"error":"row 1"}".',
  ],
  [{ status: 503, body: "busy" }, 'Received server error (503) from primary with message "busy".'],
  // It does not answer at all.
  [null, 'Received server error (0) from primary with message "Your invocation timed out while waiting'],
])("says of a container's %j what AWS says", async (container, begins) => {
  answer = container;
  const error: unknown = await invoke().catch((thrown) => thrown);
  expect(error).toMatchObject({
    name: "ModelError",
    $metadata: { httpStatusCode: 424 },
    message: expect.stringContaining(begins),
    OriginalStatusCode: container?.status ?? 0,
    OriginalMessage: expect.stringContaining(container?.body ?? "timed out"),
  });
  expect((error as Error).message).toMatch(
    / See https:\/\/eu-central-1\.console\.aws\.amazon\.com\/cloudwatch\/\S+cyto-1 in account \d{12} for more information\.$/,
  );
});

it("answers 500 to a request that it cannot take apart, tells no more than what kind of error, and goes on", async () => {
  const sent = request({ host: "127.0.0.1", port, method: "POST", headers: { host: "[17.99" } }).end("17.99");
  const [response] = (await once(sent, "response")) as [{ statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(500);
  await vi.waitFor(() => expect(said).toBe("failed: TypeError\n"));
  answer = { status: 200, body: "0.5,1" };
  expect((await invoke()).Body?.transformToString()).toBe("0.5,1");
});
