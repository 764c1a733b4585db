import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execute } from "lambda-local";
import * as z from "zod";
import { words } from "../../tables/current";
import { announce, hopSettings, logLine } from "./hop";
import { type HttpAnswer, type HttpRequest, listen } from "./http";

/**
 * Stands in for AWS Lambda: the Invoke API before execution environments, each a process in which AWS's own runtime
 * client runs the bundle against a Runtime API of its own. The contracts are AWS's documentation:
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */

const settings = hopSettings("lambda", async () => {
  await Promise.all(environments.map((environment) => environment.restart()));
});

const MAX_PAYLOAD = 6_291_556;
const runtimeFolder = fileURLToPath(new URL("./lambda-runtime/", import.meta.url));
const runtimeRequire = createRequire(`${runtimeFolder}package.json`);

type Outcome = { payload: string; failed: boolean };
type Invocation = { id: string; event: string; deadline: number; settle: (outcome: Outcome) => void };

const runtimeError = (errorType: string, errorMessage: string): Outcome => ({
  payload: JSON.stringify({ errorType, errorMessage }),
  failed: true,
});

/** One execution environment: it takes one invocation at a time. */
type Environment = { busy: boolean; run(event: string): Promise<Outcome>; restart(): Promise<void> };

/** AWS's runtime client in a process of its own. */
async function createEnvironment(clientPath: string): Promise<Environment> {
  let current: Invocation | undefined;
  let giveNext: ((invocation: Invocation) => void) | undefined;
  /** Called when the client asks for work, or has ended. */
  let look: () => void = () => {};
  let client: ChildProcess | undefined;

  function settle(id: string | undefined, outcome: Outcome): boolean {
    if (current === undefined || current.id !== id) return false;
    const { settle } = current;
    current = undefined;
    settle(outcome);
    return true;
  }

  /** The Runtime API, which the client asks for work and tells the outcome. */
  const port = await listen(
    0,
    { maxBytes: MAX_PAYLOAD, tooLarge: { status: 413 } },
    async ({ method, url, body }: HttpRequest): Promise<HttpAnswer> => {
      const [, call, id, what] =
        /^\/2018-06-01\/runtime\/(invocation\/next|init\/error|invocation\/([\w-]+)\/(response|error))$/.exec(
          url.pathname,
        ) ?? [];
      if (call === "invocation/next" && method === "GET") {
        const next = await new Promise<Invocation>((resolve) => {
          giveNext = resolve;
          look();
        });
        return {
          status: 200,
          headers: {
            "lambda-runtime-aws-request-id": next.id,
            "lambda-runtime-deadline-ms": String(next.deadline),
            "lambda-runtime-trace-id": `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")};Sampled=0`,
            "lambda-runtime-invoked-function-arn": `arn:aws:lambda:local:000000000000:function:${settings.functionName}`,
          },
          body: next.event,
        };
      }
      if (call === "init/error") {
        settle(current?.id, { payload: body.toString("utf8"), failed: true });
        return { status: 202 };
      }
      if (what === undefined) return { status: 404 };
      const known = settle(id, { payload: body.toString("utf8"), failed: what === "error" });
      return { status: known ? 202 : 400 };
    },
  );

  function start() {
    giveNext = undefined;
    const started = spawn(process.execPath, [clientPath, "index.handler"], {
      cwd: settings.taskRoot,
      env: {
        NODE_ENV: "production",
        PATH: process.env.PATH,
        ...settings.environment,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
        AWS_LAMBDA_LOG_GROUP_NAME: `/${words.app.slug}/${settings.functionName}`,
        AWS_LAMBDA_LOG_STREAM_NAME: "local",
        // This is not the version of the function's deployed runtime, so that its warning would mislead.
        NODE_OPTIONS: "--no-warnings",
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        LAMBDA_TASK_ROOT: settings.taskRoot,
        _HANDLER: "index.handler",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    client = started;
    for (const stream of [started.stdout, started.stderr]) {
      createInterface(stream).on("line", (line) => logLine(undefined, line));
    }
    started.once("exit", (code, signal) => {
      if (started !== client) return;
      client = undefined;
      settle(current?.id, runtimeError("Runtime.ExitError", `Runtime exited: ${signal ?? code}`));
      look();
    });
  }
  process.once("exit", () => client?.kill("SIGKILL"));
  // An environment of AWS is initialised when it is first needed; this one at once, so that a trial is not slow.
  start();

  return {
    busy: false,
    async restart() {
      settle(current?.id, runtimeError("Runtime.ExitError", "Runtime exited: restarted"));
      client?.kill("SIGKILL");
      start();
      while (giveNext === undefined && client !== undefined)
        await new Promise<void>((resolve) => (look = resolve));
    },
    async run(event) {
      if (client === undefined) start();
      const id = randomUUID();
      const outcome = new Promise<Outcome>((resolve) => {
        current = { id, event, deadline: Date.now() + settings.timeoutMs, settle: resolve };
      });
      const timer = setTimeout(() => {
        const seconds = (settings.timeoutMs / 1000).toFixed(2);
        settle(id, runtimeError("Sandbox.Timedout", `${id} Task timed out after ${seconds} seconds`));
        client?.kill("SIGKILL");
        client = undefined;
      }, settings.timeoutMs);
      // The client asks for its next invocation after it has answered the last one.
      const give = () => {
        if (current?.id !== id || giveNext === undefined) return;
        giveNext(current);
        giveNext = undefined;
      };
      look = give;
      give();
      const result = await outcome;
      clearTimeout(timer);
      return result;
    },
  };
}

const thrownByLambdaLocal = z.object({ errorMessage: z.string(), errorType: z.string().default("Error") });

/** The bundle under lambda-local, for systems where AWS's client cannot be built: one environment in this process. */
function createStandIn(): Environment {
  return {
    busy: false,
    // The bundle is loaded anew for each event.
    async restart() {},
    async run(event) {
      Object.assign(process.env, settings.environment);
      try {
        const answer = await execute({
          event: JSON.parse(event),
          lambdaPath: `${settings.taskRoot}/index.cjs`,
          lambdaHandler: "handler",
          timeoutMs: settings.timeoutMs,
        });
        return { payload: JSON.stringify(answer), failed: false };
      } catch (error) {
        // It rejects with what Lambda's Invoke API would answer.
        const thrown = thrownByLambdaLocal.safeParse(error);
        return thrown.success
          ? runtimeError(thrown.data.errorType, thrown.data.errorMessage)
          : runtimeError("Error", String(error));
      }
    },
  };
}

function findRuntimeClient(): string | null {
  try {
    // Its package lists the compiled part nowhere: where that is missing, so is the client.
    runtimeRequire.resolve("aws-lambda-ric/rapid-client.node");
    return runtimeRequire.resolve("aws-lambda-ric/index.mjs");
  } catch {
    return null;
  }
}

const clientPath = settings.runtime === "lambda-local" ? null : findRuntimeClient();
const environments = [clientPath === null ? createStandIn() : await createEnvironment(clientPath)];
logLine(undefined, clientPath === null ? "runs under lambda-local" : "runs under AWS's runtime client");

async function invoke(event: string): Promise<Outcome | "throttled"> {
  let free = environments.find(({ busy }) => !busy);
  if (free === undefined && clientPath !== null && environments.length < settings.maxEnvironments) {
    free = await createEnvironment(clientPath);
    environments.push(free);
  }
  if (free === undefined) return "throttled";
  free.busy = true;
  try {
    return await free.run(event);
  } finally {
    free.busy = false;
  }
}

const requestIdIn = z.object({ headers: z.record(z.string(), z.string()) });

announce(
  await listen(
    settings.port,
    {
      maxBytes: MAX_PAYLOAD,
      tooLarge: { status: 413, headers: { "x-amzn-errortype": "RequestTooLargeException" }, body: "{}" },
    },
    async ({ method, url, body }): Promise<HttpAnswer> => {
      if (
        method !== "POST" ||
        url.pathname !== `/2015-03-31/functions/${settings.functionName}/invocations`
      ) {
        return { status: 404, headers: { "x-amzn-errortype": "ResourceNotFoundException" }, body: "{}" };
      }
      const event = body.toString("utf8");
      const started = performance.now();
      const outcome = await invoke(event);
      const carried = requestIdIn.safeParse(JSON.parse(event));
      const requestId = carried.success ? carried.data.headers["x-request-id"] : undefined;
      const ms = (performance.now() - started).toFixed(1);
      if (outcome === "throttled") {
        logLine(requestId, "throttled");
        return { status: 429, headers: { "x-amzn-errortype": "TooManyRequestsException" }, body: "{}" };
      }
      logLine(requestId, `${outcome.failed ? "failed" : "answered"} in ${ms} ms`);
      return {
        status: 200,
        headers: outcome.failed ? { "x-amz-function-error": "Unhandled" } : {},
        body: outcome.payload,
      };
    },
  ),
);
