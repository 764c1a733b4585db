import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findActionId } from "../../bench/requests";
import { ensurePostgres, startPostgres } from "../../scripts/database/postgres.mjs";
import { SAMPLES } from "../../tables/current";
import { startAwsAccount } from "../../test/aws-account";
import { isBrief } from "../../test/brief";
import { BUILDAH_OPTIONS, buildahIn, hasNoBuildah } from "../../test/buildah";
import { askDatabase } from "../../test/database";
import { freePort } from "../../test/free-port";
import { addPerson, addTeam, SIGN_IN } from "../../test/people";
import { statusOf } from "../../test/status-of";
import { formRequest, savedId } from "../../test/submit-form";

/**
 * The release's image as its Dockerfile makes it, built and run without Docker, by Debian's buildah on this machine's Node in
 * place of the base, as a task of `web=fargate` runs it: it migrates, then serves, as a user who can write below /tmp alone.
 */

// Made where the tests run, not where they are skipped.
const folder = join(tmpdir(), `web-image-${process.pid}`);
const { store, buildah, buildStandIn } = buildahIn(folder);

describe.skipIf(isBrief || hasNoBuildah)("the web's image (skipped where there is no buildah)", () => {
  let container = "";
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let account: Awaited<ReturnType<typeof startAwsAccount>>;
  let port = 0;
  /** What a task is told, by the names of the template. */
  let settings: Record<string, string> = {};

  const runOf = (environment: Record<string, string>, ...command: string[]) => [
    ...[...store, "run"],
    ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...[container, "--", "/nodejs/bin/node", ...command],
  ];

  beforeAll(async () => {
    expect(ensurePostgres()).toBe(null);
    mkdirSync(folder);
    buildStandIn();
    const context = join(folder, "release");
    execFileSync(process.execPath, ["scripts/release.mjs", "--arch", process.arch, "--out", context], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    buildah("build", "--build-arg", "BASE=localhost/base", "--network", "none", "--tag", "web", context);
    container = buildah("from", "web");
    server = await startPostgres();
    account = await startAwsAccount();
    port = await freePort();
    const open = new URL(server.url);
    account.secrets.set("login", JSON.stringify({ username: open.username, password: open.password }));
    open.username = "";
    open.password = "";
    settings = {
      ...account.environment(),
      ...{ DATABASE_URL: open.href, DATABASE_SECRET: "login", PORT: String(port), REPLICAS: "6" },
      ...{ ...SIGN_IN, PUBLIC_URL: `http://localhost:${port}` },
      ...{ BATCH_URL: "file:/tmp/batches", BATCH_CACHE: "/tmp/batches" },
    };
  });
  afterAll(async () => {
    server.stop();
    await account.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("has RDS's roots, and is run by a user who can write nothing of it", () => {
    const looks = `const fs = require("fs");
      console.log(process.getuid(), fs.readFileSync("/app/rds-ca.pem", "utf8").split("BEGIN CERT").length > 60);
      for (const path of ["/app/x", "/app/.next/x", "/x"]) try { fs.writeFileSync(path, ""); console.log(path); } catch {}
      fs.writeFileSync("/tmp/x", "");`;
    const seen = spawnSync("buildah", runOf({}, "-e", looks), BUILDAH_OPTIONS);
    expect([seen.stdout, seen.stderr, seen.status]).toEqual(["65532 true\n", "", 0]);
  });

  it("migrates two at once, then keeps what a person predicts by the page", async () => {
    const migrate = () =>
      promisify(execFile)("buildah", runOf(settings, "dist/database/migrate.mjs", "deploy"), BUILDAH_OPTIONS);
    const migrated = await Promise.all([migrate(), migrate()]);
    for (const { stdout } of migrated) expect(stdout).toMatch(/^(?:Applied |Database is up to date\.)/m);
    expect(migrated.filter(({ stdout }) => stdout.startsWith("Applied "))).toHaveLength(1);

    await addTeam(server.url, "home");
    const cookie = await addPerson(server.url, { role: "predictor" });
    const child = spawn("buildah", runOf(settings, "server/serve.mjs"), {
      ...BUILDAH_OPTIONS,
      stdio: "pipe",
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        log += chunk.toString();
      });
    }
    const ended = once(child, "exit");
    try {
      // As the balancer asks: by an address, and as nobody.
      const health = `http://127.0.0.1:${port}/api/health/ready`;
      while ((await statusOf(health).catch(() => null)) !== 200) {
        if (child.exitCode !== null) throw new Error(`the container ended with ${child.exitCode}:\n${log}`);
      }
      const origin = `http://localhost:${port}`;
      const { headers, ...request } = formRequest(origin, findActionId("app/actions.ts", "predict"), {
        key: randomUUID(),
        values: SAMPLES[0].values,
      });
      const answer = await fetch(origin, { ...request, headers: { ...headers, ...cookie } });
      const id = savedId(new Uint8Array(await answer.arrayBuffer()));
      expect(await askDatabase(server.url, "SELECT id FROM prediction")).toEqual([{ id }]);
      const page = await fetch(`${origin}/history/${id}`, { headers: cookie });
      expect(page.status).toBe(200);
      const script = /\/_next\/static\/[^"]+\.js/.exec(await page.text())?.[0];
      expect(await statusOf(`${origin}${script}`)).toBe(200);
    } finally {
      await stop(child, ended);
    }
  });
});

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill();
  await ended;
}
