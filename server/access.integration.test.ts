import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { actor, askingPerson, isNotAllowed, runAs } from "../lib/server/access/actor";
import { askDatabase } from "../test/database";
import { OidcProvider } from "../test/oidc-provider";
import { createThrowawayDatabase } from "../test/throwaway";

/** The door by HTTP: who comes in, as whom, and what everybody else is told. */

const logged = vi.hoisted(() => vi.fn());
vi.mock("@/lib/server/log", () => ({ log: logged }));

const provider = await OidcProvider.start();
const { url, remove } = createThrowawayDatabase();
Object.assign(process.env, {
  DATABASE_URL: url,
  SIGN_IN_SECRET: Buffer.alloc(32, 7).toString("base64"),
  PUBLIC_URL: "https://predictions.example.org",
  OIDC_ISSUER: provider.issuer,
  OIDC_CLIENT_ID: provider.clientId,
  OIDC_CLIENT_SECRET: provider.clientSecret,
});
const { admit } = await import("./access");
const { makeKey } = await import("../lib/server/access/api-key");
const { makeLink } = await import("../lib/server/access/set-up");
const { homeDatabase } = await import("../lib/server/database/db");
const { AUTH_PATH, CLIENT_ADDRESS, signIn } = await import("../lib/server/access/sign-in");

/** Answers who is let in with who they are. */
const server = createServer((request, response) => {
  const isProgram = request.url?.startsWith("/api/v1") === true;
  const answer = () => {
    let who: unknown = null;
    try {
      who = actor();
    } catch (error) {
      if (!isNotAllowed(error)) throw error;
    }
    response.end(JSON.stringify({ who, address: request.headers[CLIENT_ADDRESS], person: askingPerson() }));
  };
  const refuseProgram = ({ status, headers = {} }: { status: number; headers?: Record<string, string> }) => {
    response.writeHead(status, { ...headers, "Content-Type": "application/problem+json" }).end();
  };
  void admit({ request, response, isProgram, refuseProgram, answer });
});
let origin = "";

type Headed = Record<string, string | undefined>;

/** As a program or an older browser: `fetch` would say of each request that a script makes it. */
async function ask(path: string, headers: Headed = {}, method = "GET"): Promise<Response> {
  const sent = request(origin, { path, method, headers: JSON.parse(JSON.stringify(headers)) });
  sent.end();
  const [got] = (await once(sent, "response")) as [IncomingMessage];
  const given = new Headers();
  for (let i = 0; i < got.rawHeaders.length; i += 2)
    given.append(got.rawHeaders[i] ?? "", got.rawHeaders[i + 1] ?? "");
  return new Response(await text(got), { status: got.statusCode, headers: given });
}

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const db = await homeDatabase();
  await db.team.create({ data: { id: "home", name: "Home", createdAt: new Date() } });
});

afterAll(async () => {
  server.close();
  provider.stop();
  await (await homeDatabase()).$disconnect();
  remove();
});

describe("without a session", () => {
  it.each([
    "/sign-in?next=/history",
    "/sign-in/second",
    "/set-up?token=x",
    "/api/health/live",
    "/_next/static/x.js",
    "/icon.svg",
  ])("%s is open, as nobody", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ who: null, person: null });
  });

  it.each([
    ["/", "/sign-in"],
    ["/history?sort=oldest", "/sign-in?next=%2Fhistory%3Fsort%3Doldest"],
    ["//example.org/", "/sign-in"],
    ["/sign-in/other", "/sign-in"],
    ["/sign-inx", "/sign-in?next=%2Fsign-inx"],
    ["/_next/data/x", "/sign-in?next=%2F_next%2Fdata%2Fx"],
    ["/icon.svg/../history", "/sign-in?next=%2Fhistory"],
  ])("%s leads to %s", async (path, location) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, location]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["a server action", "/", { "Next-Action": "x" }, "POST"],
    ["a page's data", "/history", { RSC: "1" }, "GET"],
    ["what a script fetches", "/find?q=a", { "Sec-Fetch-Mode": "cors" }, "GET"],
    ["health", "/api/health", {}, "GET"],
    ["a form", "/history/import/file", {}, "POST"],
  ])("%s is told that nobody is signed in", async (_, path, headers, method) => {
    const answer = await ask(path, headers, method);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toBe("text/plain");
    expect(await answer.text()).toContain("You are not signed in any more.");
  });

  it("of all that better-auth could answer, has what signing in by passkey and provider takes", async () => {
    const { api } = await signIn();
    const found: string[] = [];
    for (const { path, options } of Object.values(api)) {
      // Some have no address, and are called by programs alone.
      if (path === undefined) continue;
      for (const method of [options.method].flat()) {
        const address = AUTH_PATH + path.replace(/:\w+\??/, "oidc");
        const { status } = await ask(address, {}, method);
        if (status !== 404) found.push(`${method} ${path} ${status}`);
      }
    }
    expect(found.sort()).toEqual([
      "GET /callback/:id 302",
      "GET /passkey/generate-authenticate-options 200",
      "GET /passkey/generate-register-options 401",
      "POST /passkey/verify-authentication 400",
      "POST /passkey/verify-registration 401",
    ]);
  });
});

describe("a key", () => {
  it("lets a program into the API alone, by either header, and no cookie counts beside it", async () => {
    const { id, key } = await runAs({ kind: "system", team: "home" }, () =>
      makeKey("A program", ["read"], 1),
    );
    for (const headers of [{ Authorization: `Bearer ${key}` }, { "X-Api-Key": key }]) {
      const answer = await ask("/api/v1/predictions", headers);
      expect(await answer.json()).toMatchObject({ who: { kind: "key", id, team: "home", scopes: ["read"] } });
      expect((await ask("/history", headers)).status).toBe(303);
    }
    for (const headers of [
      {},
      { Authorization: "Bearer x" },
      { "X-Api-Key": `${key}x` },
      { Authorization: "" },
    ]) {
      const refused = await ask("/api/v1/predictions", headers);
      expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    }
  });
});

describe("the address that a request came from", () => {
  it("is what the nearest proxy says, never what the request says of itself", async () => {
    const spoofed = { [CLIENT_ADDRESS]: "203.0.113.1", "X-Forwarded-For": "203.0.113.2, 198.51.100.7" };
    expect(await (await ask("/sign-in", spoofed)).json()).toMatchObject({ address: "198.51.100.7" });
    expect(await (await ask("/sign-in")).json()).toMatchObject({ address: "127.0.0.1" });
  });
});

describe("the provider", () => {
  /** Goes through the provider as a browser does; where it ends, and the cookies then. */
  async function come(claims: { sub: string; email: string; email_verified?: boolean }) {
    provider.claims = { email_verified: true, name: "Grace Hopper", ...claims };
    const begun = await ask("/api/auth/oidc?next=/history");
    expect(begun.status).toBe(303);
    const cookies = begun.headers.getSetCookie().map((one) => one.split(";")[0]);
    const led = await fetch(begun.headers.get("location") ?? "", { redirect: "manual" });
    const back = new URL(led.headers.get("location") ?? "");
    expect(back.origin).toBe(process.env.PUBLIC_URL);
    const ended = await ask(back.pathname + back.search, { Cookie: cookies.join("; ") });
    const given = ended.headers.getSetCookie().map((one) => one.split(";")[0] ?? "");
    const location = new URL(ended.headers.get("location") ?? "", origin);
    return { to: location.pathname, cookies: given.join("; ") };
  }

  it("brings in who was invited, under an address that it has verified, and nobody else", async () => {
    expect(await come({ sub: "1", email: "grace@example.org" })).toMatchObject({ to: "/sign-in" });
    await makeLink({ teamId: "home", role: "predictor", email: "grace@example.org" });
    expect(await come({ sub: "1", email: "grace@example.org", email_verified: false })).toMatchObject({
      to: "/sign-in",
    });
    expect(await askDatabase(url, "SELECT id FROM person")).toEqual([]);

    const { to, cookies } = await come({ sub: "1", email: "Grace@Example.org" });
    expect(to).toBe("/history");
    const answer = await ask("/history", { Cookie: cookies });
    expect(await answer.json()).toMatchObject({
      who: { kind: "person", email: "grace@example.org", role: "predictor" },
    });
    expect(await askDatabase(url, "SELECT id FROM invitation WHERE used_at IS NULL")).toEqual([]);
    expect(JSON.stringify(await askDatabase(url, "SELECT * FROM account"))).not.toMatch(/access token|eyJ/);

    expect(await come({ sub: "1", email: "grace@example.org" })).toMatchObject({ to: "/history" });
    expect(await come({ sub: "2", email: "other@example.org" })).toMatchObject({ to: "/sign-in" });
    // The provider has given Grace's address to somebody else.
    expect(await come({ sub: "2", email: "grace@example.org" })).toMatchObject({ to: "/sign-in" });
    expect(await askDatabase(url, "SELECT id FROM person")).toHaveLength(1);
  });

  it.each([
    ["with another signature", { signature: "AAAA" }],
    ["without one", { head: { alg: "none" }, signature: "" }],
    ["signed with the client's secret", { head: { alg: "HS256" } }],
    ["from another provider", { claims: { iss: "https://other.example" } }],
    ["for another application", { claims: { aud: "another" } }],
    ["that has run out", { claims: { exp: 1 } }],
    ["for another sign-in", { claims: { nonce: "another" } }],
  ])("brings nobody in by a token %s", async (_, wrong) => {
    const claims = { sub: "9", email: "forged@example.org" };
    await makeLink({ teamId: "home", role: "predictor", email: claims.email });
    provider.wrong = wrong;
    try {
      expect(await come(claims)).toMatchObject({ to: "/sign-in" });
    } finally {
      provider.wrong = {};
    }
    expect(await askDatabase(url, `SELECT id FROM person WHERE email = '${claims.email}'`)).toEqual([]);
  });

  it("brings nobody in by an answer that it did not give this browser", async () => {
    const begun = await ask("/api/auth/oidc");
    const led = await fetch(begun.headers.get("location") ?? "", { redirect: "manual" });
    const back = new URL(led.headers.get("location") ?? "");
    const ended = await ask(back.pathname + back.search);
    expect(ended.headers.getSetCookie().join()).not.toContain("session_token=ey");
    expect(ended.headers.getSetCookie().some((one) => /session_token=[^;]/.test(one))).toBe(false);
  });
});
