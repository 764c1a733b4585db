import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { table, words } from "../../tables/current";
import type { ApiDescription } from "./api-description";
import { type AwsKeys, announcement, type Hop, type HopSettings } from "./hop";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FUNCTION_NAME = `${words.app.slug}-predict`;
const ENDPOINT_NAME = `${words.app.slug}-serverless`;
const START_TIMEOUT_MS = 30_000;

/** Keys that exist nowhere but on this path: they sign, and open nothing. */
const WEB_KEYS: AwsKeys = { accessKeyId: "AKIALOCALWEBCYTODESK", secretAccessKey: "local-web-secret" };
const LAMBDA_KEYS: AwsKeys = { accessKeyId: "AKIALOCALLAMBDADESK0", secretAccessKey: "local-lambda-secret" };
const API_KEY = "local-key-of-no-account";
const REGION = "eu-central-1";

type HopName = "container" | Hop;

type PathOptions = {
  api: ApiDescription;
  /** 0, the default, takes any free port. */
  ports?: Partial<Record<HopName, number>>;
  log?: (hop: HopName, line: string) => void;
  /** lambda-local, where AWS's own runtime client is not to be used even if it is there. */
  runtime?: "lambda-local";
  throttle?: { perSecond: number; burst: number };
  /** Shorter budgets, for trials that wait for them to end. */
  timeoutsMs?: { gateway: number; lambda: number; endpoint: number };
};

/** The AWS path on loopback, each hop a process of its own. */
export type LocalPath = {
  /** POST /predict of the gateway, and the older contract's resource. */
  modelUrl: string;
  olderUrl: string;
  /** What `x-api-key` must be where the API wants one. */
  apiKey: string;
  /** What a web application needs to be let in. */
  environment: Record<"MODEL_URL" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "AWS_REGION", string>;
  /** Resolves when a hop ends by itself. */
  ended: Promise<string>;
  /** Changes some of what a hop goes by while it runs, to make it fail. */
  change<H extends Hop>(hop: H, how: (settings: HopSettings<H>) => Partial<HopSettings<H>>): Promise<void>;
  /** Takes every hop that was changed back to what it started with. */
  repair(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts container, SageMaker runtime, Lambda and gateway from what `dist/` holds. Rejects where one does not start. */
export async function startPath(options: PathOptions): Promise<LocalPath> {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-aws-"));
  const children: ChildProcess[] = [];
  let noteEnd: (hop: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    noteEnd = resolve;
  });

  async function stop(): Promise<void> {
    await Promise.all(
      children.map((child) => {
        if (child.exitCode !== null || child.signalCode !== null) return undefined;
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        return gone;
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  }

  /** Starts a process and takes its output line by line. */
  function start(hop: HopName, args: string[], env: Record<string, string>): ChildProcess {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    children.push(child);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on("line", (line) => options.log?.(hop, line));
    }
    child.once("exit", () => noteEnd(hop));
    return child;
  }

  const hops = new Map<Hop, { child: ChildProcess; started: object; settings: object }>();

  /** Starts one of the hops beside this file; resolves to its address. */
  async function startHop<H extends Hop>(
    hop: H,
    file: string,
    given: Omit<HopSettings<H>, "port">,
  ): Promise<string> {
    const settings = { port: options.ports?.[hop] ?? 0, ...given };
    const child = start(hop, ["--import", "tsx", join(root, "aws/local", file)], {
      HOP_SETTINGS: JSON.stringify(settings),
    });
    hops.set(hop, { child, started: settings, settings });
    const port = await new Promise<number>((resolve, reject) => {
      child.once("message", (message) => resolve(announcement.parse(message).port));
      child.once("exit", (code) => reject(new Error(`${hop} ended with ${code} before it listened`)));
    });
    return `http://127.0.0.1:${port}`;
  }

  async function tell(hop: Hop, settings: object): Promise<void> {
    const told = hops.get(hop);
    if (told === undefined) throw new Error(`${hop} was not started`);
    told.settings = settings;
    const changed = once(told.child, "message");
    told.child.send(settings);
    await changed;
  }

  const change: LocalPath["change"] = async (hop, how) => {
    const settings = hops.get(hop)?.settings as Parameters<typeof how>[0];
    await tell(hop, { ...settings, ...how(settings) });
  };

  async function repair(): Promise<void> {
    for (const [hop, { started, settings }] of hops) {
      if (settings !== started) await tell(hop, started);
    }
  }

  async function startContainer(): Promise<string> {
    const mlRoot = join(folder, "ml");
    mkdirSync(join(mlRoot, "model"), { recursive: true });
    copyFileSync(join(root, dirname(table.dataFile), "artifact.json"), join(mlRoot, "model/artifact.json"));
    const child = start("container", [join(root, "dist/container/index.cjs"), "serve"], {
      ML_ROOT: mlRoot,
      BIND_ADDRESS: "127.0.0.1",
      MAX_ANSWER_MB: "4",
      SAGEMAKER_BIND_TO_PORT: String(options.ports?.container ?? 0),
    });
    // The container is the real one and tells nobody but its log where it listens.
    const port = await new Promise<string>((resolve, reject) => {
      if (child.stdout) {
        createInterface(child.stdout).on("line", (line) => {
          const [, found] = /"event":"serving","port":(\d+)/.exec(line) ?? [];
          if (found !== undefined) resolve(found);
        });
      }
      child.once("exit", (code) => reject(new Error(`the container ended with ${code}`)));
    });
    return `http://127.0.0.1:${port}`;
  }

  async function startAll(): Promise<LocalPath> {
    const container = await startContainer();
    const sagemaker = await startHop("sagemaker", "sagemaker-runtime.ts", {
      container,
      endpointName: ENDPOINT_NAME,
      region: REGION,
      keys: LAMBDA_KEYS,
      maxConcurrency: 5,
      containerTimeoutMs: 60_000,
    });
    const lambda = await startHop("lambda", "lambda.ts", {
      functionName: FUNCTION_NAME,
      taskRoot: join(root, "dist/lambda"),
      runtime: options.runtime ?? null,
      environment: {
        ENDPOINT_NAME,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: LAMBDA_KEYS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: LAMBDA_KEYS.secretAccessKey,
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sagemaker,
        POWERTOOLS_SERVICE_NAME: words.app.slug,
        POWERTOOLS_METRICS_NAMESPACE: "Cytodesk",
        ...(options.timeoutsMs ? { ENDPOINT_TIMEOUT_MS: String(options.timeoutsMs.endpoint) } : {}),
      },
      timeoutMs: options.timeoutsMs?.lambda ?? 28_000,
      maxEnvironments: 4,
    });
    const gateway = await startHop("gateway", "gateway.ts", {
      lambda,
      functionName: FUNCTION_NAME,
      region: REGION,
      keys: WEB_KEYS,
      apiKeys: [API_KEY],
      api: options.api,
      timeoutMs: options.timeoutsMs?.gateway ?? null,
      throttle: options.throttle ?? null,
    });
    const address = (resource: string) =>
      `${gateway}${options.api.routes.find((route) => route.resource === resource)?.path ?? resource}`;
    const modelUrl = address("/predict");
    return {
      modelUrl,
      olderUrl: address("/api-ml-model"),
      apiKey: API_KEY,
      environment: {
        MODEL_URL: modelUrl,
        AWS_ACCESS_KEY_ID: WEB_KEYS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: WEB_KEYS.secretAccessKey,
        AWS_REGION: REGION,
      },
      ended,
      change,
      repair,
      stop,
    };
  }

  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the AWS path did not start in time")), START_TIMEOUT_MS);
  });
  try {
    return await Promise.race([startAll(), late]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
