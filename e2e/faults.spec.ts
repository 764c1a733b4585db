import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { AppServer } from "../test/app-server";
import { askDatabase, blockWriters, countPredictions } from "../test/database";
import { submitForm } from "../test/submit-form";
import { createThrowawayDatabase, TEST_DATABASE } from "../test/throwaway";
import { test as base, checkAccessibility, expect, predict } from "./fixtures";

const TIMEOUT_MS = 2000;

const json =
  (body: string): RequestListener =>
  (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  };
const answer = (probability: unknown) =>
  JSON.stringify({
    predictions: [{ diagnosis: "M", probability, contributions: null }],
    model: { name: "remote", version: "7", hash: null, threshold: 0.5 },
    requestId: "r",
  });

/** A gateway on loopback that does what a test tells it to. */
class Gateway {
  act: RequestListener = json(answer(0.9));
  requests = 0;
  readonly #server: Server = createServer((request, response) => {
    this.requests += 1;
    request.resume();
    this.act(request, response);
  });
  #port = 0;

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/predict`;
  }
}

/** A gateway that works until a test tells it not to, and the application behind it; a worker's tests share them. */
const test = base.extend<{ gateway: Gateway; remote: AppServer }, { rig: [Gateway, AppServer] }>({
  rig: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const gateway = new Gateway();
      await gateway.listen();
      const database = createThrowawayDatabase();
      const remote = await AppServer.start(database.url, {
        MODEL_URL: gateway.url,
        MODEL_TIMEOUT_MS: String(TIMEOUT_MS),
      });
      await use([gateway, remote]);
      await remote.stop();
      await gateway.close();
      database.remove();
    },
    { scope: "worker" },
  ],
  gateway: async ({ rig: [gateway] }, use) => use(gateway),
  remote: async ({ rig: [, remote] }, use) => use(remote),
  baseURL: async ({ remote }, use) => use(remote.url),
});

const rows = ({ databaseUrl }: AppServer) => countPredictions(databaseUrl);

async function send(page: Page) {
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
}

type Fault = { name: string; says: RegExp; break: (gateway: Gateway) => void | Promise<void> };
const FAULTS: Fault[] = [
  { name: "down", says: /cannot be reached/, break: (gateway) => gateway.close() },
  {
    name: "hanging",
    says: /did not answer within 2 s/,
    break: (gateway) => {
      gateway.act = () => {};
    },
  },
  {
    name: "502 with HTML",
    says: /error instead of a prediction \(502\)/,
    break: (gateway) => {
      gateway.act = (_, response) =>
        response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad</h1>");
    },
  },
  {
    name: "200 with garbage",
    says: /not with a valid prediction/,
    break: (gateway) => {
      gateway.act = json("{]");
    },
  },
  {
    name: "a probability of 1.7",
    says: /not with a valid prediction/,
    break: (gateway) => {
      gateway.act = json(answer(1.7));
    },
  },
  {
    name: "a benign probability called malignant",
    says: /not with a valid prediction/,
    break: (gateway) => {
      gateway.act = json(answer(0.02));
    },
  },
];

for (const fault of FAULTS) {
  test(`gateway ${fault.name}: says so in time, keeps the form, saves nothing, and the next try works`, async ({
    page,
    gateway,
    remote,
  }) => {
    const before = await rows(remote);
    await fault.break(gateway);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await send(page);
    const timing = (await answered).request().timing();
    expect(timing.responseStart, "milliseconds until the server answers").toBeLessThan(TIMEOUT_MS + 2_000);
    const alert = page.getByRole("alert").filter({ hasText: fault.says });
    await expect(alert).toBeVisible();
    await expect(alert).toContainText("Nothing was saved; your values are still in the form.");
    if (fault.name === "hanging") await checkAccessibility(page);
    await expect(page.getByLabel("Radius, mean")).toHaveValue("17.99");
    expect(await rows(remote)).toBe(before);

    gateway.act = json(answer(0.9));
    if (fault.name === "down") await gateway.listen();
    await predict(page);
    await expect(page.getByRole("region", { name: "Result" })).toContainText("remote 7");
    expect(await rows(remote)).toBe(before + 1);
  });
}

test("a result that cannot be saved is shown as such and can be saved again @postgresql", async ({
  page,
  remote,
}) => {
  const before = await rows(remote);
  const release = await blockWriters(remote.databaseUrl);
  await send(page);
  await expect(page.getByRole("alert").filter({ hasText: "This result is not saved." })).toBeVisible();
  await expect(page.getByRole("region", { name: "Result" })).toContainText("0.900");
  await checkAccessibility(page);
  await release();
  expect(await rows(remote)).toBe(before);
  await page.getByRole("button", { name: "Save again" }).click();
  await expect(page.getByRole("link", { name: "Open this prediction" })).toBeVisible();
  expect(await rows(remote)).toBe(before + 1);
});

test.describe("a server that is gone", () => {
  // What Chromium calls a severed connection depends on the moment: before, at the start of or within an answer.
  test.use({
    expectedErrors: [/ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/],
  });

  test("is told apart from a failing model, and the same form is saved once", async ({ page, remote }) => {
    const before = await rows(remote);
    await page.goto("/");
    await page.getByRole("button", { name: "Benign", exact: true }).click();
    await remote.stop("SIGKILL");
    await page.getByRole("button", { name: "Make prediction" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "The server did not answer." })).toBeVisible();
    await expect(page.getByLabel("Radius, mean")).toHaveValue("8.196");
    await remote.start();
    await predict(page);
    expect(await rows(remote)).toBe(before + 1);
  });

  test("loses no acknowledged row when it is killed among 200 submits @postgresql", async ({
    page,
    remote,
  }) => {
    const acknowledged: string[] = [];
    for (let submit = 0; submit < 200; submit++) {
      // The form itself around the kill; the others as it would send them.
      if (submit < 115 || submit >= 125) {
        acknowledged.push(await submitForm(remote, crypto.randomUUID(), submit));
        continue;
      }
      await page.goto("/");
      await page.getByRole("button", { name: "Malignant", exact: true }).click();
      if (submit === 120) {
        await page.getByRole("button", { name: "Make prediction" }).click();
        await remote.stop("SIGKILL");
        await remote.start();
      } else {
        acknowledged.push(await predict(page));
      }
    }
    expect(new Set(acknowledged).size).toBe(199);
    const saved = await askDatabase<{ id: string }>(remote.databaseUrl, "SELECT id FROM prediction");
    expect(saved.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    // The file is the killed process's own; PostgreSQL's files are another's, which was not killed.
    if (TEST_DATABASE === "sqlite") {
      expect(await askDatabase(remote.databaseUrl, "PRAGMA integrity_check")).toEqual([
        { integrity_check: "ok" },
      ]);
    }
  });
});
