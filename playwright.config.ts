import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./scripts/debian.mjs";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./prisma/throwaway.ts",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  // Generous, for a CI machine with two busy cores; nothing waits this long when it works.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: {
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
