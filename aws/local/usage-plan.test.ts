import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ensureBundles } from "../../test/bundles";
import { createApp } from "../cdk/application";
import { readApiDescription } from "./api-description";

ensureBundles();

const outdir = mkdtempSync(join(tmpdir(), "cytodesk-plan-"));
afterAll(() => rmSync(outdir, { recursive: true }));

it.each([
  [{}, null],
  [{ apiKey: "true" }, { perSecond: 20, burst: 40, perDay: null }],
  [
    { apiKey: "true", olderCallers: "apiKey" },
    { perSecond: 5, burst: 10, perDay: 5_000 },
  ],
])("reads the usage plan of a template with %j, the stricter of two", (context, plan) => {
  const app = createApp({ context, outdir });
  if (!app.ok) throw new Error(app.error);
  app.value.synth();
  expect(readApiDescription(join(outdir, "CytodeskApi.template.json")).plan).toEqual(plan);
});
