import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import {
  apiRefusal,
  badRequest,
  hashOf,
  hashPolicy,
  inlineScripts,
  noncePolicy,
  refusal,
  securityHeaders,
  settleHost,
} from "./request-guard.mjs";

const OWN = ["localhost", "127.0.0.1", "[::1]"];

const read = (headers: IncomingHttpHeaders, allowed: readonly string[] = OWN) =>
  refusal({ method: "GET", headers }, allowed)?.status ?? 200;
const sent = (headers: IncomingHttpHeaders, allowed: readonly string[] = OWN) =>
  refusal({ method: "POST", headers }, allowed)?.status ?? 200;

describe("refusal", () => {
  it.each(["localhost:3000", "127.0.0.1", "[::1]:80", "LOCALHOST"])("lets one read by %s", (host) => {
    expect(read({ host })).toBe(200);
  });

  it.each([
    undefined,
    "",
    ":80",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "localhost:x",
    "x@localhost",
    "[::2]",
  ])("lets nobody read by %s, nor where a proxy was asked by it", (host) => {
    expect(read({ host })).toBe(421);
    expect(read({ host: "localhost", "x-forwarded-host": host || "?" })).toBe(421);
    expect(read({ host: "localhost", "x-forwarded-host": `localhost, ${host}` })).toBe(421);
  });

  it("answers no name but those of the list, and says which it was", () => {
    expect(read({ host: "Lab.example:8080" }, ["lab.example", "other"])).toBe(200);
    expect(read({ host: "localhost" }, ["lab.example"])).toBe(421);
    const chain = { host: "inner:8080", "x-forwarded-host": "app.example, between:81" };
    expect(refusal({ method: "GET", headers: chain }, ["inner", "app.example"])).toEqual({
      status: 421,
      reason: expect.stringContaining('"between:81"'),
    });
  });

  it.each([
    ["GET", "/api/health/live", 200],
    ["HEAD", "/api/health/ready", 200],
    ["POST", "/api/health/live", 421],
    ["GET", "/api/health", 421],
    ["GET", "/api/health/live/", 421],
    ["GET", "/api/health/live?x=/api/health/ready", 421],
    ["GET", "//evil.example/api/health/live", 421],
  ])("answers %s %s by an address that is not ours with %i", (method, url, status) => {
    const headers = { host: "10.20.0.7:3000" };
    expect(refusal({ method, url, headers }, OWN)?.status ?? 200).toBe(status);
  });

  it.each([
    [{ origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" }, 200],
    [{ origin: "http://localhost", host: "localhost:80" }, 200],
    [{ origin: "https://localhost", host: "LOCALHOST:443" }, 200],
    [{ origin: "https://localhost", host: "localhost:80" }, 403],
    [{ origin: "http://[::1]:3000", host: "[::1]:3000" }, 200],
    [{ origin: "http://evil.example", host: "127.0.0.1:3000" }, 403],
    // Another application of the same machine.
    [{ origin: "http://127.0.0.1:3001", host: "127.0.0.1:3000" }, 403],
    [{ origin: "http://localhost:3000", host: "127.0.0.1:3000" }, 403],
    [{ origin: "null", host: "127.0.0.1:3000" }, 403],
    [{ origin: "", host: "127.0.0.1:3000" }, 403],
    [{ origin: "file://", host: "127.0.0.1:3000" }, 403],
    [{ host: "127.0.0.1:3000" }, 403],
  ])("tells whether a page of ours sent %j", (headers, status) => {
    expect(sent(headers)).toBe(status);
    expect(read(headers)).toBe(200);
  });

  it.each([
    ["nginx with Host $http_host, Caddy", "app.example:8443", undefined, 200],
    ["Apache", "127.0.0.1:3000", "app.example:8443", 200],
    ["two proxies", "127.0.0.1:3000", "app.example:8443, inner:8080", 200],
    ["two proxies, the first of which says nothing", "127.0.0.1:3000", "inner:8080", 403],
    ["nginx's default, the upstream's name", "127.0.0.1:3000", undefined, 403],
    ["nginx with Host $host, which has no port", "app.example", undefined, 403],
    ["a rebound name, and what its page made up", "127.0.0.1:3000", "app.example:8443, evil.example", 421],
    ["a name that is not ours before one that is", "app.example:8443", "evil.example, app.example:8443", 421],
  ])("tells of a page behind %s", (_, host, forwarded, status) => {
    const headers = { origin: "https://app.example:8443", host, "x-forwarded-host": forwarded };
    expect(sent(headers, [...OWN, "app.example", "inner"])).toBe(status);
  });

  it("says what the proxy was asked for and what it passed on", () => {
    const headers = { origin: "https://app.example", host: "127.0.0.1:3000" };
    expect(refusal({ method: "POST", headers }, OWN)?.reason).toMatch(
      /^it comes from a page at https:\/\/app\.example, and was sent to 127\.0\.0\.1:3000\. .*docs\/deploy\.md/,
    );
  });
});

it("settleHost leaves one host, and an origin that is at it", () => {
  const headers = {
    host: "127.0.0.1:3000",
    "x-forwarded-host": "app.example, inner",
    origin: "https://app.example",
  };
  settleHost(headers);
  expect(headers).toEqual({ host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" });
  const read = { host: "localhost" };
  settleHost(read);
  expect(read).toEqual({ host: "localhost" });
});

describe("noncePolicy", () => {
  it("lets no script or style through without nonce or hash in production", () => {
    const policy = noncePolicy("bm9uY2U=", "sha256-aGFzaA==", false);
    expect(policy).toContain("script-src 'self' 'nonce-bm9uY2U=' 'sha256-aGFzaA==' 'strict-dynamic';");
    expect(policy).toContain("style-src 'self' 'nonce-bm9uY2U=';");
    expect(policy).not.toContain("unsafe");
  });
});

it("securityHeaders has browsers use nothing but https for a year, where that is how they come", () => {
  const transport = (url?: string) => new Map(securityHeaders(url)).get("Strict-Transport-Security");
  expect(transport("https://cases.example")).toBe("max-age=31536000");
  expect([transport("http://localhost:3000"), transport()]).toEqual([undefined, undefined]);
});

const PAGE = `<html><script>a = "<b>";\n</script><script src="/a.js" async=""></script>
<SCRIPT id="x" nomodule>b()</SCRIPT><scripture>no</scripture><script></script></html>`;

it("inlineScripts gives the text of each script that is in the page itself, to the letter", () => {
  expect(inlineScripts(PAGE)).toEqual(['a = "<b>";\n', "b()", ""]);
});

it("hashOf names a script as the specification's example does", () => {
  expect(hashOf("alert('Hello, world.');")).toBe("sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
});

it("hashPolicy lets through a page's own scripts and no other inline one", () => {
  const [scripts, styles] = hashPolicy(PAGE).split("; ").slice(1);
  expect(scripts).toBe(
    `script-src 'self' ${['a = "<b>";\n', "b()", ""].map((script) => `'${hashOf(script)}'`).join(" ")}`,
  );
  expect(styles).toBe("style-src 'self'");
});

describe("badRequest", () => {
  it.each([
    ["GET", "/"],
    ["HEAD", "/history?from=%ff"],
    ["POST", "/history/f%C3%BCr"],
    ["PATCH", "/api/v1/predictions/x"],
    ["DELETE", "/api/v1/predictions/x?y"],
    ["OPTIONS", "/v2/models/x/infer"],
  ])("lets %s %s through", (method, url) => expect(badRequest({ method, url })).toBeNull());

  it.each([
    ["TRACE", "/", 405],
    ["OPTIONS", "*", 405],
    ["get", "/", 405],
    ["PATCH", "/history", 405],
    ["DELETE", "/api/health", 405],
    ["OPTIONS", "/api/v10", 405],
    ["TRACE", "/api/v1/model", 405],
    ["GET", "/api/v1/%ff", 400],
    ["GET", "/history/%ff", 400],
    ["GET", "http://evil.example/", 400],
    ["BREW", "/", 405],
    ["BREW", "/api/v1/model", 405],
  ])("refuses %s %s", (method, url, status) => expect(badRequest({ method, url })).toMatchObject({ status }));
});

describe("a form's size", () => {
  const status = (url: string, length: number) =>
    badRequest({ method: "POST", url, headers: { "content-length": String(length) } })?.status ?? 200;

  it.each([
    ["/", 1_102_400],
    ["/?from=x", 1_102_400],
    ["/history", 102_400],
    ["/history/x", 102_400],
    ["/filled", 102_400],
    ["//", 102_400],
    ["/history/x/images", 102_400],
    ["/history/x/y/image", 102_400],
  ])("at %s is %i bytes at most", (url, most) => {
    expect([status(url, most), status(url, most + 1)]).toEqual([200, 413]);
  });

  it.each(["/history/x/image", "/history/x/image?y", "/batch/file", "/api/v1/predictions"])(
    "at %s is told by what takes it",
    (url) => expect(status(url, 1e9)).toBe(200),
  );
});

describe("what a browser says of a page of another site", () => {
  const host = "127.0.0.1:3000";
  const own = { host, origin: "http://127.0.0.1:3000" };
  const from = (site: string, mode = "no-cors", dest = "image") => ({
    "sec-fetch-site": site,
    "sec-fetch-mode": mode,
    "sec-fetch-dest": dest,
  });
  const status = (method: string, url: string, headers: IncomingHttpHeaders) =>
    refusal({ method, url, headers }, OWN)?.status ?? 200;
  const FILES = ["/history/export?format=csv", "/batch/x/export", "/batch/x/bad-rows"];

  it.each(["same-origin", "none"])("lets %s read, take files and send forms", (site) => {
    for (const url of ["/", ...FILES]) expect(status("GET", url, { host, ...from(site) })).toBe(200);
    expect(status("POST", "/", { ...own, ...from(site, "navigate", "document") })).toBe(200);
  });

  it.each(["cross-site", "same-site"])("lets %s lead a person to a page, and nothing else", (site) => {
    const visit = from(site, "navigate", "document");
    expect(status("GET", "/history", { host, ...visit })).toBe(200);
    for (const url of FILES) expect(status("GET", url, { host, ...visit })).toBe(403);
    for (const dest of ["iframe", "embed", "object"]) {
      expect(status("GET", "/history", { host, ...from(site, "navigate", dest) })).toBe(403);
    }
    for (const url of ["/", "/find?q=a", ...FILES])
      expect(status("GET", url, { host, ...from(site) })).toBe(403);
    // Whatever its origin says: a redirect keeps it.
    expect(status("POST", "/", { ...own, ...visit })).toBe(403);
  });
});

describe("apiRefusal", () => {
  const allowed = ["localhost", "127.0.0.1"];
  const host = "127.0.0.1:3000";

  it.each<[string, Record<string, string>]>([
    ["a program", { host }],
    ["a page of ours", { host, origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" }],
    ["a person by the address", { host, "sec-fetch-site": "none" }],
  ])("lets %s through", (_, headers) => expect(apiRefusal({ headers }, allowed)).toBeNull());

  it.each<[string, Record<string, string>, number]>([
    ["another host", { host: "evil.example" }, 421],
    ["a forwarded host that is not ours", { host, "x-forwarded-host": "evil.example" }, 421],
    ["a page of another site", { host, origin: "http://evil.example" }, 403],
    ["a page at another port", { host, origin: "http://127.0.0.1:3001" }, 403],
    ["a page without an origin", { host, origin: "null" }, 403],
    ["an image or a link of another site", { host, "sec-fetch-site": "cross-site" }, 403],
    ["a page of a sister site", { host, "sec-fetch-site": "same-site" }, 403],
  ])("refuses %s", (_, headers, status) =>
    expect(apiRefusal({ headers }, allowed)).toMatchObject({ status }),
  );
});
