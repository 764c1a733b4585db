import { describe, expect, it } from "vitest";
import { dependencies } from "../../package.json";
import { knownFaults, requireSafeVersions } from "./known-bad.mjs";

const idsOf = (installed: Record<string, string>) =>
  knownFaults(installed).map((fault) => /CVE-[\d-]+/.exec(fault)?.[0]);

describe("versions that are known to be dangerous", () => {
  it.each([
    ["react", "19.2.0", "CVE-2025-55182"],
    ["next", "16.0.6", "CVE-2025-66478"],
    ["next", "15.5.6", "CVE-2025-66478"],
    ["next", "15.2.2", "CVE-2025-29927"],
    ["next", "12.0.0", "CVE-2025-29927"],
    ["react", "19.3.0", "CVE-2026-126187"],
    ["next", "16.3.5", "CVE-2026-126187"],
    // Before the release that mended it.
    ["next", "16.4.1-canary.3", "CVE-2026-126187"],
  ])("%s %s has %s", (name, version, id) => expect(idsOf({ [name]: version })).toContain(id));

  it.each([
    ["react", "19.3.1"],
    ["react", "18.3.1"],
    ["next", "16.4.1"],
    ["next", "16.10.0"],
  ])("%s %s has none", (name, version) => expect(idsOf({ [name]: version })).toEqual([]));

  it("are none that package.json asks for, and none that are installed", () => {
    expect(knownFaults({ next: dependencies.next, react: dependencies.react })).toEqual([]);
    expect(requireSafeVersions).not.toThrow();
  });
});
