import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API_TEMPLATE, readApiDescription } from "../aws/local/api-description";
import { type LocalPath, startPath } from "../aws/local/path";
import golden from "../tables/wdbc/golden.json" with { type: "json" };
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

/** The path, the application before it, and a container that can take the place of ours. */
type Rig = { path: LocalPath; container: Container; remote: AppServer; log: string[] };

const test = base.extend<Rig, { rig: Rig }>({
  rig: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const log: string[] = [];
      const container = await Container.listen();
      const path = await startPath({
        api: readApiDescription(API_TEMPLATE),
        timeoutsMs: TIMEOUTS_MS,
        log: (hop, line) => log.push(`${hop} ${line}`),
      });
      const database = createThrowawayDatabase();
      const remote = await AppServer.start(database.url, {
        ...path.environment,
        MODEL_TIMEOUT_MS: String(WEB_MS),
      });
      await use({ path, container, remote, log });
      await Promise.all([remote.stop(), path.stop(), container.close()]);
      database.remove();
    },
    { scope: "worker" },
  ],
  path: async ({ rig: { path } }, use) => {
    await use(path);
    await path.repair();
  },
  // Whoever asks for it has it in the place of ours.
  container: async ({ rig: { container }, path }, use) => {
    await path.change("sagemaker", () => ({ container: container.url }));
    await use(container);
  },
  remote: async ({ rig }, use) => use(rig.remote),
  log: async ({ rig }, use) => use(rig.log),
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

test("carries a prediction to the container's model and back, equal to embedded's to the last bit", async ({
  page,
  remote,
  log,
}) => {
  expect(log).toContain("lambda runs under AWS's runtime client");
  const before = await saved(remote);
  const id = await predictSample(page);
  const [malignant] = golden.cases;
  const after = await saved(remote);
  expect(after).toHaveLength(before.length + 1);
  expect(after).toContainEqual({
    id,
    diagnosis: malignant?.diagnosis,
    probability: malignant?.probability,
    backend: "https",
    model_version: golden.model.version,
  });
  await expect(page.getByRole("region", { name: "Result" })).toContainText("Malignant");
});

test("is tested on its page, stop by stop, and one request id is in every hop's log", async ({
  page,
  log,
}) => {
  await page.goto("/path");
  await expect(page.getByText("API Gateway, which calls a Lambda")).toBeVisible();
  await expect(page.getByText("eu-central-1", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Send a test" }).click();
  const outcome = page.getByRole("status");
  await expect(outcome).toContainText("Exactly what Cytodesk's own copy of the model says.");
  const stops = page.getByRole("region", { name: "Form to model, and back" }).getByRole("listitem");
  for (const stop of ["API Gateway", "Lambda", "SageMaker", "Model"]) {
    await expect(stops.filter({ hasText: `${stop}, reached` })).toContainText(/[\d.]+ ms/);
  }
  const requestId = /Request id ([\w-]{36})/.exec((await outcome.textContent()) ?? "")?.[1] ?? "none";
  for (const hop of ["gateway", "lambda", "sagemaker", "container"]) {
    expect(log.filter((line) => line.startsWith(`${hop} `) && line.includes(requestId))).not.toEqual([]);
  }
  expect(log.join("\n"), "no measurement in any log").not.toMatch(/17\.99|122\.8|0\.006193/);
  await checkAccessibility(page);
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

// Before the faults, so that its ten seconds pass while the other worker has work.
test("the circuit opens after failures in a row, the page of the path says so, and it recovers @long", async ({
  page,
  container,
  remote,
}) => {
  const before = (await saved(remote)).length;
  container.act = answerJson({ error: "the model failed" }, 500);
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  const send = page.getByRole("button", { name: "Make prediction" });
  const open = page.getByRole("alert").filter({ hasText: "failed several times in a row" });
  // Each submit makes two attempts; five failed ones open the circuit.
  await expect(async () => {
    await send.click();
    await expect(open).toBeVisible({ timeout: 2_000 });
  }).toPass();
  container.act = linearLearner;

  const other = await page.context().newPage();
  await other.goto("/path");
  await expect(other.getByText("open: it failed several times in a row")).toBeVisible();
  await expect(other.getByRole("row", { name: /model failed/ })).toBeVisible();
  await other.getByRole("button", { name: "Send a test" }).click();
  await expect(other.getByRole("status")).toContainText("It got no further than API Gateway");
  await expect(other.getByRole("listitem").filter({ hasText: "Lambda, not asked" })).toBeVisible();
  await other.close();

  // After ten seconds one request is let through.
  await expect(async () => {
    await send.click();
    await expect(page.getByRole("link", { name: "Open this prediction" })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  expect(await saved(remote)).toHaveLength(before + 1);
});

/** Its name says where it is made, and how: by the container's answer, or by what a hop goes by. */
type Fault = {
  name: string;
  says: RegExp;
  container?: RequestListener;
  change?: (path: LocalPath) => Promise<void>;
};

const hang: RequestListener = () => {};

/** Another function in the place of ours; a folder that is there as long as this file's tests. */
function functionThat(body: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-function-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "index.cjs"), `exports.handler = async () => ${body};\n`);
  return folder;
}

const FAULTS: Fault[] = [
  {
    name: "the gateway's schema refuses the body (400 bad_request)",
    says: /refused these values as not valid/,
    change: (path) =>
      path.change("gateway", ({ api }) => ({
        api: {
          ...api,
          routes: api.routes.map((route) => ({ ...route, requestSchema: { required: ["another"] } })),
        },
      })),
  },
  {
    name: "the gateway does not know the caller (403)",
    says: /refused this application \(403\)/,
    change: (path) =>
      path.change("gateway", ({ keys }) => ({ keys: { ...keys, secretAccessKey: "another" } })),
  },
  {
    name: "the gateway throttles (429)",
    says: /busy or still starting/,
    change: (path) => path.change("gateway", () => ({ throttle: { perSecond: 0.001, burst: 0.5 } })),
  },
  {
    name: "the gateway gives up on the Lambda (504 timeout)",
    says: /did not answer within 4 s/,
    change: (path) => path.change("gateway", () => ({ timeoutMs: 2_200 })),
    container: hang,
  },
  {
    name: "the Lambda's reply is malformed (502)",
    says: /error instead of a prediction \(502\)/,
    change: (path) => path.change("lambda", () => ({ taskRoot: functionThat("({ prediction: 'M' })") })),
  },
  {
    name: "the Lambda runs out of time (502)",
    says: /error instead of a prediction \(502\)/,
    change: (path) =>
      path.change("lambda", () => ({
        timeoutMs: 2_200,
        taskRoot: functionThat("new Promise(() => setInterval(() => {}, 1_000))"),
      })),
  },
  {
    name: "the Lambda's environment is wrong (500 misconfigured)",
    says: /not set up correctly/,
    change: (path) =>
      path.change("lambda", ({ environment }) => ({ environment: { ...environment, ENDPOINT_NAME: "a/b" } })),
  },
  {
    name: "the endpoint does not exist (500 misconfigured)",
    says: /not set up correctly/,
    change: (path) => path.change("sagemaker", () => ({ endpointName: "another" })),
  },
  {
    name: "the Lambda's role may not invoke (500 misconfigured)",
    says: /not set up correctly/,
    change: (path) =>
      path.change("sagemaker", ({ keys }) => ({ keys: { ...keys, secretAccessKey: "another" } })),
  },
  {
    name: "SageMaker throttles (503 model_unavailable)",
    says: /busy or still starting/,
    change: (path) => path.change("sagemaker", () => ({ maxConcurrency: 0 })),
  },
  {
    name: "the container is not there yet (503 model_unavailable)",
    says: /busy or still starting/,
    // The discard port, where nothing listens.
    change: (path) => path.change("sagemaker", () => ({ container: "http://127.0.0.1:9" })),
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

for (const [at, { name, says, container: act, change }] of FAULTS.entries()) {
  test(`${name} is said in time, with nothing saved and nothing lost${at % 4 === 0 ? "" : " @long"}`, async ({
    page,
    path,
    container,
    remote,
  }) => {
    const before = await saved(remote);
    container.act = act ?? linearLearner;
    await change?.(path);
    await page.goto("/");
    await page.getByRole("button", { name: "Malignant", exact: true }).click();
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Make prediction" }).click();
    const timing = (await answered).request().timing();
    expect(timing.responseStart, "milliseconds until the server answers").toBeLessThan(WEB_MS + 1_500);
    await expect(page.getByRole("alert").filter({ hasText: says })).toBeVisible();
    await expect(page.getByLabel("Radius, mean")).toHaveValue("17.99");
    expect(await saved(remote)).toEqual(before);

    // What was made is over with what made it.
    container.act = linearLearner;
    if (change !== undefined) await path.repair();
    await predict(page);
    expect(await saved(remote)).toHaveLength(before.length + 1);
  });
}
