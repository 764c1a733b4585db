import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { SAMPLES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { freePort } from "../test/free-port";
import { exchange, NGINX, nginxArgs, nginxConfig, recipeOf } from "../test/proxy-recipe";
import { buildAgain } from "../test/second-build";
import { statusOf } from "../test/status-of";
import { formRequest, savedId } from "../test/submit-form";
import { createThrowawayDatabase } from "../test/throwaway";
import { expect, test } from "./fixtures";

/** A release to one server after the other behind Debian's nginx, by the recipe and the steps of docs/deploy.md. */

const PEOPLE = 6;

type Answer = { status: number; body: string };
type Asked = { method?: string; headers?: Record<string, string>; body?: string };

class Balancer {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "cytodesk-rolling-"));
  private readonly config = join(this.folder, "nginx.conf");

  constructor(
    readonly port: number,
    private readonly servers: readonly AppServer[],
  ) {}

  /** Writes the recipe, with `down` behind one of the servers. */
  private write(down?: AppServer): void {
    let recipe = exchange(recipeOf("nginx-several"), "/var/cache/nginx/cytodesk", join(this.folder, "cache"));
    for (const [at, server] of this.servers.entries()) {
      const there = `server ${new URL(server.url).host}${server === down ? " down" : ""};`;
      recipe = exchange(recipe, `server 10.20.0.1${at + 1}:3000;`, there);
    }
    recipe = exchange(recipe, "listen 80;", `listen 127.0.0.1:${this.port};`);
    recipe = exchange(recipe, "cytodesk.example", "localhost");
    // Its workers would be another user's, to whom the folder is closed.
    const user = process.getuid?.() === 0 ? "user root;" : "";
    writeFileSync(this.config, nginxConfig(recipe, this.folder, user));
  }

  async start(): Promise<void> {
    this.write();
    this.child = spawn(NGINX, nginxArgs(this.config, this.folder), { stdio: "ignore" });
    while (!(await statusOf(`http://localhost:${this.port}/api/health/live`).catch(() => null))) {
      if (this.child.exitCode !== null) throw new Error(`nginx ended with ${this.child.exitCode}`);
    }
  }

  /** `nginx -s reload`, and until a new process answers by what was written. */
  async reload(down?: AppServer): Promise<void> {
    this.write(down);
    const before = workersOf(this.child?.pid);
    this.child?.kill("SIGHUP");
    await expect.poll(() => workersOf(this.child?.pid).some((pid) => !before.includes(pid))).toBe(true);
  }

  async stop(): Promise<void> {
    if (this.child !== undefined && this.child.exitCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const workersOf = (pid = 0) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);

/** Somebody at an address of their own who predicts again and again, and looks at what was kept. */
class Person {
  readonly acknowledged: string[] = [];
  readonly failures: string[] = [];
  requests = 0;
  reloads = 0;

  constructor(
    private readonly port: number,
    private readonly address: string,
  ) {}

  private async ask(path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> {
    this.requests++;
    const outgoing = request({
      ...{ host: "127.0.0.1", port: this.port, localAddress: this.address, path, method, agent: false },
      headers: { ...headers, Host: `localhost:${this.port}` },
    });
    outgoing.end(body);
    const [answer] = await once(outgoing, "response");
    return { status: answer.statusCode, body: await text(answer) };
  }

  private async want(path: string): Promise<string> {
    const { status, body } = await this.ask(path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    return body;
  }

  /** Opens the form with its scripts, and gives what its action is called. */
  private async open(): Promise<string> {
    const html = await this.want("/");
    const scripts = new Set(html.match(/\/_next\/static\/[\w./~-]+\.js/g));
    expect(scripts.size).toBeGreaterThan(0);
    for (const script of scripts) await this.want(script);
    const data = html.replaceAll('\\"', '"');
    const [, place] = /"predict":"\$h([0-9a-f]+)"/.exec(data) ?? [];
    const [, action] = new RegExp(`[n"]${place}:{"id":"([0-9a-f]{42})"`).exec(data) ?? [];
    if (action === undefined) throw new Error("The form does not name its action.");
    return action;
  }

  async work(isOver: () => boolean): Promise<void> {
    try {
      let action = await this.open();
      for (let at = 0; !isOver(); at++) {
        const key = crypto.randomUUID();
        let answer = await this.send(action, key, at);
        // While nginx changes over, the form may come of one server and be sent to the other once more.
        for (let tries = 0; answer.status === 409 && tries < 2; tries++) {
          // What the page then asks for; what was typed, and so its key, is kept.
          this.reloads++;
          action = await this.open();
          answer = await this.send(action, key, at);
        }
        if (answer.status !== 200) throw new Error(`the form: ${answer.status} ${answer.body}`);
        const id = savedId(Buffer.from(answer.body));
        this.acknowledged.push(id);
        await this.want(`/history/${id}`);
        await this.want("/history");
      }
    } catch (error) {
      this.failures.push(String(error));
    }
  }

  private send(action: string, key: string, at: number): Promise<Answer> {
    const values = SAMPLES[at % SAMPLES.length]?.values ?? [];
    return this.ask("/", formRequest(`http://localhost:${this.port}`, action, { key, values }));
  }
}

test("a release with other actions goes to one server after the other, and no request fails @postgresql @long", async () => {
  test.skip(!existsSync(NGINX), "nginx is not installed");
  test.setTimeout(300_000);
  const update = buildAgain();
  const database = createThrowawayDatabase();
  const servers = await Promise.all([AppServer.start(database.url), AppServer.start(database.url)]);
  const balancer = new Balancer(await freePort(), servers);
  try {
    await balancer.start();
    let isOver = false;
    const people = Array.from({ length: PEOPLE }, (_, at) => new Person(balancer.port, `127.0.0.${at + 10}`));
    const working = Promise.all(people.map((person) => person.work(() => isOver)));
    const count = (of: (person: Person) => number) => people.reduce((sum, person) => sum + of(person), 0);
    const acknowledged = () => count((person) => person.acknowledged.length);
    const failures = () => people.flatMap((person) => person.failures);
    const go = async (saves: number) => {
      const before = acknowledged();
      await expect
        .poll(() => failures().length > 0 || acknowledged() - before > saves, { timeout: 60_000 })
        .toBe(true);
      expect(failures()).toEqual([]);
    };
    await go(60);
    for (const server of servers) {
      await balancer.reload(server);
      await server.stop();
      await go(20);
      await server.start(update.folder);
      await expect.poll(() => statusOf(`${server.url}/api/health/ready`)).toBe(200);
      await balancer.reload();
      await go(60);
    }
    isOver = true;
    await working;
    const kept = new Set(
      (await askDatabase<{ id: string }>(database.url, "SELECT id FROM prediction")).map(({ id }) => id),
    );
    const given = people.flatMap((person) => person.acknowledged);
    console.log(
      `${count((person) => person.requests)} requests, ${given.length} saves, ${count((person) => person.reloads)} pages reloaded`,
    );
    expect(failures()).toEqual([]);
    expect(given.filter((id) => !kept.has(id))).toEqual([]);
    // Each form once, although some were sent to two releases.
    expect(kept.size).toBe(given.length);
    expect(count((person) => person.reloads)).toBeGreaterThan(0);
  } finally {
    await balancer.stop();
    await Promise.all(servers.map((server) => server.stop()));
    database.remove();
    update.remove();
  }
});
