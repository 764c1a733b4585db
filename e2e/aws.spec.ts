import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API_TEMPLATE, readApiDescription } from "../aws/local/api-description";
import { type PathOptions, startPath } from "../aws/local/path";
import golden from "../model/golden.json" with { type: "json" };
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { createThrowawayDatabase } from "../test/throwaway";
import { test as base, checkAccessibility, expect, predict, predictSample } from "./fixtures";

/**
 * Browser -> server action -> gateway -> the Lambda's bundle under AWS's runtime client -> SDK -> SageMaker's runtime ->
 * container -> model, each hop a process of its own; and every failure of docs/aws.md, made where it arises.
 */

// The order of 30 > 29 > 28 > 27 s, for people who wait for tests.
const WEB_MS = 4_000;
const TIMEOUTS_MS = { gateway: 3_500, lambda: 3_000, endpoint: 2_500 };

const api = readApiDescription(API_TEMPLATE);

/** A container that does what a test tells it to. */
class Container {
  act: RequestListener = (_, response) => response.writeHead(500).end("{}");
  readonly #server: Server = createServer((request, response) => {
    request.resume();
    this.act(request, response);
  });

  static async listen(): Promise<Container> {
    const container = new Container();
    await new Promise<void>((resolve) => container.#server.listen(0, "127.0.0.1", resolve));
    return container;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const answerJson =
  (body: unknown, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
/** As SageMaker's built-in linear learner answers. */
const linearLearner = answerJson({ predictions: [{ score: 0.98, predicted_label: 1 }] });

/** How a path differs from the one that is shipped; tests with the same `name` share it. */
type Setting = {
  name: string;
  pathOptions?: Partial<PathOptions>;
  appEnvironment?: Record<string, string>;
};

/** A container, the path before it, and the application before that. */
type Path = { container: Container; remote: AppServer; log: string[]; stop(): Promise<void> };

async function startPathOf({ pathOptions, appEnvironment }: Setting): Promise<Path> {
  const log: string[] = [];
  const container = await Container.listen();
  const path = await startPath({
    api,
    timeoutsMs: TIMEOUTS_MS,
    log: (hop, line) => log.push(`${hop} ${line}`),
    container: container.url,
    ...pathOptions,
  });
  const database = createThrowawayDatabase();
  const remote = await AppServer.start(database.url, {
    ...path.environment,
    MODEL_TIMEOUT_MS: String(WEB_MS),
    ...appEnvironment,
  });
  async function stop() {
    await Promise.all([remote.stop(), path.stop(), container.close()]);
    database.remove();
  }
  return { container, remote, log, stop };
}

/** A worker's path, replaced when a test wants another; it takes longer to start than most tests take. */
class PathFixture {
  #kept: { name: string; path: Path } | undefined;

  async get(setting: Setting): Promise<Path> {
    if (this.#kept?.name === setting.name) return this.#kept.path;
    await this.stop();
    const path = await startPathOf(setting);
    this.#kept = { name: setting.name, path };
    return path;
  }

  async stop(): Promise<void> {
    await this.#kept?.path.stop();
    this.#kept = undefined;
  }
}

const test = base.extend<
  Pick<Path, "container" | "remote" | "log"> & { setting: Setting; path: Path },
  { fixture: PathFixture }
>({
  fixture: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const fixture = new PathFixture();
      await use(fixture);
      await fixture.stop();
    },
    { scope: "worker" },
  ],
  setting: [{ name: "another container" }, { option: true }],
  path: async ({ fixture, setting }, use) => use(await fixture.get(setting)),
  container: async ({ path }, use) => use(path.container),
  remote: async ({ path }, use) => use(path.remote),
  log: async ({ path }, use) => use(path.log),
  baseURL: async ({ remote }, use) => use(remote.url),
});

type SavedRow = {
  id: string;
  diagnosis: string;
  probability: number;
  backend: string;
  model_version: string;
};
const saved = ({ databaseUrl }: AppServer) =>
  askDatabase<SavedRow>(
    databaseUrl,
    "SELECT id, diagnosis, probability, backend, model_version FROM prediction",
  );

test.describe("the whole path", () => {
  test.use({ setting: { name: "our container", pathOptions: { container: undefined } } });

  test("carries a prediction to the container's model and back, equal to embedded's to the last bit", async ({
    page,
    remote,
    log,
  }) => {
    expect(log).toContain("lambda runs under AWS's runtime client");
    const id = await predictSample(page);
    const [malignant] = golden.cases;
    expect(await saved(remote)).toEqual([
      {
        id,
        diagnosis: malignant?.diagnosis,
        probability: malignant?.probability,
        backend: "https",
        model_version: golden.model.version,
      },
    ]);
    await expect(page.getByRole("region", { name: "Result" })).toContainText("Malignant");
  });

  test("is tested on the settings page, hop by hop, and one request id is in every hop's log", async ({
    page,
    log,
  }) => {
    await page.goto("/settings");
    await expect(page.getByText("API Gateway, which calls a Lambda")).toBeVisible();
    await expect(page.getByText("eu-central-1")).toBeVisible();
    await page.getByRole("button", { name: "Test the path" }).click();
    const outcome = page.getByRole("status");
    await expect(outcome).toContainText("Exactly what the model kept here says.");
    for (const hop of ["API Gateway", "Lambda", "SageMaker's runtime", "the model's container"]) {
      await expect(outcome.getByRole("row", { name: hop })).toContainText(/[\d.]+ ms/);
    }
    const requestId = /Request id ([\w-]{36})/.exec((await outcome.textContent()) ?? "")?.[1] ?? "none";
    for (const hop of ["gateway", "lambda", "sagemaker", "container"]) {
      expect(log.filter((line) => line.startsWith(`${hop} `) && line.includes(requestId))).not.toEqual([]);
    }
    expect(log.join("\n"), "no measurement in any log").not.toMatch(/17\.99|122\.8|0\.006193/);
    await checkAccessibility(page);
  });
});

test("an endpoint that answers as SageMaker's linear learner does is served", async ({
  page,
  container,
  remote,
}) => {
  container.act = linearLearner;
  const id = await predictSample(page);
  expect(await saved(remote)).toContainEqual(
    expect.objectContaining({ id, diagnosis: "M", probability: 0.98 }),
  );
});

/** Its name says where it is made, and how. */
type Fault = Setting & { says: RegExp; container?: RequestListener };

const hang: RequestListener = () => {};
const predictRoute = api.routes.filter(({ resource }) => resource === "/predict");

/** Another function in the place of ours; a folder that is there as long as this file's tests. */
const functions = mkdtempSync(join(tmpdir(), "cytodesk-functions-"));
function functionThat(name: string, body: string): string {
  const folder = join(functions, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "index.cjs"), `exports.handler = async () => ${body};\n`);
  return folder;
}
process.once("exit", () => rmSync(functions, { recursive: true, force: true }));

const FAULTS: Fault[] = [
  {
    name: "the gateway's schema refuses the body (400 bad_request)",
    says: /refused these values as not valid/,
    pathOptions: {
      api: {
        ...api,
        routes: predictRoute.map((route) => ({ ...route, requestSchema: { required: ["another"] } })),
      },
    },
  },
  {
    name: "the gateway does not know the caller (403)",
    says: /refused this application \(403\)/,
    appEnvironment: { AWS_SECRET_ACCESS_KEY: "another" },
  },
  {
    name: "the gateway throttles (429)",
    says: /busy or still starting/,
    pathOptions: { throttle: { perSecond: 0.001, burst: 0.5 } },
  },
  {
    name: "the gateway gives up on the Lambda (504 timeout)",
    says: /did not answer within 4 s/,
    pathOptions: { timeoutsMs: { ...TIMEOUTS_MS, gateway: 2_200 } },
    container: hang,
  },
  {
    name: "the Lambda's reply is malformed (502)",
    says: /error instead of a prediction \(502\)/,
    pathOptions: { taskRoot: functionThat("malformed", "({ prediction: 'M' })") },
  },
  {
    name: "the Lambda runs out of time (502)",
    says: /error instead of a prediction \(502\)/,
    pathOptions: {
      timeoutsMs: { ...TIMEOUTS_MS, lambda: 2_200 },
      taskRoot: functionThat("hanging", "new Promise(() => setInterval(() => {}, 1_000))"),
    },
  },
  {
    name: "the Lambda's environment is wrong (500 misconfigured)",
    says: /not set up correctly/,
    pathOptions: { lambdaEnvironment: { ENDPOINT_NAME: "a/b" } },
  },
  {
    name: "the endpoint does not exist (500 misconfigured)",
    says: /not set up correctly/,
    pathOptions: { endpointName: "another" },
  },
  {
    name: "the Lambda's role may not invoke (500 misconfigured)",
    says: /not set up correctly/,
    pathOptions: { lambdaEnvironment: { AWS_SECRET_ACCESS_KEY: "another" } },
  },
  {
    name: "SageMaker throttles (503 model_unavailable)",
    says: /busy or still starting/,
    pathOptions: { maxConcurrency: 0 },
  },
  {
    name: "the container is not there yet (503 model_unavailable)",
    says: /busy or still starting/,
    // The discard port, where nothing listens.
    pathOptions: { container: "http://127.0.0.1:9" },
  },
  {
    name: "the container refuses the request (502 model_contract)",
    says: /does not accept these 30 measurements/,
    container: answerJson({ error: "row 1: expected 4 columns" }, 400),
  },
  {
    name: "the model fails (502 model_failed)",
    says: /failed while it worked on these values/,
    container: answerJson({ error: "the model failed" }, 500),
  },
  {
    name: "the container hangs (504 timeout)",
    says: /did not answer within 4 s/,
    container: hang,
  },
  {
    name: "the model's answer is not one (502 bad_answer)",
    says: /not with a valid prediction/,
    container: answerJson({ predictions: [{ score: 1.7, predicted_label: 1 }] }),
  },
  {
    name: "the model's answer contradicts itself (502 bad_answer)",
    says: /not with a valid prediction/,
    container: answerJson({ predictions: [{ score: 0.98, predicted_label: 0 }] }),
  },
];

for (const fault of FAULTS) {
  test.describe(fault.name, () => {
    const { says, container: act, ...setting } = fault;
    if (setting.pathOptions !== undefined || setting.appEnvironment !== undefined) test.use({ setting });

    test("is said in time, with nothing saved and nothing lost", async ({ page, container, remote }) => {
      const before = await saved(remote);
      container.act = act ?? linearLearner;
      await page.goto("/");
      await page.getByRole("button", { name: "Malignant sample" }).click();
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await page.getByRole("button", { name: "Make prediction" }).click();
      const timing = (await answered).request().timing();
      expect(timing.responseStart, "milliseconds until the server answers").toBeLessThan(WEB_MS + 1_500);
      await expect(page.getByRole("alert").filter({ hasText: says })).toBeVisible();
      await expect(page.getByLabel("Radius, mean")).toHaveValue("17.99");
      expect(await saved(remote)).toEqual(before);
      if (act === undefined) return;

      // What was the container's is over with it.
      container.act = linearLearner;
      await predict(page);
      expect(await saved(remote)).toHaveLength(before.length + 1);
    });
  });
}

test("the circuit opens after failures in a row, the settings page says so, and it recovers", async ({
  page,
  container,
  remote,
}) => {
  const before = (await saved(remote)).length;
  container.act = answerJson({ error: "the model failed" }, 500);
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant sample" }).click();
  const send = page.getByRole("button", { name: "Make prediction" });
  const open = page.getByRole("alert").filter({ hasText: "failed several times in a row" });
  // Each submit makes two attempts; five failed ones open the circuit.
  await expect(async () => {
    await send.click();
    await expect(open).toBeVisible({ timeout: 2_000 });
  }).toPass();
  container.act = linearLearner;

  const settings = await page.context().newPage();
  await settings.goto("/settings");
  await expect(settings.getByText("open: it failed several times in a row")).toBeVisible();
  await expect(settings.getByRole("row", { name: /model failed/ })).toBeVisible();
  await settings.close();

  // After ten seconds one request is let through.
  await expect(async () => {
    await send.click();
    await expect(page.getByRole("link", { name: "Open in the history" })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  expect(await saved(remote)).toHaveLength(before + 1);
});
