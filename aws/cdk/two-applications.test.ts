import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { isBrief } from "../../test/brief";
import { ensureBundles } from "../../test/bundles";
import { namesIn } from "../../test/template-names";

ensureBundles();

const folder = mkdtempSync(join(tmpdir(), "two-applications-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function namesOf(app: { name: string; slug: string } | null): Promise<string[]> {
  vi.resetModules();
  vi.doMock("../../tables/current", async (original) => {
    const table = await original<typeof import("../../tables/current")>();
    return { ...table, words: { ...table.words, ...(app !== null && { app }) } };
  });
  const { createApp } = await import("./application");
  const created = createApp({
    context: {
      ...{ endpoint: "instance", instanceType: "ml.m5.large", web: "ec2", webAllowedIps: "203.0.113.7" },
      ...{ batch: "sagemaker", budgetUsd: "50", alarmEmail: "ops@example.org", apiKey: "true" },
    },
    outdir: join(folder, app?.slug ?? "own"),
  });
  if (!created.ok) throw new Error(created.error);
  return namesIn(created.value.synth().stacks);
}

it.skipIf(isBrief)("has no name that an application for another table has too", async () => {
  const own = await namesOf(null);
  const other = await namesOf({ name: "Credit desk", slug: "credit-desk" });
  expect(own.length).toBeGreaterThan(30);
  expect(other).toHaveLength(own.length);
  // What is a reference says so by its braces; it leads to something of its own.
  const isPlain = (name: string) => !name.includes("{");
  expect(own.filter(isPlain)).toContain("stack CytodeskData");
  expect(other.filter(isPlain)).toContain("stack CreditDeskData");
  expect(own.filter((name) => isPlain(name) && other.includes(name))).toEqual([]);
  expect(other.filter((name) => /cytodesk/i.test(name))).toEqual([]);
});
