import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, request } from "node:http";
import { findActionId } from "../bench/requests";
import { statusOf } from "../test/status-of";
import { checkAccessibility, expect, saveSample, test } from "./fixtures";

/** The status of an answer to a request under another host name, which a browser or fetch would not let one set. */
function statusFor(
  url: string,
  headers: Record<string, string>,
  { method = "GET", body = "" } = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { ...headers, connection: "close" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end(body);
  });
}

test("answers for its own host names only", async ({ server }) => {
  expect(await statusFor(server.url, { host: "evil.example" })).toBe(421);
  expect(await statusFor(server.url, { host: "localhost", "x-forwarded-host": "evil.example" })).toBe(421);
  expect(await statusFor(server.url, { host: "localhost" })).toBe(200);
});

test("takes a form and a file from the same pages, whatever proxies say of their host", async ({
  server,
}) => {
  const action = { "next-action": findActionId("app/actions.ts", "predict") };
  const key = "0190c8a0-0000-7000-8000-000000000002";
  const form = { method: "POST", body: JSON.stringify([{ key, values: {} }]) };
  const file = { method: "POST", body: "" };
  const { host } = new URL(server.url);
  const app = "http://localhost:8080";
  const sent: [Record<string, string>, isTaken: boolean][] = [
    [{ host, origin: server.url }, true],
    [{ host: "localhost:8080", origin: app }, true],
    [{ host, origin: app, "x-forwarded-host": "localhost:8080" }, true],
    [{ host, origin: app, "x-forwarded-host": "localhost:8080, 127.0.0.1:81" }, true],
    [{ host, origin: app }, false],
    [{ host, origin: "http://evil.example" }, false],
    [{ host, origin: "null" }, false],
    [{ host }, false],
  ];
  for (const [headers, isTaken] of sent) {
    // Without a file in it, the import leads back to its page.
    for (const [path, request, extra, taken] of [
      ["/", form, action, 200],
      ["/?by=router", form, action, 200],
      ["/history/import/file", file, { "content-type": "multipart/form-data; boundary=x" }, 303],
    ] as const) {
      expect(
        await statusFor(`${server.url}${path}`, { ...headers, ...extra }, request),
        `${path} ${JSON.stringify(headers)}`,
      ).toBe(isTaken ? taken : 403);
    }
  }
});

test("sends a policy with a nonce of its own for each page made on request, and the usual headers", async ({
  request: api,
}) => {
  const [first, second] = [await api.get("/history"), await api.get("/history")];
  const policies = [first, second].map((response) => response.headers()["content-security-policy"] ?? "");
  for (const policy of policies)
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w-]{36}' 'sha256-[\w+/=]{44}' 'strict-dynamic';/);
  expect(policies[0]).not.toBe(policies[1]);
  expect(first.headers()).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
  });
  expect(first.headers()).not.toHaveProperty("x-powered-by");
});

test("sends the front page with the hashes of its inline scripts", async ({ request: api }) => {
  const page = await api.get("/");
  const scripts = [...(await page.text()).matchAll(/<script(?![^>]* src=)[^>]*>(.*?)<\/script>/gs)];
  const hashes = scripts.map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  expect(hashes.length).toBeGreaterThan(1);
  const policy = page.headers()["content-security-policy"] ?? "";
  expect(/script-src ([^;]*);/.exec(policy)?.[1]?.split(" ")).toEqual(["'self'", ...hashes]);
  expect(page.headers()).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
});

test("sends the front page again only where it has changed", async ({ request: api }) => {
  const { etag = "" } = (await api.get("/?utm=1")).headers();
  const again = await api.get("/", { headers: { "If-None-Match": etag } });
  expect([again.status(), (await again.body()).length]).toEqual([304, 0]);
  const other = await api.get("/", { headers: { "If-None-Match": 'W/"other"' } });
  expect(other.status()).toBe(200);
  const uncompressed = await api.get("/", { headers: { "Accept-Encoding": "identity" } });
  expect(uncompressed.headers()).not.toHaveProperty("content-encoding");
  expect(await uncompressed.text()).toBe(await other.text());
  expect((await api.head("/")).status()).toBe(200);
});

test("shows each page that walk.spec.ts does not come by without a violation of its policy", async ({
  page,
  server,
}) => {
  const id = await saveSample(server);
  for (const path of [
    `/?from=${id}`,
    "/filled",
    "/history/selection",
    "/model/cases/297",
    "/classes",
    "/measurements",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
});

test("scales no images", async ({ request: api }) => {
  expect((await api.get("/_next/image?url=%2Ficon-192.png&w=64&q=75")).status()).toBe(404);
});

test("keeps robots out, and has the icons that its manifest names", async ({ page, request: api }) => {
  expect(await (await api.get("/robots.txt")).text()).toContain("Disallow: /\n");
  await page.goto("/");
  const manifest = await page.locator("link[rel=manifest]").getAttribute("href");
  const { icons } = (await (await api.get(manifest ?? "")).json()) as {
    icons: { src: string; type: string }[];
  };
  // The last is what a browser asks for where an answer names none, as a text does.
  for (const { src, type } of [...icons, { src: "/favicon.ico", type: "image/png" }]) {
    const icon = await api.get(src);
    expect([icon.status(), icon.headers()["content-type"]]).toEqual([200, type]);
  }
});

test("reports its health", async ({ request: api }) => {
  const response = await api.get("/api/health");
  expect(response.status()).toBe(200);
  expect(await response.json()).toMatchObject({
    status: "ok",
    database: { writable: true },
    model: {
      ok: true,
      backend: "embedded",
      model: { name: expect.any(String), version: expect.any(String) },
    },
  });
});

test("refuses what is no request for a page, by a status of its own", async ({ server }) => {
  const ask = async (method: string, path: string) => {
    const sent = httpRequest(server.url + path, { method }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  for (const method of ["TRACE", "PUT", "DELETE", "PROPFIND", "OPTIONS"]) {
    for (const path of ["/", "/history", "/api/health", "/history/export"])
      expect([method, path, await ask(method, path)]).toEqual([method, path, 405]);
  }
  for (const path of ["/history/%ff", "/history/%E0%A4%A", "/%"])
    expect([path, await ask("GET", path)]).toEqual([path, 400]);
  expect(await ask("GET", "/history?from=%ff")).toBeLessThan(500);
});

test.describe("an address that is no page", () => {
  test.use({ expectedErrors: [/404/] });

  test("says so and leads back", async ({ page }) => {
    const response = await page.goto("/nothing-here");
    expect(response?.status()).toBe(404);
    await checkAccessibility(page);
    await page.getByRole("link", { name: "New prediction" }).last().click();
    await expect(page.getByRole("heading", { name: "New prediction" })).toBeVisible();
  });
});

test("answers a form sent to its page's entrypoint as Next's router has it answered", async ({ server }) => {
  const Origin = server.url;
  const action = { Origin, "Next-Action": findActionId("app/actions.ts", "predict") };
  const form = JSON.stringify([{ key: "0190c8a0-0000-7000-8000-000000000001", values: {} }]);
  const sent: [status: number, headers: Record<string, string>, body: string][] = [
    [200, action, form],
    [200, { ...action, "Next-Resume": "1", "X-Matched-Path": "/path", "X-Nextjs-Data": "1" }, form],
    [409, { Origin, "Next-Action": "0".repeat(42) }, form],
    [400, { Origin, "Next-Action": "predict" }, form],
    [403, { ...action, Origin: "http://evil.example" }, form],
    [500, action, `[${form.repeat(2)}`],
    [413, action, JSON.stringify([{ key: "x".repeat(1_200_000) }])],
  ];
  for (const [status, headers, body] of sent) {
    // Only the bare address is taken from the router.
    const [direct, routed] = await Promise.all(
      ["/", "/?by=router"].map(async (path) => {
        const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body });
        const text = (await answer.text()).replace(/"digest":"\d+"/, "").replace(/"q":"[^"]*"/, "");
        return { status: answer.status, text, cache: answer.headers.get("cache-control") };
      }),
    );
    expect(direct?.status).toBe(status);
    expect(direct).toEqual(routed);
    // On the same connections: what was refused before its end must not keep them waiting.
    const signal = AbortSignal.timeout(20_000);
    const after = ["/api/health/live", "/theme.css"].map((path) => statusOf(server.url + path, { signal }));
    expect(await Promise.all(after)).toEqual([200, 200]);
  }
});
