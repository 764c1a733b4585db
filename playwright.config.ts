import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./scripts/debian.mjs";
import { requireSupportedNode } from "./scripts/runtime.mjs";
import { isBrief } from "./test/brief";
import { TEST_DATABASE } from "./test/throwaway";

requireSupportedNode();

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./test/throwaway.ts",
  // On PostgreSQL a journey through every kind of page that writes, and the faults of a database. What each statement
  // does there is for the integration tests, and what a page shows of it is the same on both.
  ...(TEST_DATABASE === "postgresql" ? { grep: /@postgresql/ } : { testIgnore: "replicas.spec.ts" }),
  grepInvert: isBrief ? /@long/ : undefined,
  // One a database, since it is emptied before a run.
  outputDir: `test-results/e2e-${TEST_DATABASE}`,
  // The same wherever they are compared: they are too small to show how a system draws letters.
  snapshotPathTemplate: "{testDir}/pictures/{arg}{ext}",
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
      args: [
        // Letters as wide as their font says, whatever the system would do to them: lines break at the same word everywhere.
        "--font-render-hinting=none",
        // As root, in a container, Chromium has no sandbox to use.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
  },
});
