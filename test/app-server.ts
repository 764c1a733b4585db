import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { databaseKind, sqlitePath } from "../lib/database-url";
import { freePort } from "./free-port";
import { statusOf } from "./status-of";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A folder for a database's batches: beside a SQLite file, with which it goes; else among the system's temporary ones. */
const batchFolder = (databaseUrl: string) =>
  databaseKind(databaseUrl) === "sqlite"
    ? `${sqlitePath(databaseUrl)}-batches`
    : join(tmpdir(), `${new URL(databaseUrl).pathname.slice(1)}-batches`);

/** The production server as a process of its own, which can be killed and started again at the same address. */
export class AppServer {
  #process: ChildProcess | undefined;
  #log = "";

  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    private readonly settings: Record<string, string>,
    private readonly command: readonly [string, ...string[]],
  ) {}

  /** Starts the built application on a migrated database, by a command that ends in it; resolves when it answers. */
  static async start(
    databaseUrl: string,
    settings: Record<string, string> = {},
    command: readonly [string, ...string[]] = [process.execPath, "server/serve.mjs"],
  ): Promise<AppServer> {
    const { BIND_ADDRESS: address = "127.0.0.1" } = settings;
    const host = ["0.0.0.0", "::"].includes(address) ? "127.0.0.1" : address;
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${await freePort()}`;
    const server = new AppServer(url, databaseUrl, settings, command);
    await server.start();
    return server;
  }

  /** `folder` is where the sources and their build are: ours, or a copy that was built anew. */
  async start(folder = process.env.TEST_RELEASE ?? root): Promise<void> {
    const { port } = new URL(this.url);
    const [program, ...args] = this.command;
    const child = spawn(program, args, {
      cwd: folder,
      env: {
        ...process.env,
        NODE_ENV: "production",
        PORT: port,
        DATABASE_URL: this.databaseUrl,
        BATCH_URL: `file:${batchFolder(this.databaseUrl)}`,
        // A passkey is of a name, never of an address.
        ...(this.settings.SIGN_IN_SECRET !== undefined && { PUBLIC_URL: this.publicUrl }),
        ...this.settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that a kill reaches every process of it.
      detached: true,
    });
    this.#process = child;
    const keep = (chunk: Buffer) => {
      this.#log += chunk.toString();
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    while (!(await statusOf(`${this.url}/api/health`).catch(() => null))) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The process that was started, and the number of its group. */
  get process(): ChildProcess & { pid: number } {
    if (this.#process?.pid === undefined) throw new Error("The server was never started.");
    return this.#process as ChildProcess & { pid: number };
  }

  /** Where browsers reach it, if people sign in. */
  get publicUrl(): string {
    return this.url.replace("127.0.0.1", "localhost");
  }

  /** What the server printed so far. */
  get log(): string {
    return this.#log;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    process.kill(-(child.pid ?? 0), signal);
    await ended;
  }
}
