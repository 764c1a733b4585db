import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { requireSupportedNode } from "./scripts/runtime.mjs";

requireSupportedNode();

const root = fileURLToPath(new URL(".", import.meta.url));

// `server-only` throws outside a React server build; its own empty entry is what the server gets.
const alias = { "@": root, "server-only": `${root}node_modules/server-only/empty.js` };

const excluded = [...configDefaults.exclude, ".next/**", "dist/**", "e2e/**"];

export default defineConfig({
  resolve: { alias },
  test: {
    // Property tests take their time on a busy machine; nothing waits this long when it works.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["**/*.test.ts"], exclude: [...excluded, "**/*.integration.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude: excluded,
          globalSetup: "test/throwaway.ts",
        },
      },
    ],
  },
});
