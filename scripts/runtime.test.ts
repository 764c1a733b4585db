import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isSupported } from "./runtime.mjs";

it.each(["22.18.0", "22.23.3", "23.0.0", "24.21.0", "26.10.0"])("runs on Node %s", (version) => {
  expect(isSupported(version)).toBe(true);
});

it.each(["18.20.8", "20.20.2", "22.17.1", "27.0.0", ""])("does not run on Node %j", (version) => {
  expect(isSupported(version)).toBe(false);
});

it("runs on the versions that package.json names", () => {
  const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(engines.node).toBe(">=22.18 <27");
});
