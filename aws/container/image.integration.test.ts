import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { EndpointAnswer } from "../../lib/inference/endpoint-answer";
import golden from "../../tables/wdbc/golden.json";
import { isBrief } from "../../test/brief";
import { BUILDAH_OPTIONS, buildahIn, hasNoBuildah } from "../../test/buildah";
import { bundleInto } from "../../test/bundles";
import { freePort } from "../../test/free-port";

/**
 * The image as its Dockerfile makes it, built and run without Docker: by Debian's buildah, on this machine's Node in place
 * of the base, since no registry is asked.
 */

const root = new URL("../../", import.meta.url).pathname;
// Made where the tests run, not where they are skipped.
const folder = join(tmpdir(), `cytodesk-image-${process.pid}`);
const mlRoot = join(folder, "ml");
const { store, buildah, buildStandIn } = buildahIn(folder);

const config = z.object({
  OCIv1: z.object({ config: z.object({ Entrypoint: z.array(z.string()), User: z.string().optional() }) }),
  Manifest: z.string(),
});
const manifest = z.object({ mediaType: z.string(), layers: z.array(z.object({ size: z.number() })) });

describe.skipIf(isBrief || hasNoBuildah)("the image (skipped where there is no buildah)", () => {
  let entrypoint: string[] = [];
  let container = "";
  let layers: { size: number }[] = [];

  /** Runs what the image is made to run, as SageMaker does: with one argument, under its folder. */
  const commandOf = (argument: string, ...env: string[]) => [
    ...store,
    "run",
    ...env.flatMap((pair) => ["--env", pair]),
    ...["--volume", `${mlRoot}:/opt/ml`, container, "--", ...entrypoint, argument],
  ];

  beforeAll(() => {
    mkdirSync(folder);
    buildStandIn();
    const context = join(folder, "context");
    mkdirSync(context);
    copyFileSync(bundleInto(folder, "container"), join(context, "index.cjs"));
    copyFileSync(join(root, "aws/container/Dockerfile"), join(context, "Dockerfile"));
    const base = ["--build-arg", "BASE=localhost/base"];
    buildah("build", ...base, "--platform", "linux/amd64", "--network", "none", "--tag", "model", context);
    const { OCIv1, Manifest } = config.parse(JSON.parse(buildah("inspect", "--type", "image", "model")));
    ({ layers } = manifest.parse(JSON.parse(Manifest)));
    expect(Manifest).toContain('"mediaType":"application/vnd.docker.distribution.manifest.v2+json"');
    expect(Manifest).not.toContain("application/vnd.oci");
    // SageMaker mounts /opt/ml for root.
    expect(OCIv1.config.User ?? "").toBe("");
    entrypoint = OCIv1.config.Entrypoint;
    container = buildah("from", "model");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("adds the bundle to its base, and nothing else", () => {
    const [, added, ...others] = layers;
    expect(others).toEqual([]);
    expect(added?.size).toBeLessThan(250_000);
  });

  it("trains, and serves a model", async () => {
    const rows = readFileSync(join(root, "tables/wdbc/data.csv"), "utf8").trim().split("\n").slice(1);
    // A fifth of them trains in a fifth of the time.
    const few = rows.filter((_, at) => at % 5 === 0);
    for (const channel of ["train", "validation"]) {
      mkdirSync(join(mlRoot, "input/data", channel), { recursive: true });
      writeFileSync(join(mlRoot, "input/data", channel, "part-0.csv"), few.join("\n"));
    }
    const trained = spawnSync("buildah", commandOf("train"), BUILDAH_OPTIONS);
    expect([trained.status, trained.stderr]).toEqual([0, ""]);
    expect(trained.stdout).toMatch(/^validation:accuracy=[\d.]+$/m);

    expect(existsSync(join(mlRoot, "model/artifact.json"))).toBe(true);

    copyFileSync(join(root, "tables/wdbc/artifact.json"), join(mlRoot, "model/artifact.json"));
    const port = await freePort();
    const settings = [`SAGEMAKER_BIND_TO_PORT=${port}`, "BIND_ADDRESS=127.0.0.1"];
    const server = spawn("buildah", commandOf("serve", ...settings), { ...BUILDAH_OPTIONS, stdio: "ignore" });
    const ended = once(server, "exit");
    try {
      await answering(port, server);
      const response = await fetch(`http://127.0.0.1:${port}/invocations`, {
        method: "POST",
        headers: { "content-type": "text/csv" },
        body: golden.cases.map(({ csv }) => csv).join("\n"),
      });
      const { predictions } = (await response.json()) as EndpointAnswer;
      expect(predictions.map(({ score, label }) => ({ score, label }))).toEqual(
        golden.cases.map(({ probability, label }) => ({ score: probability, label })),
      );
    } finally {
      server.kill();
      await ended;
    }
  });
});

async function answering(port: number, server: ChildProcess): Promise<void> {
  while (!(await fetch(`http://127.0.0.1:${port}/ping`).catch(() => null))) {
    if (server.exitCode !== null) throw new Error(`the container ended with ${server.exitCode}`);
    await pause(20);
  }
}
