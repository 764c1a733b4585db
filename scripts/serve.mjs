import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import next from "next";
import { contentSecurityPolicy, isAllowedHost, SECURITY_HEADERS } from "./request-guard.mjs";

/**
 * Serves the built application (or, with --dev, the sources) on 127.0.0.1:PORT from WEB_PROCESSES processes.
 * The host check and the nonce are here rather than in Next's proxy.ts, which costs a third of a server action.
 * docs/decisions/0003-server.md, docs/decisions/0005-saving-together.md
 */

const HOST = "127.0.0.1";
const port = Number(process.env.PORT || 3000);
const development = process.argv.includes("--dev");
const processes = Number(process.env.WEB_PROCESSES || 1);

const LONGEST_REQUEST_MS = 60 * 60_000;

async function serve() {
  const dir = fileURLToPath(new URL("..", import.meta.url));
  process.chdir(dir);
  const app = next({
    dev: development,
    dir,
    hostname: HOST,
    port,
    turbopack: development,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer((request, response) => {
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    if (!isAllowedHost(request.headers.host, process.env.ALLOWED_HOSTS)) {
      response.writeHead(421, { "Content-Type": "text/plain; charset=utf-8" });
      response.end("Unknown host. Whoever runs Cytodesk can add it to ALLOWED_HOSTS.\n");
      return;
    }
    const policy = contentSecurityPolicy(randomUUID(), development);
    // Next reads the nonce for its own scripts from the policy on the request.
    request.headers["content-security-policy"] = policy;
    response.setHeader("Content-Security-Policy", policy);
    void handle(request, response);
  });
  // An import of gigabytes is read as fast as the database saves it; Node would break it off after five minutes.
  server.requestTimeout = LONGEST_REQUEST_MS;
  server.on("error", (error) => {
    console.error(`Port ${port} cannot be used: ${error.message}. Choose another with PORT=…`);
    process.exit(1);
  });
  server.listen(port, HOST, announce);
}

function announce() {
  if (cluster.isPrimary || cluster.worker?.id === 1) {
    console.log(`\n  Cytodesk is at http://${HOST}:${port}   (Ctrl-C stops it)\n`);
  }
}

function superviseProcesses() {
  let stopping = false;
  for (let count = 0; count < processes; count++) cluster.fork();
  cluster.on("exit", (worker, code, signal) => {
    if (stopping) return;
    // One that never served cannot start, and its successor could not either.
    if (!listening.has(worker.id)) process.exit(code || 1);
    console.error(`A web process ended (${signal ?? code}); starting another.`);
    cluster.fork();
  });
  const listening = new Set();
  cluster.on("listening", (worker) => listening.add(worker.id));
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      stopping = true;
      for (const worker of Object.values(cluster.workers ?? {})) worker?.kill();
      process.exitCode = 0;
    });
  }
}

if (cluster.isPrimary && !development) {
  superviseProcesses();
} else {
  await serve();
  // Ctrl-C reaches the whole group of processes; the first one tells the others when to end.
  if (cluster.isWorker) process.on("SIGINT", () => {});
}
