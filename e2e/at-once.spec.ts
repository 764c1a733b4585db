import { request as httpRequest } from "node:http";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { statusOf } from "../test/status-of";
import { createSqlite } from "../test/throwaway";
import { test as base, expect, saveSample } from "./fixtures";

/** More than the buffers between server and reader take, so that an export that nobody reads goes on. */
const ROWS = 20_000;

const test = base.extend<{ alone: AppServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
  alone: async ({}, use) => {
    const database = createSqlite();
    const server = await AppServer.start(database.url);
    await use(server);
    await server.stop();
    database.remove();
  },
});

const exportAddress = ({ url }: AppServer) => `${url}/history/export?format=jsonl`;

async function fillHistory(server: AppServer): Promise<void> {
  await saveSample(server);
  const columns = await askDatabase<{ name: string }>(server.databaseUrl, "PRAGMA table_info(prediction)");
  const own: Record<string, string> = {
    id: "printf('01900000-0000-7000-8000-%012d', i)",
    idempotency_key: "'row ' || i",
  };
  await askDatabase(
    server.databaseUrl,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
      INSERT INTO prediction (${columns.map(({ name }) => name)})
      SELECT ${columns.map(({ name }) => own[name] ?? name)} FROM n, prediction WHERE source = 'sample' OR source = 'form'`,
  );
}

/** An export whose file nobody reads. */
async function beginExport(server: AppServer) {
  const over = new AbortController();
  const response = await fetch(exportAddress(server), { signal: over.signal });
  return { status: response.status, response, leave: () => over.abort() };
}

test("a third export at once is refused with a time to wait, and pages go on", async ({ alone }) => {
  await fillHistory(alone);
  // One that nobody takes does not count.
  for (let i = 0; i < 5; i++)
    expect((await fetch(exportAddress(alone), { method: "HEAD" })).status).toBe(200);
  const [first, second] = [await beginExport(alone), await beginExport(alone)];
  expect([first.status, second.status]).toEqual([200, 200]);
  const third = await beginExport(alone);
  expect(third.status).toBe(503);
  expect(third.response.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(await third.response.text()).toMatch(/^2 exports are running already\. .*\.\n$/);
  expect(await statusOf(`${alone.url}/history`)).toBe(200);
  first.leave();
  await expect
    .poll(async () => {
      const next = await beginExport(alone);
      next.leave();
      return next.status;
    })
    .toBe(200);
  second.leave();
});

test("a second import at once is refused with a time to wait", async ({ alone }) => {
  const boundary = "----form";
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nid,created_at\n`;
  const headers = { Origin: alone.url, "Content-Type": `multipart/form-data; boundary=${boundary}` };
  const begin = () => {
    const request = httpRequest(`${alone.url}/history/import/file`, { method: "POST", headers });
    request.on("error", () => {});
    // Where one of those below was before it.
    request.on("response", () => {
      slow = begin();
    });
    request.write(part);
    return request;
  };
  let slow = begin();
  const send = () =>
    fetch(`${alone.url}/history/import/file`, {
      ...{ method: "POST", headers, redirect: "manual" },
      body: `${part}\r\n--${boundary}--\r\n`,
    });
  await expect.poll(async () => (await send()).status).toBe(503);
  const refused = await send();
  expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(await refused.text()).toMatch(/^Another import is running\. .*\.\n$/);
  slow.destroy();
  await expect.poll(async () => (await send()).status).toBe(303);
});

test("another site's page can neither export nor import", async ({ alone }) => {
  const headers = { "Sec-Fetch-Site": "cross-site", Origin: "http://evil.example" };
  expect(await statusOf(exportAddress(alone), { headers })).toBe(403);
  expect(await statusOf(`${alone.url}/history/import/file`, { method: "POST", headers })).toBe(403);
  for (const site of ["none", "same-origin"])
    expect(await statusOf(exportAddress(alone), { headers: { "Sec-Fetch-Site": site } })).toBe(200);
});
