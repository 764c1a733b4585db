import { describe, expect, it } from "vitest";
import { hashOf, hashPolicy, inlineScripts, isAllowedHost, noncePolicy } from "./request-guard.mjs";

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

describe("noncePolicy", () => {
  it("lets no script or style through without nonce or hash in production", () => {
    const policy = noncePolicy("bm9uY2U=", "sha256-aGFzaA==", false);
    expect(policy).toContain("script-src 'self' 'nonce-bm9uY2U=' 'sha256-aGFzaA==' 'strict-dynamic';");
    expect(policy).toContain("style-src 'self' 'nonce-bm9uY2U=';");
    expect(policy).not.toContain("unsafe");
  });
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
