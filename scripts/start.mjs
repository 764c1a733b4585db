import { spawn } from "node:child_process";
import { join } from "node:path";
import { loadDotEnv, migrate, root, setup } from "./setup.mjs";

/** `npm start`: everything from a fresh clone to a served page; `--dev` serves the sources, for `npm run dev`. */

const development = process.argv.includes("--dev");
loadDotEnv();
setup({ withBuild: !development, forServing: true });
migrate();
const server = spawn(process.execPath, [join(root, "scripts", "serve.mjs"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
  env: { ...process.env, NODE_ENV: development ? "development" : "production" },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill("SIGTERM"));
server.on("exit", (code) => process.exit(code ?? 1));
