import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json";

const [, serving = "", development = ""] = readFileSync("docs/dependencies.md", "utf8").split(/^## /m);

/** The packages of a table, in its order. */
const namesIn = (part: string) => [...part.matchAll(/^\| `([^`]+)` +\| \S.*\|$/gm)].map(([, name]) => name);

describe("docs/dependencies.md", () => {
  it("says why each package is there that is installed for serving, and of no other", () =>
    expect(namesIn(serving)).toEqual(Object.keys(packageJson.dependencies)));

  it("says the same of those for development", () =>
    expect(namesIn(development)).toEqual(Object.keys(packageJson.devDependencies)));
});

it("every package is pinned exactly", () => {
  const versions = Object.values({ ...packageJson.dependencies, ...packageJson.devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
