import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, openAsBlob, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ApiDocument, DocumentedOperation } from "../lib/server/api/document";
import { table } from "../tables/current";
import { AppServer } from "../test/app-server";
import { isBrief } from "../test/brief";
import { askDatabase } from "../test/database";
import { statusOf } from "../test/status-of";
import { createThrowawayDatabase } from "../test/throwaway";
import { checkAccessibility, expect, saveSample, test } from "./fixtures";
import { findLayoutFaults } from "./layout";

const run = promisify(execFile);

const documentOf = async ({ url }: AppServer) =>
  (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as ApiDocument;

/** What runs the text of a sample; `null` where it is not installed here. */
const RUNS: Record<string, { file: string; program: string } | null> = {
  curl: installed("curl", { file: "sample.sh", program: "sh" }),
  TypeScript: { file: "sample.mts", program: process.execPath },
  Python: installed("python3", { file: "sample.py", program: "python3" }),
};

function installed<T>(program: string, how: T): T | null {
  return spawnSync(program, ["--version"]).status === 0 ? how : null;
}

/** Runs the samples of an operation as they are written, in a folder; `before` each. */
async function runSamples(
  operation: DocumentedOperation,
  folder: string,
  before: () => Promise<unknown> = async () => {},
): Promise<void> {
  const { operationId, responses } = operation;
  const isJson = Object.values(responses).some(({ content = {} }) => "application/json" in content);
  const printed = "204" in responses ? /^(204)?$/ : isJson ? /^\{/ : /\S/;
  expect(operation["x-codeSamples"].map(({ label }) => label)).toEqual(Object.keys(RUNS));
  for (const { label, source } of operation["x-codeSamples"]) {
    const how = RUNS[label];
    if (how === null || how === undefined) continue;
    const file = join(folder, how.file);
    writeFileSync(file, source);
    await before();
    // Rejects, with what the sample printed, where it ends with a fault.
    const { stdout } = await run(how.program, [file], {
      cwd: folder,
      env: { ...process.env, FORCE_COLOR: "0" },
    });
    expect(stdout.trim(), `${operationId}, ${label}`).toMatch(printed);
  }
}

/** Operations in an order in which each finds what it needs: what is deleted is not changed any more. */
const inOrder = (operations: DocumentedOperation[], late: string[]) => {
  const rank = ({ operationId }: DocumentedOperation) =>
    operationId.startsWith("delete") ? late.length : late.indexOf(operationId);
  return operations.toSorted((a, b) => rank(a) - rank(b));
};

const exampleId = (operations: DocumentedOperation[]) => {
  const id = operations.flatMap(({ parameters = [] }) => parameters).find(({ name }) => name === "id");
  return String(id?.example ?? id?.schema.example);
};

test("every sample of the document runs as it is written @long", async () => {
  // A database of its own, since it gives a prediction the id of the samples.
  const database = createThrowawayDatabase();
  const server = await AppServer.start(database.url);
  const { paths } = await documentOf(server);
  const operations = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter(({ tags }) => !tags.includes("Batches"));
  const saved = await saveSample(server);
  await askDatabase(
    server.databaseUrl,
    `UPDATE prediction SET id = '${exampleId(operations)}' WHERE id = '${saved}'`,
  );
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-samples-"));
  try {
    for (const operation of inOrder(operations, [])) await runSamples(operation, folder);
  } finally {
    rmSync(folder, { recursive: true });
    await server.stop();
    database.remove();
  }
});

/** What a batch has to be for an operation on it, where that is not "finished". */
const STATES: Record<string, string> = {
  startBatch: "read",
  changeBatch: "read",
  pauseBatch: "running",
  resumeBatch: "paused",
  stopBatch: "paused",
};

test("every sample on batches runs as it is written @long", async () => {
  const database = createThrowawayDatabase();
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-samples-"));
  const batches = join(folder, "batches");
  copyFileSync(table.dataFile, join(folder, "cases.csv"));
  const server = await AppServer.start(database.url, { BATCH_URL: `file:${batches}` });
  try {
    const { paths } = await documentOf(server);
    const operations = Object.values(paths)
      .flatMap((item) => Object.values(item))
      .filter(({ tags }) => tags.includes("Batches"));
    const sent = await fetch(`${server.url}/api/v1/batches?start=true`, {
      method: "POST",
      headers: { "Content-Type": "text/csv" },
      body: await openAsBlob(join(folder, "cases.csv")),
    });
    const made = (await sent.json()) as { id: string; links: { self: string } };
    await expect
      .poll(async () => (await fetch(server.url + made.links.self)).json())
      .toMatchObject({ state: "finished", isWorkedOn: false });
    const id = exampleId(operations);
    await askDatabase(server.databaseUrl, `UPDATE batch SET id = '${id}' WHERE id = '${made.id}'`);
    renameSync(join(batches, made.id), join(batches, id));
    for (const operation of inOrder(operations, ["changeBatch"])) {
      const state = STATES[operation.operationId];
      // Worked on elsewhere, so that nobody here changes it meanwhile.
      const elsewhere = "worker = 'elsewhere 1', work_until = '2999-01-01T00:00:00.000+00:00'";
      const worker = state === undefined ? "worker = NULL, work_until = NULL" : elsewhere;
      const change = `UPDATE batch SET state = '${state ?? "finished"}', ${worker} WHERE id = '${id}'`;
      await runSamples(operation, folder, () => askDatabase(server.databaseUrl, change));
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
    database.remove();
  }
});

test("a page of another site, a foreign host name and a form are refused, and say why as a problem", async ({
  server: { url },
}) => {
  const ask = async (init: RequestInit, path = "/api/v1/predictions") => {
    const response = await fetch(url + path, init);
    return {
      status: response.status,
      body: await response.json(),
      type: response.headers.get("content-type"),
    };
  };
  const type = "application/problem+json";
  const kind = (name: string) => ({ type: `/api-docs#${name}`, requestId: expect.any(String) });
  expect(await ask({ headers: { Origin: "http://evil.example" } })).toMatchObject({
    ...{ status: 403, type },
    body: kind("foreign-origin"),
  });
  expect(await ask({ headers: { "X-Forwarded-Host": "evil.example" } })).toMatchObject({
    ...{ status: 421, type },
    body: kind("misdirected"),
  });
  expect(await ask({ method: "POST", body: new URLSearchParams({ a: "1" }) })).toMatchObject({
    ...{ status: 415, type },
    body: kind("unsupported-media-type"),
  });
  expect(await ask({}, "/api/v1/%ff")).toMatchObject({ status: 400, body: kind("malformed-request") });
  expect(await ask({ method: "OPTIONS" }, "/api/v1/nothing")).toMatchObject({
    status: 404,
    body: kind("not-found"),
  });
  const page = await fetch(`${url}/api/v1/model`, {
    headers: { Origin: url, "Sec-Fetch-Site": "same-origin" },
  });
  expect(page.status).toBe(200);
  expect([...page.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  // Pages keep the methods that they had.
  expect(await statusOf(`${url}/history`, { method: "DELETE" })).toBe(405);
});

test("the reference can be read, followed and copied from @long", async ({ page, server }) => {
  const { paths } = await documentOf(server);
  await page.goto("/");
  await page.getByRole("link", { name: "API", exact: true }).click();
  await expect(page.getByRole("heading", { name: "API", level: 1 })).toBeVisible();
  for (const { summary } of Object.values(paths).flatMap((item) => Object.values(item))) {
    await expect(page.getByRole("heading", { name: summary, level: 3 })).toBeVisible();
  }
  const first = page.getByRole("region", { name: "Predict cases and save the answers" });
  await expect(first.getByText("curl -sS")).toBeVisible();
  await first.getByText("Python", { exact: true }).click();
  await expect(first.getByText("from urllib.request import")).toBeVisible();
  await page.goto("/api-docs#not-one-case");
  await expect(page.getByText("The values do not fit one case.").last()).toBeInViewport();
  // Links within the page lead somewhere.
  const dead = await page.evaluate(() =>
    [...document.querySelectorAll("a[href^='#']")]
      .map((link) => link.getAttribute("href")?.slice(1) ?? "")
      .filter((id) => document.getElementById(id) === null),
  );
  expect(dead).toEqual([]);
  await checkAccessibility(page);
  // Its length would make it the slowest of the pages that e2e/walk.spec.ts looks at.
  for (const width of isBrief ? [320, 1024] : [320, 640, 1024, 1920, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    expect([width, await findLayoutFaults(page)]).toEqual([width, []]);
  }
});
