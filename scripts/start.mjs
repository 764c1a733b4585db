import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { loadDotEnv, migrate, root, setup } from "./setup.mjs";

/** `npm start`: everything from a fresh clone to a served page. */

loadDotEnv();
const host = "127.0.0.1";
const port = Number(process.env.PORT ?? 3000);

function portIsFree() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

if (!(await portIsFree())) {
  console.error(`Port ${port} is taken. Choose another: PORT=${port + 1} npm start`);
  process.exit(1);
}
setup();
migrate();
const server = spawn(
  process.execPath,
  [join(root, "node_modules/next/dist/bin/next"), "start", "--hostname", host, "--port", String(port)],
  { cwd: root, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, NODE_ENV: "production" } },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 0));

for (;;) {
  const answered = await fetch(`http://${host}:${port}/api/health`).then(
    () => true,
    () => false,
  );
  if (answered) break;
  await new Promise((resolve) => setTimeout(resolve, 100));
}
console.log(`\n  Cytodesk is at http://${host}:${port}   (Ctrl-C stops it)\n`);
