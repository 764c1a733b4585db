import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_INSTANCES } from "@/lib/contract";
import { ok } from "@/lib/result";
import golden from "@/tables/wdbc/golden.json";
import { startLoopback } from "@/test/loopback";
import { createInference, type Inference } from "./inference";
import { type PredictRowsOptions, predictRows, type Rows } from "./predict-rows";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));
const pauses: number[] = [];
vi.mock("node:timers/promises", async (original) => ({
  ...(await original<typeof import("node:timers/promises")>()),
  setTimeout: async (ms: number, _: unknown, { signal }: { signal: AbortSignal }) => {
    signal.throwIfAborted();
    pauses.push(ms);
  },
}));
beforeEach(() => {
  pauses.length = 0;
});

const embedded = createInference({ target: { kind: "embedded" }, timeoutMs: 30_000 });
const [known = []] = golden.cases.map(({ csv }) => csv.split(",").map(Number));
/** Rows that are told apart by their first number, which is the probability that `counting` gives them. */
const numbered = (count: number) =>
  Array.from({ length: count }, (_, row) => [row / 10_000, ...known.slice(1)]);

type Predict = Inference["predict"];
const error = (reason: "refused_values" | "busy" | "bad_answer" | "too_large", more = {}) => ({
  ok: false as const,
  error: {
    code: "bad_request" as const,
    retryable: reason === "busy",
    reason,
    requestId: "r",
    what: "",
    advice: "",
    backend: "https" as const,
    latencyMs: 1,
    failedAt: "gateway" as const,
    ...more,
  },
});

/** A service that answers each row with its own number, after `refuse` has had its say. */
function counting(
  refuse: (rows: readonly number[]) => Awaited<ReturnType<Predict>> | undefined = () => undefined,
) {
  let atOnce = 0;
  const seen = { most: 0, sizes: [] as number[] };
  const predict: Predict = async (instances) => {
    atOnce += 1;
    seen.most = Math.max(seen.most, atOnce);
    seen.sizes.push(instances.length);
    await nextTurn();
    atOnce -= 1;
    const rows = instances.map(([first = 0]) => Math.round(first * 10_000));
    const refused = refuse(rows);
    if (refused !== undefined) return refused;
    const answer = await embedded.predict([known]);
    if (!answer.ok) throw new Error("not refused above");
    const [one] = answer.value.predictions;
    if (one === undefined) throw new Error("one instance was sent");
    return ok({ ...answer.value, predictions: rows.map((row) => ({ ...one, base: row })) });
  };
  return { predict, seen };
}

async function collect(rows: Rows, options: PredictRowsOptions) {
  const numbers: (number | null)[] = [];
  for await (const answer of predictRows(rows, options)) {
    if (!answer.ok) return { numbers, error: answer.error };
    expect(answer.value.first).toBe(numbers.length);
    numbers.push(...answer.value.predictions.map(({ base }) => base));
  }
  return { numbers, error: null };
}

const upTo = (count: number) => Array.from({ length: count }, (_, row) => row);

describe("predictRows", () => {
  it("gives the model's own answers, of arrays and of one flat array", async () => {
    const rows = golden.cases.map(({ csv }) => csv.split(",").map(Number));
    for (const shape of [rows, Float64Array.from(rows.flat())]) {
      const answers = [];
      for await (const answer of predictRows(shape, { model: embedded })) answers.push(answer);
      expect(answers).toHaveLength(1);
      const [answer] = answers;
      expect(answer?.ok && answer.value.model).toMatchObject(golden.model);
      expect(answer?.ok && answer.value.predictions.map(({ probability }) => probability)).toEqual(
        golden.cases.map(({ probability }) => probability),
      );
    }
    await expect(collect(new Float64Array(31), { model: embedded })).rejects.toThrow(RangeError);
  });

  it("answers every row once and in order, whatever their number, at most so many requests at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(6 * MAX_INSTANCES), fc.integer({ min: 1, max: 6 }), async (count, atOnce) => {
        const { predict, seen } = counting();
        expect(await collect(numbered(count), { atOnce, model: { predict } })).toEqual({
          numbers: upTo(count),
          error: null,
        });
        expect(seen.sizes).toHaveLength(Math.ceil(count / MAX_INSTANCES));
        expect(seen.most).toBe(Math.min(atOnce, seen.sizes.length));
      }),
      { numRuns: 20 },
    );
  });

  it("stops at the one row that is refused, with all rows before it answered", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3 * MAX_INSTANCES - 1), async (bad) => {
        const { predict } = counting((rows) => (rows.includes(bad) ? error("refused_values") : undefined));
        const { numbers, error: stopped } = await collect(numbered(3 * MAX_INSTANCES), {
          model: { predict },
        });
        expect(numbers).toEqual(upTo(bad));
        expect(stopped).toMatchObject({ reason: "refused_values", answered: bad });
      }),
      { numRuns: 20 },
    );
  });

  it("sends smaller requests where the gateway takes no larger ones", async () => {
    const { predict, seen } = counting((rows) => (rows.length > 500 ? error("too_large") : undefined));
    expect((await collect(numbered(MAX_INSTANCES), { model: { predict } })).numbers).toEqual(
      upTo(MAX_INSTANCES),
    );
    expect(seen.sizes).toEqual([1800, 900, 450, 450, 900, 450, 450]);
  });

  it("does not ask again for an answer that is not to be relied on", async () => {
    const { predict, seen } = counting(() => error("bad_answer"));
    expect((await collect(numbered(5), { model: { predict } })).error).toMatchObject({ answered: 0 });
    expect(seen.sizes).toEqual([5]);
  });

  it("waits longer each time while the service is busy, as long as it asks, and gives up in the end", async () => {
    let refusals = 4;
    const busyAtFirst = counting(() => (refusals-- > 0 ? error("busy", { retryAfterMs: 3000 }) : undefined));
    expect((await collect(numbered(2), { model: busyAtFirst })).numbers).toEqual([0, 1]);
    expect(pauses).toHaveLength(4);
    for (const [tried, ms] of pauses.entries()) {
      expect(ms).toBeGreaterThanOrEqual(3000 + 250 * 2 ** tried);
      expect(ms).toBeLessThan(3000 + 500 * 2 ** tried);
    }

    const alwaysBusy = counting(() => error("busy"));
    expect((await collect(numbered(2), { model: alwaysBusy })).error).toMatchObject({
      reason: "busy",
      answered: 0,
    });
    expect(alwaysBusy.seen.sizes).toHaveLength(8);

    const away = counting(() => error("busy", { retryAfterMs: 3_600_000 }));
    expect((await collect(numbered(2), { model: away })).error).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(away.seen.sizes).toHaveLength(1);
  });

  it("ends at once where it is aborted, also while a request hangs, and asks for nothing more", async () => {
    const abort = new AbortController();
    const model = { predict: vi.fn<Predict>(() => new Promise(() => {})) };
    const running = collect(numbered(9 * MAX_INSTANCES), { model, signal: abort.signal });
    await nextTurn();
    expect(model.predict).toHaveBeenCalledTimes(4);
    abort.abort(new Error("cancelled by a person"));
    await expect(running).rejects.toThrow("cancelled by a person");
    expect(model.predict).toHaveBeenCalledTimes(4);
  });

  it("leaves the pauses of other requests when a row ends the run", async () => {
    const { predict, seen } = counting((rows) => (rows.includes(0) ? error("bad_answer") : error("busy")));
    expect((await collect(numbered(4 * MAX_INSTANCES), { model: { predict } })).error).toMatchObject({
      answered: 0,
    });
    const asked = seen.sizes.length;
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    expect(seen.sizes.length).toBeLessThanOrEqual(asked + 3);
  });
});

describe("through a gateway on loopback", () => {
  const servers: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(({ close }) => close()));
  });

  it.each([429, 503])("waits as long as Retry-After of its %i says, and goes on", async (status) => {
    let refusals = 3;
    const server = await startLoopback(async ({ body }, response) => {
      if (refusals-- > 0) return void response.writeHead(status, { "retry-after": "21" }).end();
      const { instances } = JSON.parse(body);
      const answer = await embedded.predict(
        instances.map(({ features }: { features: number[] }) => features),
      );
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(answer.ok ? answer.value : {}));
    });
    servers.push(server);
    const model = createInference({ target: { kind: "https", url: server.url }, timeoutMs: 20_000 });
    const answers = [];
    for await (const answer of predictRows([known, known], { model })) answers.push(answer);
    expect(answers).toMatchObject([{ ok: true, value: { predictions: [{}, {}] } }]);
    expect(pauses).toHaveLength(3);
    for (const ms of pauses) expect(ms).toBeGreaterThanOrEqual(21_000);
  });
});
