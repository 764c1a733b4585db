import { defineConfig } from "@playwright/test";
import { TEST_DATABASE } from "./prisma/throwaway";
import { chromiumPath } from "./scripts/debian.mjs";
import { requireSupportedNode } from "./scripts/runtime.mjs";

requireSupportedNode();

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./prisma/throwaway.ts",
  // On PostgreSQL without what does not depend on the kind of database: the model card reads none, and behind the AWS
  // path predictions are saved as those of faults.spec.ts are. Several servers on one database it alone is for, and it
  // has backup commands of its own.
  testIgnore:
    TEST_DATABASE === "postgresql"
      ? ["model.spec.ts", "aws.spec.ts", "backup.spec.ts", "database-file.spec.ts"]
      : ["replicas.spec.ts"],
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  // Generous, for a CI machine with two busy cores; nothing waits this long when it works.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["json", { outputFile: `test-results/e2e-${TEST_DATABASE}.json` }]],
  use: {
    actionTimeout: 30_000,
    browserName: "chromium",
    launchOptions: {
      executablePath: chromiumPath(),
      // As root, in a container, Chromium has no sandbox to use.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
  },
});
