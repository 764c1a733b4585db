import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseKind } from "@/lib/database-url";
import { isBrief } from "@/test/brief";
import { AppServer } from "../../../test/app-server";
import { addKey, addPerson, addTeam, SIGN_IN } from "../../../test/people";
import { createThrowawayDatabase } from "../../../test/throwaway";
import { LIMITS } from "./limits";

/** The limits as a real server applies them. */

const database = createThrowawayDatabase();
afterAll(() => database.remove());

const OPEN = { BIND_ADDRESS: "0.0.0.0", INSECURE_NO_AUTH: "1" };

/** Sends as many requests as are allowed and one more, some at a time; how many had each status, and the last answer. */
async function sendOneTooMany(servers: readonly AppServer[], path: string, most: number, init: RequestInit) {
  const statuses: Record<number, number> = {};
  const ask = async (at: number) => {
    const response = await fetch((servers[at % servers.length]?.url ?? "") + path, init);
    const text = await response.text();
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    return { response, text };
  };
  for (let sent = 0; sent < most; sent += 20) {
    await Promise.all(Array.from({ length: Math.min(20, most - sent) }, (_, at) => ask(sent + at)));
  }
  return { ...(await ask(most)), statuses };
}

const anUpload = { method: "POST", headers: { "Content-Type": "text/plain" }, body: "x" };

// What is the same on both kinds of database is tried on one.
const isOther = isBrief && databaseKind(database.url) === "postgresql";

describe.skipIf(isOther)("a server on loopback without sign-in", () => {
  it("counts nothing", async () => {
    const server = await AppServer.start(database.url);
    try {
      const { response, statuses } = await sendOneTooMany(
        [server],
        "/api/v1/batches",
        LIMITS.uploads.most,
        anUpload,
      );
      expect(statuses).toEqual({ 415: LIMITS.uploads.most + 1 });
      expect(response.headers.get("ratelimit")).toBeNull();
    } finally {
      await server.stop();
    }
  });
});

describe.skipIf(isOther)("a server that others reach", () => {
  let server: AppServer;
  beforeAll(async () => {
    server = await AppServer.start(database.url, { ...OPEN, WEB_PROCESSES: "2" });
  });
  afterAll(() => server.stop());

  it("says what is left, and counts in all its processes together", async () => {
    const { most, seconds } = LIMITS.uploads;
    const { response, text, statuses } = await sendOneTooMany([server], "/api/v1/batches", most, anUpload);
    expect(statuses).toEqual({ 415: most, 429: 1 });
    expect(response.headers.get("ratelimit-policy")).toBe(
      `"api";q=${LIMITS.api.most};w=${LIMITS.api.seconds}, "uploads";q=${most};w=${seconds}`,
    );
    expect(response.headers.get("ratelimit")).toMatch(/^"api";r=2879;t=\d+, "uploads";r=0;t=\d+$/);
    const after = Number(response.headers.get("retry-after"));
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThanOrEqual(seconds);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(text)).toMatchObject({
      type: "/api-docs#too-many-requests",
      status: 429,
      detail: expect.stringContaining(`${most} files are answered in ${seconds} seconds`),
    });
  });

  it("answers another address meanwhile", async () => {
    const headers = { ...anUpload.headers, "X-Forwarded-For": "203.0.113.9" };
    const response = await fetch(`${server.url}/api/v1/batches`, { ...anUpload, headers });
    expect(response.status).toBe(415);
  });

  it("counts cases, not only the bodies that they come in", async () => {
    const headers = { "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.10" };
    const body = JSON.stringify({ cases: Array.from({ length: 1_800 }, () => null) });
    const most = Math.floor(LIMITS.rows.most / 1_800);
    const init = { method: "POST", headers, body };
    const { response, statuses } = await sendOneTooMany([server], "/api/v1/predictions", most, init);
    expect(statuses).toEqual({ 422: most, 429: 1 });
    expect(response.headers.get("ratelimit")).toMatch(/"rows";r=0/);
  });

  it("refuses a form in words that its page shows", async () => {
    const headers = { Origin: server.url, "X-Forwarded-For": "203.0.113.11" };
    const { most } = LIMITS.forms;
    const init = { method: "POST", headers: { ...headers, "Next-Action": "none" }, body: "[]" };
    const { response, text, statuses } = await sendOneTooMany([server], "/", most, init);
    expect(statuses).toEqual({ 400: most, 429: 1 });
    expect(text).toContain("refused this request: 1,200 forms are answered in 60 seconds");
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    // Pages are not counted.
    expect((await fetch(`${server.url}/history`, { headers })).status).toBe(200);
  });
});

describe.skipIf(isOther)("a server on which people sign in", () => {
  it("counts each person and each key, wherever they come from", async () => {
    const server = await AppServer.start(database.url, SIGN_IN);
    try {
      await addTeam(database.url, "home");
      const send = (who: Record<string, string>, from = "203.0.113.12") => ({
        ...anUpload,
        headers: { ...anUpload.headers, "X-Forwarded-For": from, ...who },
      });
      const ada = await addPerson(database.url, { role: "predictor" });
      const { most } = LIMITS.uploads;
      const { statuses } = await sendOneTooMany([server], "/api/v1/batches", most, send(ada));
      expect(statuses).toEqual({ 415: most, 429: 1 });
      // Whose they were, once.
      const reached = /"event":"limit_reached",[^\n]*"limit":"uploads","asker":"person [\w-]+"/g;
      await expect.poll(() => server.log.match(reached)).toHaveLength(1);
      const statusFor = async (init: RequestInit) =>
        (await fetch(`${server.url}/api/v1/batches`, init)).status;
      expect(await statusFor(send(ada, "203.0.113.13"))).toBe(429);
      expect(await statusFor(send(await addPerson(database.url, { role: "predictor" })))).toBe(415);
      expect(await statusFor(send(await addKey(database.url, { scope: "predict" })))).toBe(415);
      expect(server.log.match(reached)).toHaveLength(1);
    } finally {
      await server.stop();
    }
  });
});

describe.runIf(databaseKind(database.url) === "postgresql")("several machines", () => {
  it("count together, in the database", async () => {
    const settings = { ...OPEN, REPLICAS: "2", BATCH_URL: "s3://nowhere" };
    const servers = await Promise.all([1, 2].map(() => AppServer.start(database.url, settings)));
    try {
      const { most } = LIMITS.uploads;
      const { statuses } = await sendOneTooMany(servers, "/api/v1/batches", most, anUpload);
      expect(statuses).toEqual({ 415: most, 429: 1 });
    } finally {
      await Promise.all(servers.map((one) => one.stop()));
    }
  });
});

/** The rows of the table of docs/limits.md: method, address, bytes, and the answer to one more. */
const CAPS = [
  ...readFileSync("docs/limits.md", "utf8").matchAll(
    /^\| `(POST|PATCH) (\S+)` +\| ([\d,]+) +\| (\d{3})(?:, `(\S+)`)? +\|$/gm,
  ),
].map(([, method = "", path = "", most = "", status = "", where = null]) => ({
  ...{ method, path, most: Number(most.replaceAll(",", "")), status: Number(status), where },
}));

describe.skipIf(isOther)("a body that is too large", () => {
  let server: AppServer;
  beforeAll(async () => {
    server = await AppServer.start(database.url);
  });
  afterAll(() => server.stop());

  const announce = (path: string, method: string, type: string, length: number) =>
    new Promise<{ status?: number; location?: string }>((resolve, reject) => {
      const headers = { Origin: server.url, "Content-Type": type, "Content-Length": length };
      const sent = httpRequest(server.url + path, { method, headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, location: response.headers.location });
        sent.destroy();
      });
      sent.on("error", reject);
      sent.flushHeaders();
    });

  it("is in the table", () => expect(CAPS).toHaveLength(10));

  it.each(CAPS)(
    "is refused before it came: $method $path of $most",
    async ({ method, path, most, status, where }) => {
      const isFile = where !== null;
      const type = isFile
        ? "multipart/form-data; boundary=x"
        : path === "/api/v1/batches"
          ? "text/csv"
          : "application/json";
      const answer = await announce(path.replace("{id}", crypto.randomUUID()), method, type, most + 1);
      expect(answer).toEqual({ status, location: where ?? undefined });
    },
  );
});
