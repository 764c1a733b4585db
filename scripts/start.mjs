import { join } from "node:path";
import { become, ensureNode } from "./runtime.mjs";
import { build, loadDotEnv, loadPreflight, migrate, root, setup } from "./setup.mjs";

/** `npm start`: everything from a fresh clone to a served page; `--dev` serves the sources, for `npm run dev`. */

await ensureNode();
const development = process.argv.includes("--dev");
try {
  loadDotEnv();
  setup({ withBuild: false, forServing: true });
  const { readSettings } = await loadPreflight();
  // Both before the minute that a build takes.
  readSettings();
  migrate();
  if (!development) build();
} catch (error) {
  // A program that failed has said why already.
  if (error.status === undefined) console.error(error.message);
  process.exit(1);
}
await become(process.execPath, [join(root, "server", "serve.mjs"), ...process.argv.slice(2)], {
  ...process.env,
  NODE_ENV: development ? "development" : "production",
});
