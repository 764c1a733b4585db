// Extends zod, which has to come before the first schema is made.
import "@hono/zod-openapi";

import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_INSTANCES } from "@/lib/contract";
import { ok } from "@/lib/result";
import { createInference, type Inference } from "@/lib/server/inference/inference";
import { FEATURES } from "@/tables/current";
import golden from "@/tables/wdbc/golden.json";
import { createApi } from "./create-api";

// Requests are those of KServe's, Triton's and MLServer's documentation, for the columns of this table.

const embedded = createInference({ target: { kind: "embedded" }, timeoutMs: 30_000 });
let model: Inference = embedded;
vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));
vi.mock("@/lib/server/inference/inference", async (original) => ({
  ...(await original<typeof import("@/lib/server/inference/inference")>()),
  inference: () => model,
}));
beforeEach(() => {
  model = embedded;
});

const api = createApi();
const rows = golden.cases.map(({ csv }) => csv.split(",").map(Number));
const [row = []] = rows;
const width = FEATURES.length;
const input = (shape: number[], data: unknown, more = {}) => ({
  name: "input-0",
  shape,
  datatype: "FP32",
  data,
  ...more,
});

const get = (path: string, method = "GET") => api.request(`http://127.0.0.1${path}`, { method });
const post = (body: unknown, path = "/v2/models/wdbc/infer", headers: Record<string, string> = {}) =>
  api.request(`http://127.0.0.1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("what the protocol requires", () => {
  it.each<[string, object]>([
    ["/v2", { name: "cytodesk", version: expect.any(String), extensions: [] }],
    ["/v2/health/live", { live: true }],
    ["/v2/health/ready", { ready: true }],
    ["/v2/models/wdbc/ready", { name: "wdbc", ready: true }],
    ["/v2/models/wdbc/versions/3.0.0/ready", { name: "wdbc", ready: true }],
  ])("is at %s", async (path, body) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(body);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect((await get(path, "HEAD")).status).toBe(200);
  });

  it.each(["/v2/models/wdbc", "/v2/models/wdbc/versions/3.0.0"])(
    "is at %s, the model's metadata",
    async (path) => {
      expect(await (await get(path)).json()).toEqual({
        name: "wdbc",
        versions: ["3.0.0"],
        platform: "cytodesk",
        inputs: [{ name: "features", datatype: "FP64", shape: [-1, width] }],
        outputs: expect.arrayContaining([
          { name: "probability", datatype: "FP64", shape: [-1] },
          { name: "label", datatype: "BYTES", shape: [-1] },
          { name: "contributions", datatype: "FP64", shape: [-1, width] },
        ]),
      });
    },
  );

  it.each([
    "/v2/",
    "/v2/models",
    "/v2/models/other",
    "/v2/models/other/ready",
    "/v2/models/wdbc/versions/2",
    "/v2/models/wdbc/versions/2/ready",
    "/v2/models/wdbc/stats",
    "/v2/repository/index",
  ])("has nothing at %s", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ error: expect.any(String) });
  });

  it("says which methods an address has", async () => {
    const answer = await get("/v2/models/wdbc/infer");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await post({}, "/v2/models/wdbc")).headers.get("allow")).toBe("GET, HEAD");
  });

  it("tells that a model is not ready by a status of the client's errors", async () => {
    model = { ...embedded, health: async () => ({ ...(await embedded.health()), ok: false }) };
    for (const path of ["/v2/health/ready", "/v2/models/wdbc/ready"]) {
      const answer = await get(path);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ ready: false });
    }
    expect((await get("/v2/health/live")).status).toBe(200);
  });
});

describe("infer", () => {
  it("answers Triton's request: an id, a flat tensor, the outputs that are wanted", async () => {
    const answer = await post({
      id: "42",
      inputs: [input([4, width], rows.flat(), { datatype: "FP64" })],
      outputs: [{ name: "probability" }, { name: "diagnosis" }],
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      model_name: "wdbc",
      model_version: "3.0.0",
      id: "42",
      parameters: { model: expect.any(String) },
      outputs: [
        {
          name: "probability",
          datatype: "FP64",
          shape: [4],
          data: golden.cases.map(({ probability }) => probability),
        },
        {
          name: "diagnosis",
          datatype: "BYTES",
          shape: [4],
          data: golden.cases.map(({ diagnosis }) => diagnosis),
        },
      ],
    });
  });

  it("answers KServe's request: nested data, no id, every output", async () => {
    const answer = await post({ inputs: [input([4, width], rows)] }, "/v2/models/wdbc/versions/3.0.0/infer");
    const { outputs, id } = await answer.json();
    expect(id).toBeUndefined();
    const data = Object.fromEntries(
      outputs.map((each: { name: string; data: unknown[] }) => [each.name, each.data]),
    );
    expect(data.probability).toEqual(golden.cases.map(({ probability }) => probability));
    expect(data.label).toEqual(golden.cases.map(({ label }) => label));
    expect(data.contributions).toHaveLength(4 * width);
    // The terms add up to the log-odds.
    const logit = data.contributions
      .slice(0, width)
      .reduce((sum: number, term: number) => sum + term, data.base[0]);
    expect(logit).toBeCloseTo(golden.cases[0]?.logit ?? 0, 9);
  });

  it("answers MLServer's request of a data frame: an input for each column", async () => {
    const inputs = FEATURES.map(({ key, index }) => ({
      ...{ name: key, datatype: "FP64", shape: [4, 1], parameters: { content_type: "np" } },
      data: rows.map((values) => values[index]),
    }));
    const answer = await post({
      parameters: { content_type: "pd" },
      inputs,
      outputs: [{ name: "probability" }],
    });
    expect((await answer.json()).outputs[0].data).toEqual(golden.cases.map(({ probability }) => probability));
  });

  it("takes as many rows as any request, and no more", async () => {
    const many = (count: number) => post({ inputs: [input([count, width], Array(count).fill(row).flat())] });
    expect((await many(MAX_INSTANCES)).status).toBe(200);
    expect((await many(MAX_INSTANCES + 1)).status).toBe(400);
  });

  it.each<[string, Parameters<typeof post>, number, RegExp]>([
    ["no JSON", ["{"], 400, /not JSON/],
    ["no tensors", [{}], 400, /^inputs/],
    ["another width", [{ inputs: [input([1, 4], [1, 2, 3, 4])] }], 400, /\[rows, 30\]/],
    ["another model", [{ inputs: [] }, "/v2/models/other/infer"], 404, /there is wdbc/],
    ["another version", [{ inputs: [] }, "/v2/models/wdbc/versions/1/infer"], 404, /there is 3\.0\.0/],
    [
      "binary tensors",
      ["{}", undefined, { "inference-header-content-length": "2" }],
      400,
      /^Binary tensors are not supported/,
    ],
    ["a form's type", ["{}", undefined, { "content-type": "text/plain" }], 415, /application\/json/],
    ["a body that is too large", ["x".repeat(3_456_001)], 413, /3,456,000 bytes/],
    [
      "deeply nested data",
      [
        `{"inputs":[{"name":"a","shape":[1,30],"datatype":"FP64","data":${"[".repeat(9_000)}${"]".repeat(9_000)}}]}`,
      ],
      400,
      /inputs/,
    ],
  ])("refuses %s", async (_, request, status, message) => {
    const answer = await post(...request);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(message) });
  });

  it.each([
    ["model_unavailable", "busy", 503, "7"],
    ["timeout", "timeout", 504, "5"],
    ["bad_answer", "bad_answer", 502, null],
    ["misconfigured", "not_found", 500, null],
  ] as const)("tells that the model behind fails: %s", async (code, reason, status, retryAfter) => {
    const error = {
      code,
      reason,
      retryable: retryAfter !== null,
      requestId: "r",
      what: "It failed.",
      advice: "Wait.",
    };
    const predict: Inference["predict"] = async () => ({
      ok: false,
      error: {
        ...{ ...error, backend: "https", latencyMs: 1, failedAt: "gateway" },
        ...(retryAfter === "7" && { retryAfterMs: 6_500 }),
      },
    });
    model = { ...embedded, predict };
    const answer = await post({ inputs: [input([1, width], row)] });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, retryAfter]);
    expect(await answer.json()).toEqual({ error: "It failed. Wait." });
  });

  it("never fails for what it is sent, and every refusal says why", async () => {
    const valid = { id: "1", inputs: [input([1, width], row)], outputs: [{ name: "label" }] };
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.constantFrom(-1, 1e300, 2 ** 53, "FP64", [], {}, null),
    );
    const at = fc.constantFrom(
      "id",
      "inputs",
      "outputs",
      "parameters",
      "inputs.0.shape",
      "inputs.0.data",
      "inputs.0.data.3",
      "inputs.0.name",
      "inputs.0.datatype",
      "inputs.0.parameters",
      "outputs.0.name",
      "outputs.0.parameters",
    );
    const changed = fc.tuple(at, odd).map(([path, value]) => {
      const body = structuredClone(valid) as Record<string, unknown>;
      const steps = path.split(".");
      const last = steps.pop() ?? "";
      let inner: Record<string, unknown> = body;
      for (const step of steps) inner = inner[step] as Record<string, unknown>;
      inner[last] = value;
      return body;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(odd, changed), async (body) => {
        const answer = await post(body);
        const said = await answer.json();
        if (answer.status === 200) expect(said.outputs.length).toBeGreaterThan(0);
        else expect([answer.status, typeof said.error]).toEqual([400, "string"]);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves out what a model behind does not give, unless it is asked for", async () => {
    const predict: Inference["predict"] = async (instances) => {
      const answer = await embedded.predict(instances);
      if (!answer.ok) return answer;
      const predictions = answer.value.predictions.map((each) => ({ ...each, label: null, cautions: null }));
      return ok({ ...answer.value, predictions });
    };
    model = { ...embedded, predict };
    const asked = { inputs: [input([1, width], row)] };
    const { outputs } = await (await post(asked)).json();
    expect(outputs.map(({ name }: { name: string }) => name)).toEqual([
      "diagnosis",
      "probability",
      "base",
      "contributions",
      "typicality",
    ]);
    const refused = await post({ ...asked, outputs: [{ name: "label" }] });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: "the model behind gives no label" });
  });

  it("answers a fault of its own in the same form", async () => {
    model = { ...embedded, predict: async () => Promise.reject(new Error("secret")) };
    const answer = await post({ inputs: [input([1, width], row)] });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error: "Cytodesk failed to answer. The log says why." });
  });
});
