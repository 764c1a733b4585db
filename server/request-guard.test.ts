import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, isAllowedHost } from "./request-guard.mjs";

const OWN = ["localhost", "127.0.0.1", "[::1]"];

describe("isAllowedHost", () => {
  it.each(["localhost:3000", "127.0.0.1", "[::1]:80", "LOCALHOST"])("answers %s", (host) => {
    expect(isAllowedHost(host, OWN)).toBe(true);
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
  ])("refuses %s", (host) => {
    expect(isAllowedHost(host, OWN)).toBe(false);
  });

  it("answers no name but those of the list", () => {
    expect(isAllowedHost("Lab.example:8080", ["lab.example", "other"])).toBe(true);
    expect(isAllowedHost("localhost", ["lab.example"])).toBe(false);
  });
});

describe("contentSecurityPolicy", () => {
  it("lets no script or style through without the nonce in production", () => {
    const policy = contentSecurityPolicy("bm9uY2U=", false);
    expect(policy).toContain("script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic';");
    expect(policy).toContain("style-src 'self' 'nonce-bm9uY2U=';");
    expect(policy).not.toContain("unsafe");
  });
});
