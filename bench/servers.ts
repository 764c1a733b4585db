import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { sqlitePath } from "../lib/database-url";
import { freePort } from "../test/free-port";
import { createThrowawayDatabase } from "../test/throwaway";
import { exchange } from "./load";

const root = fileURLToPath(new URL("..", import.meta.url));
const django = fileURLToPath(new URL("./peers/django", import.meta.url));

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

export type Server = {
  port: number;
  pid: number;
  /** From starting the process to the first 200. */
  startMs: number;
  stop: () => Promise<void>;
};

/** How Django can be run here: the Python that has it, and whether that has gunicorn too. */
export type DjangoSetup = { python: string; version: string; gunicorn: string | null };

const GUNICORN = {
  "2 sync workers": ["--workers", "2"],
  "2 workers x 4 threads": ["--workers", "2", "--worker-class", "gthread", "--threads", "4"],
};
export type GunicornKind = keyof typeof GUNICORN;

/** A folder for databases, logs and bundles, and every server of one run; `close` stops and removes all of it. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "cytodesk-bench-"));
  readonly #children = new Set<ChildProcess>();
  readonly #template: { url: string; remove: () => void };
  // Inside node_modules, so that the bundles find the one package that stays outside of them.
  readonly #bundles = join(root, "node_modules", ".cache", "cytodesk-bench");
  #databases = 0;

  constructor() {
    process.once("exit", () => this.#killAll());
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        this.#killAll();
        this.#remove();
        process.exit(130);
      });
    }
    this.#template = createThrowawayDatabase();
    buildSync({
      entryPoints: ["plain", "gateway"].map((peer) => join(root, "bench", "peers", peer, "server.ts")),
      outdir: this.#bundles,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node22",
      external: ["better-sqlite3"],
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#children].map((child) => stop(child)));
    this.#remove();
  }

  #killAll(): void {
    for (const child of this.#children) signalGroup(child, "SIGKILL");
  }

  #remove(): void {
    this.#template.remove();
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.#bundles, { recursive: true, force: true });
  }

  /** The path of a fresh database with the application's tables and no rows. */
  createDatabase(): string {
    const path = join(this.folder, `app-${this.#databases++}.db`);
    const template = sqlitePath(this.#template.url);
    copyFileSync(template, path);
    return path;
  }

  /** The path of a fresh database with the Django peer's table and no rows. */
  createDjangoDatabase({ python }: DjangoSetup): string {
    const path = join(this.folder, `django-${this.#databases++}.db`);
    execFileSync(python, ["manage.py", "migrate", "--run-syncdb", "--verbosity", "0"], {
      cwd: django,
      env: { ...process.env, ...this.#djangoEnvironment(path) },
      stdio: ["ignore", "ignore", "inherit"],
    });
    return path;
  }

  /** The application as `npm start` serves it. */
  async startApp(database: string, settings: Record<string, string> = {}): Promise<Server> {
    const command = (port: number) => ({
      args: [join(root, "server/serve.mjs")],
      cwd: root,
      env: {
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        PORT: String(port),
        DATABASE_URL: `file:${database}`,
        BATCH_URL: `file:${database}-batches`,
        ...settings,
      },
    });
    // Where people sign in, the first page leads there.
    const status = settings.SIGN_IN_SECRET === undefined ? 200 : 303;
    return this.#start("app", process.execPath, command, { status });
  }

  /** The plain Node server; `formHtml` is the path of what it answers as form page. */
  async startPlain(database: string, formHtml?: string): Promise<Server> {
    return this.#start("plain", process.execPath, (port) => ({
      args: [this.#bundle("plain")],
      env: {
        NODE_ENV: "production",
        PORT: String(port),
        DATABASE: database,
        ...(formHtml === undefined ? {} : { FORM_HTML: formHtml }),
      },
    }));
  }

  /** The stub of API Gateway that the Django peer calls. */
  async startGateway(): Promise<Server> {
    return this.#start(
      "gateway",
      process.execPath,
      (port) => ({ args: [this.#bundle("gateway")], env: { PORT: String(port) } }),
      { status: 400 },
    );
  }

  async startRunserver(setup: DjangoSetup, database: string, gateway?: Server): Promise<Server> {
    return this.#start("runserver", setup.python, (port) => ({
      args: ["manage.py", "runserver", "--noreload", `127.0.0.1:${port}`],
      cwd: django,
      env: this.#djangoEnvironment(database, gateway),
    }));
  }

  async startGunicorn(
    setup: DjangoSetup,
    kind: GunicornKind,
    database: string,
    { gateway, wal = false }: { gateway?: Server; wal?: boolean } = {},
  ): Promise<Server> {
    return this.#start("gunicorn", setup.python, (port) => ({
      args: [
        "-m",
        "gunicorn",
        "--bind",
        `127.0.0.1:${port}`,
        "--timeout",
        "120",
        ...GUNICORN[kind],
        "peer.wsgi",
      ],
      cwd: django,
      env: this.#djangoEnvironment(database, gateway, wal),
    }));
  }

  #bundle(peer: "plain" | "gateway"): string {
    return join(this.#bundles, peer, "server.mjs");
  }

  #djangoEnvironment(database: string, gateway?: Server, wal = false): Record<string, string> {
    return {
      DJANGO_SETTINGS_MODULE: "peer.settings",
      // Nothing of a run stays in the checkout.
      PYTHONPYCACHEPREFIX: join(this.folder, "pycache"),
      BENCH_DATABASE: database,
      BENCH_GATEWAY: gateway === undefined ? "" : `http://127.0.0.1:${gateway.port}/`,
      BENCH_WAL: wal ? "1" : "0",
    };
  }

  async #start(
    name: string,
    program: string,
    commandFor: (port: number) => { args: string[]; cwd?: string; env: Record<string, string> },
    { status = 200 } = {},
  ): Promise<Server> {
    const port = await freePort();
    const { args, cwd = root, env } = commandFor(port);
    const logPath = join(this.folder, `${name}-${port}.log`);
    const log = openSync(logPath, "a");
    const started = performance.now();
    const child = spawn(program, args, {
      cwd,
      // Its own process group, so that workers end with it.
      detached: true,
      env: { ...process.env, ...env },
      stdio: ["ignore", log, log],
    });
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    for (;;) {
      const answer = await exchange(port, false, { method: "GET", path: "/" }).catch(() => null);
      if (answer?.status === status) break;
      if (child.exitCode !== null || performance.now() - started > START_TIMEOUT_MS) {
        throw new Error(`${name} does not start:\n${readFileSync(logPath, "utf8").slice(-2000)}`);
      }
      await sleep(10);
    }
    return {
      port,
      pid: child.pid ?? 0,
      startMs: performance.now() - started,
      stop: () => stop(child),
    };
  }
}

/** Finds a Python that has Django; else says why the Django peer is left out. */
export function findDjango(): DjangoSetup | string {
  const found = findPython("django");
  if (found === null) return "no python3 with Django found (Debian: apt install python3-django gunicorn)";
  return { ...found, gunicorn: askVersion(found.python, "gunicorn") };
}

/** Finds a Python that has a module, and the module's version; null where none has. */
export function findPython(module: string): { python: string; version: string } | null {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const version = askVersion(python, module);
    if (version !== null) return { python, version };
  }
  return null;
}

function askVersion(python: string, module: string): string | null {
  const code = `import ${module}; print(${module}.__version__)`;
  const { status, stdout } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  signalGroup(child, "SIGTERM");
  const inTime = await Promise.race([ended.then(() => true), sleep(STOP_TIMEOUT_MS, false)]);
  if (inTime) return;
  signalGroup(child, "SIGKILL");
  await ended;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}
