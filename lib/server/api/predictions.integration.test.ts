import { afterAll, describe, expect, it, vi } from "vitest";
import { SAMPLES } from "@/tables/current";
import { askDatabase, countPredictions } from "@/test/database";
import { createThrowawayDatabase } from "@/test/throwaway";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { createApi } = await import("./create-api");
const { inference } = await import("@/lib/server/inference/inference");
const api = createApi();

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

const BASE = "http://127.0.0.1/api/v1";

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await api.request(BASE + path, {
    method,
    headers: { ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const said = (text === "" ? {} : JSON.parse(text)) as Said;
  return { status: response.status, headers: response.headers, body: said };
}

/** What any of the answers has that tests look into; the others are null. */
type Said = {
  id: string;
  diagnosis: string;
  probability: number;
  measurements: Record<string, number>;
  outcome: { on: string | null } | null;
  deletedAt: string | null;
  links: { self: string; first: string; previous: string | null; next: string | null };
  predictions: { id: string }[];
  errors: unknown;
  results: { prediction: unknown; problem: { errors: unknown } }[];
};

const [{ values: sample }] = SAMPLES;
/** No sample, and like one. */
const features = sample.map((value, index) => (index === 0 ? value * 1.001 : value));
const zeros = sample.map(() => 0);

const predictOne = async (caseCode?: string) =>
  (await ask("POST", "/predictions", { features, caseCode })).body;

describe("POST /predictions", () => {
  it("saves one case, by name or in order, and says where it is", async () => {
    const first = await ask("POST", "/predictions", { features, caseCode: " B-1 " });
    expect(first).toMatchObject({ status: 201, body: { source: "api", caseCode: "B-1", note: null } });
    expect(first.headers.get("location")).toBe(first.body.links.self);
    const again = await ask("POST", "/predictions", { measurements: first.body.measurements });
    expect(again.body).toMatchObject({ probability: first.body.probability, caseCode: null });
    expect((await ask("GET", `/predictions/${first.body.id}`)).body).toEqual(first.body);
  });

  it("saves the good ones of many, and says of each other one why not", async () => {
    const before = await countPredictions(url);
    const { measurements } = await predictOne();
    const { status, body } = await ask("POST", "/predictions", {
      cases: [
        { features },
        { features: zeros },
        { measurements: { ...measurements, more: 1 } },
        7,
        { features: sample },
      ],
    });
    expect({ status, ...body, results: body.results.length }).toEqual({
      status: 201,
      saved: 2,
      refused: 3,
      results: 5,
    });
    expect(body.results[0]?.prediction).toMatchObject({ source: "api" });
    expect(body.results[1]?.problem).toMatchObject({ status: 422, type: "/api-docs#not-one-case" });
    expect(body.results[2]?.problem.errors).toEqual([
      { pointer: "/cases/2/measurements/more", detail: "There is no such property." },
    ]);
    expect(body.results[3]?.problem.errors).toMatchObject([{ pointer: "/cases/3" }]);
    expect(body.results[4]?.prediction).toMatchObject({ source: "sample" });
    expect(await countPredictions(url)).toBe(before + 3);
  });

  it("is a problem as a whole where not one could be saved", async () => {
    const refused = await ask("POST", "/predictions", { cases: [{ features: zeros }, { features: [] }] });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer: "/cases/0" }, { pointer: "/cases/1/features" }]);
  });

  it.each([
    ["no JSON", "{", {}, 400],
    ["no type", "{}", { "Content-Type": "" }, 415],
    ["the type of a form", "a=1", { "Content-Type": "text/plain" }, 415],
    ["nothing of a case", {}, {}, 422],
    ["a text for a number", { features: sample.map(String) }, {}, 422],
    ["a number that is none", `{"features": [1e999]}`, {}, 422],
    ["no cases", { cases: [] }, {}, 422],
    ["a key with a space", { features }, { "Idempotency-Key": "a b" }, 400],
  ])("refuses %s", async (_, body, headers, status) => {
    const refused = await ask("POST", "/predictions", body, headers);
    expect(refused).toMatchObject({
      status,
      body: { status, requestId: refused.headers.get("x-request-id") },
    });
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
  });

  it("refuses a body that is too large, whether it tells its length or not", async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    const body = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(chunk);
        },
      });
    const init = { method: "POST", body: body(), duplex: "half" } as const;
    const told = { "Content-Type": "application/json", "Content-Length": "100000000" };
    for (const headers of [told, { "Content-Type": "application/json" }]) {
      const response = await api.request(`${BASE}/predictions`, { ...init, body: body(), headers });
      expect(response.status).toBe(413);
    }
  });

  it("gives the same rows for the same key and body, and refuses another body under that key", async () => {
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const cases = [{ features, caseCode: "B-7" }, { features: zeros }, { features: sample }];
    const first = await ask("POST", "/predictions", { cases }, key);
    const before = await countPredictions(url);
    const again = await ask("POST", "/predictions", { cases }, key);
    expect(again.status).toBe(201);
    expect(again.body.results[0]).toEqual(first.body.results[0]);
    expect(again.body.results[2]).toEqual(first.body.results[2]);
    for (const other of [{ cases: cases.slice(0, 1) }, { cases: [...cases, { features }] }, { features }]) {
      expect(await ask("POST", "/predictions", other, key)).toMatchObject({
        status: 422,
        body: { type: "/api-docs#idempotency-key-reused" },
      });
    }
    expect(await countPredictions(url)).toBe(before);
  });

  it("saves once what comes at once under one key", async () => {
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const answers = await Promise.all([1, 2, 3].map(() => ask("POST", "/predictions", { features }, key)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.headers.get("retry-after")).toBe("1");
  });

  it.each([
    ["busy, for 3 s", { code: "model_unavailable", retryAfterMs: 2_500 }, 503, "3"],
    ["too slow", { code: "timeout" }, 504, null],
    ["wrong", { code: "bad_answer" }, 502, null],
  ] as const)(
    "says of a model that is %s what it is, and saves nothing",
    async (_, failure, status, retryAfter) => {
      const before = await countPredictions(url);
      const error = {
        ...failure,
        what: "It failed.",
        advice: "Try again.",
        reason: "busy" as const,
        requestId: "r",
      };
      const predict = vi.spyOn(inference(), "predict").mockResolvedValue({
        ok: false,
        error: { ...error, retryable: true, backend: "https", latencyMs: 1, failedAt: "gateway" },
      });
      const refused = await ask("POST", "/predictions", { features });
      predict.mockRestore();
      expect(refused).toMatchObject({ status, body: { detail: "It failed. Try again." } });
      expect(refused.headers.get("retry-after")).toBe(retryAfter);
      expect(await countPredictions(url)).toBe(before);
    },
  );
});

describe("GET /predictions", () => {
  it("turns the pages by its links, each prediction once", async () => {
    const code = `page-${crypto.randomUUID()}`;
    for (let at = 0; at < 5; at++) await predictOne(code);
    const seen: string[] = [];
    let next: string | null = `/predictions?text=${code}&limit=2&sort=radius_mean&source=api`;
    while (next !== null) {
      const { status, body, headers } = await ask("GET", next.replace("/api/v1", ""));
      expect(status).toBe(200);
      seen.push(...body.predictions.map(({ id }) => id));
      const { links } = body;
      const rels = { first: links.first, prev: links.previous, next: links.next };
      expect(headers.get("link")).toBe(
        Object.entries(rels)
          .filter(([, href]) => href !== null)
          .map(([rel, href]) => `<${href}>; rel="${rel}"`)
          .join(", "),
      );
      next = links.next;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen.length).toBe(5);
  });

  it.each([
    "limit=0",
    "limit=101",
    "size=25",
    "columns=all",
    "sort=nothing",
    "cursor=x",
    "text=%00",
    "from=1",
    "pmin=2",
  ])("refuses ?%s", async (query) => {
    expect(await ask("GET", `/predictions?${query}`)).toMatchObject({
      status: 400,
      body: { type: "/api-docs#malformed-request" },
    });
  });
});

describe("one prediction", () => {
  it("takes case code and note, of which each alone leaves the other", async () => {
    const { id } = await predictOne("B-2");
    const noted = await ask("PATCH", `/predictions/${id}`, { note: "first" });
    expect(noted).toMatchObject({ status: 200, body: { caseCode: "B-2", note: "first" } });
    const removed = await ask("PATCH", `/predictions/${id}`, { caseCode: null });
    expect(removed.body).toMatchObject({ caseCode: null, note: "first" });
    for (const body of [{}, { other: 1 }, { note: 1 }, { note: "\0" }, { caseCode: "x".repeat(65) }]) {
      expect((await ask("PATCH", `/predictions/${id}`, body)).status).toBe(422);
    }
  });

  it("is changed with If-Match only where it is as it was read", async () => {
    const { id } = await predictOne();
    const etag = (await ask("GET", `/predictions/${id}`)).headers.get("etag") ?? "";
    const match = { "If-Match": etag };
    const [one, other] = await Promise.all(
      ["one", "other"].map((note) => ask("PATCH", `/predictions/${id}`, { note }, match)),
    );
    expect([one?.status, other?.status].sort()).toEqual([200, 412]);
    expect((await ask("PATCH", `/predictions/${id}`, { note: "late" }, match)).status).toBe(412);
    expect((await ask("PATCH", `/predictions/${id}`, { note: "any" }, { "If-Match": "*" })).status).toBe(200);
  });

  it("takes an outcome and loses it", async () => {
    const { id, diagnosis } = await predictOne();
    const path = `/predictions/${id}/outcome`;
    expect((await ask("POST", path, { outcome: diagnosis, on: "2026-11-20" })).body.outcome).toEqual({
      outcome: diagnosis,
      on: "2026-11-20",
    });
    expect((await ask("POST", path, { outcome: diagnosis })).body.outcome?.on).toBeNull();
    expect((await ask("POST", path, { outcome: null })).body.outcome).toBeNull();
    for (const body of [
      { outcome: "x" },
      { outcome: diagnosis, on: "2026-02-30" },
      { outcome: diagnosis, on: "2999-01-01" },
    ]) {
      expect((await ask("POST", path, body)).status).toBe(422);
    }
  });

  it("goes to the bin, where it is read and not changed", async () => {
    const { id } = await predictOne();
    for (let time = 0; time < 2; time++) expect((await ask("DELETE", `/predictions/${id}`)).status).toBe(204);
    expect((await ask("GET", `/predictions/${id}`)).body.deletedAt).not.toBeNull();
    expect((await ask("PATCH", `/predictions/${id}`, { note: "x" })).status).toBe(409);
    expect((await ask("POST", `/predictions/${id}/outcome`, { outcome: null })).status).toBe(409);
  });

  it.each(["nothing", "0190c8a0-0000-7000-8000-00000000dead", "%2e%2e"])("is not found as %s", async (id) => {
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PATCH", "", { note: "x" }],
      ["DELETE", "", undefined],
      ["POST", "/outcome", { outcome: null }],
    ] as const) {
      expect(await ask(method, `/predictions/${id}${path}`, body)).toMatchObject({
        status: 404,
        body: { status: 404 },
      });
    }
  });
});

describe("every address", () => {
  it.each([
    ["PUT", "/predictions", "GET, POST, HEAD, OPTIONS"],
    ["POST", "/model", "GET, HEAD, OPTIONS"],
  ])("answers %s %s with what is answered there", async (method, path, allow) => {
    const refused = await ask(method, path);
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")?.split(", ").sort()).toEqual(allow.split(", ").sort());
    expect((await ask("OPTIONS", path)).status).toBe(204);
  });

  it("keeps a caller's request id, if it is fit for a log", async () => {
    const asked = async (id: string) =>
      (await ask("GET", "/model", undefined, { "X-Request-Id": id })).headers.get("x-request-id");
    expect(await asked("mine-1")).toBe("mine-1");
    expect(await asked("not mine")).not.toBe("not mine");
  });

  it("says that the database is gone, and when to ask again", async () => {
    await askDatabase(url, "ALTER TABLE annotation RENAME TO hidden");
    const failed = await ask("GET", "/predictions?text=x");
    await askDatabase(url, "ALTER TABLE hidden RENAME TO annotation");
    expect(failed).toMatchObject({ status: 503, body: { type: "/api-docs#database-unavailable" } });
    expect(failed.headers.get("retry-after")).not.toBeNull();
  });
});
