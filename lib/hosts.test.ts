import { describe, expect, it } from "vitest";
import { isAllowedHost } from "./hosts";

describe("isAllowedHost", () => {
  it.each(["localhost:3000", "127.0.0.1", "[::1]:80", "LOCALHOST"])("answers %s", (host) => {
    expect(isAllowedHost(host)).toBe(true);
  });

  it.each([
    null,
    "",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "localhost:x",
    "localhost@evil",
    "[::2]",
  ])("refuses %s", (host) => {
    expect(isAllowedHost(host)).toBe(false);
  });

  it("takes the list in place of the defaults", () => {
    expect(isAllowedHost("lab.example:8080", "lab.example, other")).toBe(true);
    expect(isAllowedHost("localhost", "lab.example")).toBe(false);
    expect(isAllowedHost("localhost", " , ")).toBe(true);
  });
});
