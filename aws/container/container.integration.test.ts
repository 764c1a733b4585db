import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EndpointAnswer } from "../../lib/inference/endpoint-answer";
import { parseArtifact } from "../../model/artifact";
import { parseDataset } from "../../model/dataset";
import { createPredictor } from "../../model/predict";
import { FEATURES } from "../../tables/current";
import artifactJson from "../../tables/wdbc/artifact.json";
import golden from "../../tables/wdbc/golden.json";
import { isBrief } from "../../test/brief";
import { bundleInto } from "../../test/bundles";
import { freePort } from "../../test/free-port";

// The bundle as the image has it, run as SageMaker runs it, under a folder in place of /opt/ml.
const root = new URL("../../", import.meta.url).pathname;
let bundle = "";
const mlRoot = mkdtempSync(join(tmpdir(), "cytodesk-ml-"));
const dataset = parseDataset(readFileSync(join(root, "tables/wdbc/data.csv"), "utf8"));
const predictor = createPredictor(parseArtifact(artifactJson));
const csv = dataset.features.map((row) => row.join()).join("\n");
const labelled = dataset.features.map((row, i) => [dataset.positive[i], ...row].join()).join("\n");

let port = 0;
let server: ChildProcess;
let trained: ReturnType<typeof runTrain>;

function runTrain(folder: string, channel: string, hyperparameters: object = {}) {
  for (const [name, text] of [
    ["train", channel],
    ["validation", labelled],
  ] as const) {
    mkdirSync(join(folder, "input/data", name), { recursive: true });
    writeFileSync(join(folder, "input/data", name, "part-0.csv"), text);
  }
  mkdirSync(join(folder, "input/config"), { recursive: true });
  writeFileSync(join(folder, "input/config/hyperparameters.json"), JSON.stringify(hyperparameters));
  return spawnSync(process.execPath, [bundle, "train"], {
    encoding: "utf8",
    env: { ...process.env, ML_ROOT: folder },
  });
}

async function startServer(
  settings: Record<string, string> = {},
): Promise<{ child: ChildProcess; port: number }> {
  const free = await freePort();
  const child = spawn(process.execPath, [bundle, "serve"], {
    env: { ...process.env, ML_ROOT: mlRoot, SAGEMAKER_BIND_TO_PORT: String(free), ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  while (!(await fetch(`http://127.0.0.1:${free}/ping`).catch(() => null))) {
    if (child.exitCode !== null) throw new Error(`the container ended with ${child.exitCode}`);
    await sleep(20);
  }
  return { child, port: free };
}

const invoke = (body: string, type: string, accept = "application/json") =>
  fetch(`http://127.0.0.1:${port}/invocations`, {
    method: "POST",
    headers: { "content-type": type, accept },
    body,
  });
const scores = async (response: Response) =>
  ((await response.json()) as EndpointAnswer).predictions.map(({ score }) => score);
const expected = dataset.features.map((row) => predictor.predict(row).probability);

beforeAll(async () => {
  bundle = bundleInto(mlRoot, "container");
  trained = runTrain(mlRoot, labelled);
  ({ child: server, port } = await startServer());
});
afterAll(() => {
  server?.kill("SIGKILL");
  rmSync(mlRoot, { recursive: true, force: true });
});

describe("train", () => {
  it("trains the committed model from the channel, and prints figures that metrics can read", () => {
    expect(trained.stderr).toBe("");
    expect(trained.status).toBe(0);
    expect(trained.stdout).toMatch(/^validation:accuracy=0\.9\d+$/m);
    const { hash, trainingData, ...rest } = JSON.parse(
      readFileSync(join(mlRoot, "model/artifact.json"), "utf8"),
    );
    const { hash: ourHash, trainingData: ours, ...same } = artifactJson;
    expect(rest).toEqual(same);
    // It was given the same numbers in another file.
    expect([hash === ourHash, trainingData === ours]).toEqual([false, false]);
  });

  it.each([
    ["a bad cell", "1,2,x\n", {}, "part-0.csv: line 1: expected 31 values, found 3"],
    ["an unknown hyperparameter", labelled, { depth: "3" }, 'Unrecognized key: "depth"'],
    [
      "one class only",
      labelled.replaceAll(/^0,/gm, "1,"),
      {},
      "training needs at least 10 rows of each class, and B has 0 of 569",
    ],
    [
      "three rows",
      labelled.split("\n").slice(18, 21).join("\n"),
      {},
      "at least 10 rows of each class, and M has 1 of 3",
    ],
    [
      "a measurement where the class belongs",
      labelled.replace(/^1,/, ""),
      {},
      "part-0.csv: line 1: expected 31 values, found 30",
    ],
    [
      "columns moved by one",
      labelled.replace(/^1,(.*)$/m, "$1,1"),
      {},
      "part-0.csv: line 1, column diagnosis: expected M, B, 1 or 0, found another number",
    ],
    [
      "a number below what the column can hold",
      labelled.replace("10.38", "-10.38"),
      {},
      "part-0.csv: line 1, column texture_mean: expected a finite number of at least 0, found another number",
    ],
  ])("tells SageMaker why it failed: %s", (_, channel, hyperparameters, reason) => {
    const folder = mkdtempSync(join(tmpdir(), "cytodesk-ml-"));
    const { status, stderr } = runTrain(folder, channel, hyperparameters);
    expect(status).toBe(1);
    expect(readFileSync(join(folder, "output/failure"), "utf8")).toMatch(reason);
    expect(stderr).not.toMatch(/17\.99|10\.38/);
    expect(existsSync(join(folder, "model/artifact.json"))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it("takes hyperparameters as text, and leaves SageMaker's own alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "cytodesk-ml-"));
    const few = labelled.split("\n").filter((_, row) => row % 5 === 0);
    expect(runTrain(folder, few.join("\n"), { threshold: "0.3", sagemaker_program: "x" }).status).toBe(0);
    const { threshold } = JSON.parse(readFileSync(join(folder, "model/artifact.json"), "utf8"));
    expect(threshold).toBe(0.3);
    rmSync(folder, { recursive: true });
  });

  it("leaves aside what is no data, and reads a number however it is written", () => {
    const folder = mkdtempSync(join(tmpdir(), "cytodesk-ml-"));
    const channel = join(folder, "input/data/train");
    mkdirSync(channel, { recursive: true });
    for (const name of ["_SUCCESS", ".part-0.csv.crc", "manifest", "train.manifest", "part-manifest.json"]) {
      writeFileSync(join(channel, name), "{}");
    }
    const few = labelled.split("\n").filter((_, row) => row % 5 === 0);
    expect(runTrain(folder, few.join("\n"), { certain_and_wrong: "1e-3", threshold: ".5" })).toMatchObject({
      status: 0,
      stderr: "",
    });
    rmSync(folder, { recursive: true });
  });
});

describe("serve", () => {
  it.each([
    ["text/csv", csv],
    ["application/json", JSON.stringify({ instances: dataset.features.map((features) => ({ features })) })],
    ["application/jsonlines", dataset.features.map((features) => JSON.stringify({ features })).join("\n")],
    ["application/json", JSON.stringify({ inputs: dataset.features })],
    ["application/json", JSON.stringify({ dataframe_split: { data: dataset.features } })],
  ])("answers the 569 rows as the embedded model does, from %s", async (type, body) => {
    expect(JSON.stringify(await scores(await invoke(body, type)))).toBe(JSON.stringify(expected));
  });

  it("answers the golden vectors, line by line where asked", async () => {
    const body = golden.cases.map((one) => one.csv).join("\n");
    const lines = (await (await invoke(body, "text/csv", "application/jsonlines")).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(
      golden.cases.map(({ probability, diagnosis, label }) => ({
        score: probability,
        predicted_label: diagnosis === "M" ? 1 : 0,
        label,
      })),
    );
    const records = golden.cases.map(({ csv }) =>
      Object.fromEntries(FEATURES.map(({ key }, at) => [key, Number(csv.split(",")[at])]).toReversed()),
    );
    const named = JSON.stringify({ dataframe_records: records });
    expect(await scores(await invoke(named, "application/json"))).toEqual(
      golden.cases.map(({ probability }) => probability),
    );
    const columns = await (await invoke(body, "text/csv", "text/csv")).text();
    expect(columns.split("\n")[0]).toBe(`${golden.cases[0]?.probability},1`);
  });

  it.each([
    [
      "a cell that is no number",
      "text/csv",
      `${csv}\n${csv.split("\n")[0]?.replace("10.38", "ten")}`,
      400,
      "row 570, column 2 (texture_mean)",
    ],
    ["no JSON", "application/json", "{", 400, "the body is not JSON"],
    ["too few numbers", "application/json", '{"instances":[{"features":[1]}]}', 400, "instances.0.features"],
    ["an unknown type", "text/html", "<p>", 415, "Content-Type"],
  ])("refuses %s", async (_, type, body, status, message) => {
    const answer = await invoke(body, type);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringContaining(message) });
  });

  it("reads a gzip body, and says of another encoding that it does not", async () => {
    const send = (body: Uint8Array<ArrayBuffer>, encoding: string) =>
      fetch(`http://127.0.0.1:${port}/invocations`, {
        method: "POST",
        headers: { "content-type": "text/csv", "content-encoding": encoding },
        body,
      });
    const zipped = new Uint8Array(gzipSync(csv));
    expect(await scores(await send(zipped, "gzip"))).toEqual(expected);
    expect((await send(new Uint8Array(Buffer.from(csv)), "gzip")).status).toBe(400);
    expect((await send(zipped, "br")).status).toBe(415);
    expect((await send(new Uint8Array(gzipSync(Buffer.alloc(26 * 1024 * 1024))), "gzip")).status).toBe(413);
  });

  it("has no other address or method", async () => {
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/invocations`)).status).toBe(405);
    expect((await invoke(csv, "text/csv", "image/png")).status).toBe(406);
  });

  it.skipIf(isBrief)("serves a body of 6 MB, and answers /ping meanwhile", async () => {
    const body = Array(Math.ceil((6 * 1024 * 1024) / csv.length))
      .fill(csv)
      .join("\n");
    expect(body.length).toBeGreaterThan(6 * 1024 * 1024);
    let isDone = false;
    const answering = invoke(body, "text/csv", "text/csv").finally(() => {
      isDone = true;
    });
    let pings = 0;
    let longest = 0;
    while (!isDone) {
      const asked = performance.now();
      expect((await fetch(`http://127.0.0.1:${port}/ping`)).status).toBe(200);
      longest = Math.max(longest, performance.now() - asked);
      pings++;
    }
    expect(longest, "milliseconds of a ping").toBeLessThan(1_000);
    const lines = (await (await answering).text()).trim().split("\n");
    expect(lines).toHaveLength(body.split("\n").length);
    expect(lines.at(-1)?.split(",")[0]).toBe(String(expected.at(-1)));
    expect(pings).toBeGreaterThan(1);
  });

  it("tells batch transform its limits, and keeps to them", async () => {
    const batch = await startServer({
      SAGEMAKER_BATCH: "true",
      SAGEMAKER_MAX_PAYLOAD_IN_MB: "1",
      // The model's limit, for its serverless endpoint.
      MAX_ANSWER_MB: "0",
    });
    const at = `http://127.0.0.1:${batch.port}`;
    expect(await (await fetch(`${at}/execution-parameters`)).json()).toEqual({
      MaxConcurrentTransforms: 1,
      BatchStrategy: "MULTI_RECORD",
      MaxPayloadInMB: 1,
    });
    const tooLarge = await fetch(`${at}/invocations`, {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: "1".repeat(1024 * 1024 + 1),
    });
    expect(tooLarge.status).toBe(413);
    const answered = await fetch(`${at}/invocations`, {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: csv,
    });
    expect(answered.status).toBe(200);
    batch.child.kill("SIGKILL");
  });

  it("says of an answer that the endpoint cannot pass on that fewer rows are to be asked for", async () => {
    const small = await startServer({ MAX_ANSWER_MB: "1" });
    const send = (rows: number) =>
      fetch(`http://127.0.0.1:${small.port}/invocations`, {
        method: "POST",
        headers: { "content-type": "text/csv" },
        body: `${csv}\n${csv}\n${csv}`.split("\n").slice(0, rows).join("\n"),
      });
    const tooLarge = await send(1_700);
    expect(tooLarge.status).toBe(413);
    expect(await tooLarge.json()).toEqual({ error: expect.stringContaining("fewer rows") });
    expect((await send(500)).status).toBe(200);
    small.child.kill("SIGKILL");
  });

  it.skipIf(isBrief)("finishes what is in flight when it is told to stop", async () => {
    const stopping = await startServer();
    const ended = once(stopping.child, "exit");
    const sent = request({
      host: "127.0.0.1",
      port: stopping.port,
      path: "/invocations",
      method: "POST",
      headers: { "content-type": "text/csv", "content-length": Buffer.byteLength(csv) },
    });
    const answered = once(sent, "response") as Promise<[IncomingMessage]>;
    sent.write(csv.slice(0, 1000));
    await sleep(50);
    stopping.child.kill("SIGTERM");
    while (
      await fetch(`http://127.0.0.1:${stopping.port}/ping`).then(
        () => true,
        () => false,
      )
    )
      await sleep(10);
    sent.end(csv.slice(1000));
    const [response] = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const { predictions } = JSON.parse(Buffer.concat(chunks).toString()) as EndpointAnswer;
    expect(predictions).toHaveLength(569);
    expect(await ended).toEqual([0, null]);
  });

  it("does not start without a model it can trust", () => {
    const folder = mkdtempSync(join(tmpdir(), "cytodesk-ml-"));
    const { status } = spawnSync(process.execPath, [bundle, "serve"], {
      env: { ...process.env, ML_ROOT: folder },
    });
    expect(status).not.toBe(0);
    rmSync(folder, { recursive: true });
  });
});
