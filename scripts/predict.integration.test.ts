import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { INPUT } from "@/lib/inference/open-inference";
import { FEATURES } from "@/tables/current";
import golden from "@/tables/wdbc/golden.json";
import { startLoopback } from "@/test/loopback";

const root = new URL("../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "cytodesk-predict-"));
const file = join(folder, "cases.csv");
const header = FEATURES.map(({ key }) => key).join();
const table = [header, ...golden.cases.map(({ csv }) => csv)].join("\n");
writeFileSync(file, table);
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  args: string[],
  { input = "", settings = {} }: { input?: string; settings?: Record<string, string> } = {},
) {
  const flags = ["--import", "tsx", "--conditions=react-server", "scripts/predict.ts"];
  const { npm_lifecycle_event: _, npm_config_loglevel: __, ...environment } = process.env;
  const child = spawn(process.execPath, [...flags, ...args], {
    cwd: root,
    env: { ...environment, ...settings },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, errors, code: await ended };
}

const probabilities = (output: string) =>
  output
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => Number(line.split(",").at(-2)));
const expected = golden.cases.map(({ probability }) => probability);

describe("npm run predict", () => {
  it("answers a file and standard input alike, with 0", async () => {
    const [ofFile, ofInput] = await Promise.all([run([file]), run(["-"], { input: table })]);
    expect(ofFile).toMatchObject({ errors: "", code: 0 });
    expect(ofInput).toEqual(ofFile);
    expect(probabilities(ofFile.output)).toEqual(expected);
  });

  it("ends with 1 where lines were left out, and names them", async () => {
    const { output, errors, code } = await run(["-"], { input: `${table}\n1,2\n` });
    expect({ errors, code }).toEqual({
      errors: "stdin:6: There are 2 cells where the names are 30.\n",
      code: 1,
    });
    expect(probabilities(output)).toEqual(expected);
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ["no file", [join(folder, "none.csv")], {}, /ENOENT/],
    ["no argument", [], {}, /npm run --silent predict/],
    ["an unknown option", ["--xml", file], {}, /--xml/],
    [
      "npm's own lines in front of the table",
      [file],
      { npm_lifecycle_event: "predict" },
      /Use: npm run --silent predict/,
    ],
    ["a setting that cannot be read", [file], { MODEL_URL: "nowhere" }, /MODEL_URL must be/],
  ])("ends with 2 for %s", async (_, args, settings, message) => {
    const { output, errors, code } = await run(args, { settings });
    expect({ output, code }).toEqual({ output: "", code: 2 });
    expect(errors).toMatch(message);
  });

  it("asks the model of MODEL_URL, and no other where that fails", async () => {
    const answers: Record<string, unknown> = {
      "/v2/models/cells": { name: "cells", inputs: [INPUT], outputs: [INPUT] },
      "/v2/models/cells/infer": {
        model_name: "cells",
        outputs: [{ name: "score", datatype: "FP64", shape: [4], data: [0.75, 0.25, 0.75, 0.25] }],
      },
    };
    const server = await startLoopback(({ path }, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers[path]));
    });
    const settings = { MODEL_URL: `oip+${server.url}/v2/models/cells` };
    const answered = await run([file], { settings });
    expect(probabilities(answered.output)).toEqual([0.75, 0.25, 0.75, 0.25]);
    await server.close();
    const broken = await startLoopback((_, response) => void response.writeHead(404).end());
    const failed = await run([file], { settings: { MODEL_URL: `oip+${broken.url}/v2/models/cells` } });
    await broken.close();
    expect(failed).toMatchObject({ code: 2, output: expect.stringMatching(/^[^\n]+\n$/) });
    expect(failed.errors).toContain(
      "cases.csv:2: No prediction from this line on. There is no model service",
    );
  });

  it("ends quietly where nobody reads its output any more", async () => {
    const many = [header, ...Array.from({ length: 5_000 }, () => golden.cases[0]?.csv)].join("\n");
    const command = `"${process.execPath}" --import tsx --conditions=react-server scripts/predict.ts - | head -1`;
    const child = spawn("sh", ["-c", command], { cwd: root });
    child.stdin.on("error", () => {});
    child.stdin.end(many);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(output.startsWith("radius_mean,")).toBe(true);
    expect(errors).toBe("");
  });
});
