import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dependencies, type devDependencies } from "../../package.json";
import { tablePath } from "../database/schema-for.mjs";

type Component = {
  type: string;
  name: string;
  group?: string;
  version: string;
  hashes?: { content: string }[];
};

it("the list of packages has each that is installed for serving, none for development, and the model", () => {
  const text = execFileSync(process.execPath, ["scripts/supply/sbom.mjs"], { maxBuffer: 100_000_000 });
  const bom = JSON.parse(text.toString()) as {
    bomFormat: string;
    specVersion: string;
    components: Component[];
  };
  expect(bom).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
  const versions = new Map(
    bom.components.map(({ group, name, version }) => [
      group === undefined ? name : `${group}/${name}`,
      version,
    ]),
  );
  for (const [name, version] of Object.entries(dependencies))
    expect([name, versions.get(name)]).toEqual([name, version]);
  for (const name of ["aws-cdk", "knip", "@biomejs/biome"] satisfies (keyof typeof devDependencies)[]) {
    expect(versions.has(name)).toBe(false);
  }
  const artifact = readFileSync(join(tablePath(), "..", "artifact.json"));
  const models = bom.components.filter(({ type }) => type === "machine-learning-model");
  expect(models).toHaveLength(1);
  expect(models[0]?.hashes?.[0]?.content).toBe(createHash("sha256").update(artifact).digest("hex"));
});
