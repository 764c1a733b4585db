import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadAccess, loadApi, loadPreflight, root } from "../scripts/setup.mjs";
import { asksForFrontPage, readFrontPage } from "./front-page.mjs";
import { checkPort, listen } from "./listening.mjs";
import { gatherMetrics, tellMetrics } from "./metrics-of-all.mjs";
import { limitUnderway } from "./overload.mjs";
import {
  apiRefusal,
  asksForApi,
  badRequest,
  hashOf,
  noncePolicy,
  refusal,
  securityHeaders,
  settleHost,
} from "./request-guard.mjs";
import { endSlowPeers } from "./slow-peers.mjs";
import { passOnSignals, stopWhenAsked } from "./stopping.mjs";

/**
 * Serves the built application (or, with --dev, the sources) at BIND_ADDRESS and PORT from WEB_PROCESSES processes, once the
 * settings and the database are found to be usable.
 * The check of host and origin and the nonce are here rather than in Next's proxy.ts, which costs a third of a server action.
 * The empty form is answered here as well, as the build made it.
 * docs/decisions/0003-server.md, docs/decisions/0005-saving-together.md, docs/decisions/0019-static-front-page.md
 */

/** The header by which next.config.js has the empty form made anew. */
const ON_REQUEST = "x-made-on-request";

const development = process.argv.includes("--dev");

/** Fewer of glibc's arenas: each keeps what has been freed in it, 30 MB more of a process that works on a batch. */
const CHILD_ENV = { MALLOC_ARENA_MAX: "2", ...process.env };

const LONGEST_REQUEST_MS = 60 * 60_000;
const IDLE_MS = 75_000;

/** lib/server/start.ts calls what stands here, once in each web process, when the application is ready. */
const STARTED = Symbol.for("cytodesk.started");

/** What a web process says to the one above it once it listens. */
const SERVING = "serving";

/** The API, loaded with the first request for it: that costs 0.4 s of processor time and 36 MB. */
let loading;
const api = () => {
  loading ??= loadApi();
  return loading;
};
/** Its reference is a page, which asks for it here: lib/server/api/document.ts. */
globalThis[Symbol.for("cytodesk.loadApi")] = api;

async function serve(settings, ofPages) {
  const { APP_NAME, areLimitsOn, exposureOf, FIRST_SCRIPT, FORM_KEY_COOKIE, REFUSED } = ofPages;
  const { PORT: port, BIND_ADDRESS: bindAddress, SIGN_IN_SECRET: secret } = settings;
  const { hosts, address, isOpenToAll } = exposureOf(settings);
  // The process that only supervises does without, 10 MB.
  const { default: next } = await import("next");
  const app = next({
    dev: development,
    dir: root,
    hostname: "127.0.0.1",
    port,
    turbopack: development,
  });
  const started = new Promise((resolve) => {
    globalThis[STARTED] = resolve;
  });
  await app.prepare();
  // Next goes on with its start behind this promise, and would take requests meanwhile.
  await started;
  const handle = app.getRequestHandler();
  const firstHash = hashOf(FIRST_SCRIPT);
  const access = secret === undefined ? null : await loadAccess();
  // Where each page has a banner, or says who is signed in, that page too is made on request.
  const isOnRequest = isOpenToAll || access !== null;
  const sendFrontPage =
    development || isOnRequest
      ? null
      : readFrontPage(join(root, ".next/server/app/index.html"), FORM_KEY_COOKIE);
  const formPage = development ? null : await loadFormPage();
  const headers = securityHeaders(settings.PUBLIC_URL);
  const hasLimits = areLimitsOn(settings);
  /** Refuses in the words of who asks. */
  const refuse = (request, response, refused) => {
    if (asksForApi(request)) {
      void api().then(({ refuseProgram }) => refuseProgram(request, response, refused));
      return;
    }
    // To the letter the type of which Next's client takes the text.
    response.writeHead(refused.status, { "Content-Type": "text/plain" });
    response.end(`${REFUSED}${refused.reason}\n`);
  };
  /** Answers a request that is let in, within the limits of who asks. */
  const answerWithin = async (request, response) => {
    const taken = await ofPages.takeAll(request, response);
    if (taken === null) answer(request, response);
    else refuse(request, response, { status: 429, reason: ofPages.refusedBy(taken) });
  };
  const answer = (request, response) => {
    if (asksForApi(request)) {
      void api().then(({ answerProgram }) => answerProgram(request, response));
      return;
    }
    // A form that Next refuses before its end stops the reading of its connection, and would keep the next request waiting.
    request.once("close", () => {
      if (!request.complete && !response.headersSent) response.setHeader("Connection", "close");
    });
    if (sendFrontPage !== null && asksForFrontPage(request)) {
      sendFrontPage(request, response);
      return;
    }
    if (isOnRequest && request.method !== "POST") request.headers[ON_REQUEST] = "1";
    const policy = noncePolicy(randomUUID(), firstHash, development);
    // Next reads the nonce for its own scripts from the policy on the request.
    request.headers["content-security-policy"] = policy;
    response.setHeader("Content-Security-Policy", policy);
    if (formPage !== null && sendsForm(request)) formPage(request, response);
    else void handle(request, response);
  };
  const letIn = hasLimits ? answerWithin : answer;
  const tooMuch = limitUnderway();
  const logs = settings.LOG_REQUESTS !== undefined;
  const isTraced = ofPages.isTraced();
  if (settings.METRICS_TOKEN !== undefined) await ofPages.loadMetrics();
  if (cluster.isWorker) tellMetrics(ofPages.ownMetrics);
  const server = createServer((request, response) => {
    if (logs) logWhenDone(request, response, ofPages.log);
    if (ofPages.measured() !== null) countWhenDone(request, response, ofPages);
    for (const [name, value] of headers) response.setHeader(name, value);
    const isProgram = asksForApi(request);
    const bad = badRequest(request);
    if (bad !== null && !isProgram) {
      response.writeHead(bad.status, { "Content-Type": "text/plain; charset=utf-8", ...bad.headers });
      response.end(`${bad.sentence}\n`);
      return;
    }
    const refused = bad ?? (isProgram ? apiRefusal : refusal)(request, hosts) ?? tooMuch(request, response);
    if (refused !== null) {
      refuse(request, response, refused);
      return;
    }
    settleHost(request.headers);
    const enter = () => {
      if (access === null) {
        void letIn(request, response);
        return;
      }
      const refuseProgram = (refused) => refuse(request, response, refused);
      const go = () => letIn(request, response);
      void access.admit({ request, response, isProgram, refuseProgram, answer: go });
    };
    if (isTraced) ofPages.traceRequest(request, response, enter);
    else enter();
  });
  // An import of gigabytes is read as fast as the database saves it; Node would break it off after five minutes.
  server.requestTimeout = LONGEST_REQUEST_MS;
  // Longer than a proxy keeps an idle connection: one that is closed just as a request is sent would be told as an error.
  server.keepAliveTimeout = IDLE_MS;
  endSlowPeers(server);
  server.on("error", (error) => {
    console.error(whyNotListening(error, bindAddress, port));
    process.exit(1);
  });
  server.on("listening", () => {
    process.send?.(SERVING);
    void announce(APP_NAME, address, access);
  });
  stopWhenAsked(server, listen(server, { port, host: bindAddress }));
}

function countWhenDone({ method, url }, response, { measured, routeOf }) {
  const started = performance.now();
  response.on("close", () => {
    const status = response.statusCode;
    const labels = { route: routeOf(url, status), method: status === 405 ? "other" : method, status };
    measured()?.requests.observe(labels, (performance.now() - started) / 1000);
  });
}

/** A query is left out: it has what people search for. */
function logWhenDone({ method, url }, response, log) {
  const started = performance.now();
  response.on("close", () => {
    const path = url.replace(/[?#].*/s, "").slice(0, 200);
    const requestId = response.getHeader("x-request-id");
    const ms = Math.round(performance.now() - started);
    log("info", "request", {
      method,
      path,
      status: response.statusCode,
      ms,
      done: response.writableFinished,
      requestId,
    });
  });
}

/** Whether a request calls a server action of the form's page. */
const sendsForm = ({ method, url, headers }) =>
  method === "POST" && url === "/" && headers["next-action"] !== undefined;

/**
 * The page of the form by its entrypoint, as Next's adapters call it: the action is found, checked and answered there. What
 * lies before it, Next's router, would find what is known, for a sixth of a save's processor time.
 */
async function loadFormPage() {
  const { filterInternalHeaders } = await import("next/dist/server/lib/server-ipc/utils.js");
  const { handler } = createRequire(import.meta.url)(join(root, ".next/server/app/page.js"));
  return (request, response) => {
    filterInternalHeaders(request.headers);
    handler(request, response, {}).catch((error) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

/** Counts here what the processes that serve are asked. */
async function countForAll() {
  const { RateLimiterClusterMaster } = await import("rate-limiter-flexible");
  new RateLimiterClusterMaster();
}

function whyNotListening({ code, message }, address, port) {
  return code === "EADDRNOTAVAIL"
    ? `${address} is no address of this machine: ${message}. Choose another with BIND_ADDRESS=…`
    : `Port ${port} cannot be used: ${message}. Choose another with PORT=…`;
}

async function announce(name, address, access) {
  if (!cluster.isPrimary && cluster.worker?.id !== 1) return;
  console.log(`\n  ${name} is at ${address}   (Ctrl-C stops it)\n`);
  const link = await access?.firstLink();
  if (link != null) {
    console.log(
      `  Nobody can sign in yet. Whoever opens this link within 24 hours is the administrator:\n  ${link}\n`,
    );
  }
}

/** A process that ends while it serves is replaced; one that never came so far is not, since its successor would not either. */
function superviseProcesses(count) {
  // Bodies and pages are garbage at once: a small young generation keeps a process 60 MB smaller while a file arrives.
  cluster.setupPrimary({ execArgv: [...process.execArgv, "--max-semi-space-size=4"] });
  gatherMetrics();
  let stopping = false;
  const serving = new Set();
  const living = () => Object.values(cluster.workers ?? {});
  for (let started = 0; started < count; started++) cluster.fork(CHILD_ENV);
  cluster.on("message", (worker, message) => {
    if (message === SERVING) serving.add(worker.id);
  });
  cluster.on("exit", (worker, code, signal) => {
    if (stopping) return;
    if (serving.delete(worker.id)) {
      console.error(`A web process ended (${signal ?? code}); starting another.`);
      cluster.fork(CHILD_ENV);
    } else if (living().length === 0) {
      process.exit(code || 1);
    }
  });
  passOnSignals(
    () => living().map((worker) => worker.process),
    () => {
      stopping = true;
    },
  );
}

async function main() {
  // Whoever read the log may be gone: a write that fails would be reported to the same log, and so on for ever.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // Threads, and the path of a SQLite file, start from here.
  process.chdir(root);
  const { readSettings, checkDatabase, ...ofPages } = await loadPreflight();
  const settings = readSettings();
  if (cluster.isWorker) {
    await serve(settings, ofPages);
    return;
  }
  await checkDatabase(settings.DATABASE_URL);
  if (ofPages.areLimitsOn(settings) && settings.WEB_PROCESSES > 1) await countForAll();
  const { PORT, BIND_ADDRESS } = settings;
  await checkPort(PORT, BIND_ADDRESS).catch((error) => {
    throw new Error(whyNotListening(error, BIND_ADDRESS, PORT));
  });
  if (development) await serve(settings, ofPages);
  else superviseProcesses(settings.WEB_PROCESSES);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
