import { readdirSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findActionId } from "../bench/requests";
import { SAMPLES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { addKey, addTeam } from "../test/people";
import { createSqlite } from "../test/throwaway";

const database = createSqlite();
afterAll(() => database.remove());

const CASE = JSON.stringify({ features: SAMPLES[0]?.values });

const ALWAYS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

const chunk = readdirSync(".next/static/chunks").find((name) => name.endsWith(".js"));
const action = { "Next-Action": findActionId("app/actions.ts", "predict"), Origin: "own" };
const foreign = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" };

/** One of each kind of answer, and its status. */
const ANSWERS: [
  kind: string,
  status: number,
  method: string,
  path: string,
  headers?: Record<string, string>,
  body?: string,
][] = [
  ["the front page", 200, "GET", "/"],
  ["a page", 200, "GET", "/history"],
  ["the way of Next's router to a page", 307, "GET", "/history", { RSC: "1" }],
  ["a missing page", 404, "GET", "/nothing-here"],
  ["a missing record", 404, "GET", "/history/0190c8a0-0000-7000-8000-00000000dead"],
  ["a server action", 200, "POST", "/", action, '[{"key":"","values":{}}]'],
  ["a server action that is not known", 400, "POST", "/", { ...action, "Next-Action": "none" }, "[]"],
  ["a redirect", 308, "GET", "/settings"],
  ["a script", 200, "GET", `/_next/static/chunks/${chunk}`],
  ["a file of the site", 200, "GET", "/robots.txt"],
  ["a file to keep", 200, "GET", "/history/export?format=csv"],
  ["a style sheet", 200, "GET", "/theme.css"],
  ["health", 200, "GET", "/api/health"],
  ["the API", 200, "GET", "/api/v1/model"],
  ["an error of the API", 404, "GET", "/api/v1/nothing-here"],
  ["the Open Inference Protocol", 200, "GET", "/v2"],
  ["a refusal for the method", 405, "PUT", "/"],
  ["a refusal for the address", 400, "GET", "/%ff"],
  ["a refusal for the host", 421, "GET", "/", { "X-Forwarded-Host": "evil.example" }],
  ["a refusal for the origin", 403, "POST", "/", { Origin: "http://evil.example" }, "[]"],
  ["a refusal for the site", 403, "GET", "/history/export", foreign],
  ["a refusal for the size", 413, "POST", "/history", { Origin: "own", "Content-Length": "999999" }],
  ["a refusal of the API", 421, "GET", "/api/v1/model", { "X-Forwarded-Host": "evil.example" }],
];

function ask({ url }: AppServer, method: string, path: string, given: Record<string, string>, body = "") {
  const headers = { ...given, ...(given.Origin === "own" && { Origin: url }) };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest(url + path, { method, headers }, (response) => {
      response.resume();
      resolve(response);
    });
    sent.on("error", reject);
    if (given["Content-Length"] === undefined) sent.end(body);
    else sent.flushHeaders();
  });
}

describe("a server that browsers reach by https", () => {
  let server: AppServer;
  beforeAll(async () => {
    const settings = { SIGN_IN_SECRET: Buffer.alloc(32, 7).toString("base64") };
    server = await AppServer.start(database.url, { ...settings, PUBLIC_URL: "https://cases.example" });
  });
  afterAll(() => server.stop());

  it.each([
    ["a page that is open", 200, "/sign-in"],
    ["the way to it", 303, "/history"],
    ["a script", 200, `/_next/static/chunks/${chunk}`],
    ["the API", 401, "/api/v1/model"],
    ["a refusal for the address", 400, "/%ff"],
  ])("has them use nothing else, by %s", async (_, status, path) => {
    const { statusCode, headers } = await ask(server, "GET", path, { Host: "cases.example" });
    expect(headers["strict-transport-security"]).toBe("max-age=31536000");
    expect(headers).toMatchObject(ALWAYS);
    expect(statusCode).toBe(status);
  });

  it("logs keys that open nothing, and what somebody may not do", async () => {
    await addTeam(database.url, "home");
    const key = await addKey(database.url, { scope: "read" });
    const predict = (headers: Record<string, string>) =>
      ask(server, "POST", "/api/v1/predictions", { "Content-Type": "application/json", ...headers }, CASE);
    expect((await predict({ "X-Api-Key": "made-up" })).statusCode).toBe(401);
    expect((await predict(key)).statusCode).toBe(403);
    await expect.poll(() => server.log).toMatch(/"event":"key_refused","address":"127\.0\.0\.1"/);
    expect(server.log).toMatch(
      /"event":"not_allowed",.*"permission":"predict","team":"home","kind":"key","id":"[^"]+"/,
    );
    expect(server.log).not.toContain("made-up");
  });
});

describe("a server", () => {
  let server: AppServer;
  beforeAll(async () => {
    server = await AppServer.start(database.url, { LOG_REQUESTS: "1" });
  });
  afterAll(() => server.stop());

  it.each(ANSWERS)(
    "sends all security headers with %s",
    async (_, status, method, path, given = {}, body) => {
      const { statusCode, headers } = await ask(server, method, path, given, body);
      expect(headers).toMatchObject(ALWAYS);
      expect(headers["strict-transport-security"]).toBeUndefined();
      expect(headers["x-powered-by"]).toBeUndefined();
      const policy = headers["content-security-policy"];
      expect(policy).toMatch(/object-src 'none'; base-uri 'none'; .*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval/);
      if (headers["content-type"]?.startsWith("text/html"))
        expect(policy).toMatch(/script-src 'self' 'nonce-|'sha256-/);
      expect(statusCode).toBe(status);
    },
  );

  it("logs each request without what was searched for", async () => {
    await ask(server, "GET", "/history?text=B-201", {});
    await expect
      .poll(() => server.log)
      .toMatch(/"event":"request","method":"GET","path":"\/history","status":200,/);
    expect(server.log).not.toContain("B-201");
  });

  it("goes on where nobody reads its log any more", async () => {
    server.process.stdout?.destroy();
    server.process.stderr?.destroy();
    // The log of the first is what cannot be written.
    for (let asked = 0; asked < 3; asked++) {
      const signal = AbortSignal.timeout(10_000);
      expect((await fetch(`${server.url}/history`, { signal })).status).toBe(200);
    }
  });
});
