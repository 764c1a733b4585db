import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRetryable, toInferenceError } from "./failure";
import { readAnswer } from "./read-answer";

const json = (body: unknown) => ({
  status: 200,
  contentType: "application/json; charset=utf-8",
  retryAfter: null,
  serverTiming: null,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const unit = fc.double({ min: 0, max: 1, noNaN: true }).map((v) => v + 0);
const answer = fc
  .record({
    probabilities: fc.array(unit, { minLength: 1, maxLength: 5 }),
    threshold: unit,
    isUncertain: fc.boolean(),
    contributions: fc.option(
      fc.array(
        fc.double({ min: -100, max: 100, noNaN: true }).map((v) => v + 0),
        { minLength: 30, maxLength: 30 },
      ),
    ),
  })
  .map(({ probabilities, threshold, contributions, isUncertain }) => ({
    predictions: probabilities.map((alone) => {
      const logit = contributions?.reduce((sum, term) => sum + term, 0.5);
      const probability = logit === undefined ? alone : 1 / (1 + Math.exp(-logit));
      const diagnosis = probability >= threshold ? "M" : "B";
      const label = isUncertain ? "uncertain" : diagnosis;
      return { diagnosis, probability, label, base: 0.5, contributions, typicality: null, cautions: null };
    }),
    model: { name: "m", version: "1", hash: "h", threshold, uncertain: null },
    requestId: "r",
  }));

describe("readAnswer", () => {
  it("gives a valid answer back, bit for bit", () => {
    fc.assert(
      fc.property(answer, (value) => {
        expect(readAnswer(json(value), value.predictions.length)).toEqual({ ok: true, value });
      }),
    );
  });

  it("refuses an answer in which one diagnosis is turned round, or one row is gone", () => {
    fc.assert(
      fc.property(answer, fc.nat(), (value, n) => {
        const rows = value.predictions.length;
        const at = n % rows;
        const turned = value.predictions.map((p, i) =>
          i === at ? { ...p, diagnosis: p.diagnosis === "M" ? "B" : "M" } : p,
        );
        expect(readAnswer(json({ ...value, predictions: turned }), rows).ok).toBe(false);
        const fewer = value.predictions.filter((_, i) => i !== at);
        expect(readAnswer(json({ ...value, predictions: fewer }), rows).ok).toBe(false);
      }),
    );
  });

  it("refuses a probability that was cut, though its base and contributions say another", () => {
    const contributions = Array(30).fill(0.5);
    const prediction = {
      diagnosis: "B",
      probability: 0,
      label: null,
      base: 1.8,
      contributions,
      typicality: null,
      cautions: null,
    };
    const model = { name: "m", version: "1", hash: "h", threshold: 0.5, uncertain: null };
    expect(readAnswer(json({ predictions: [prediction], model, requestId: "r" }), 1)).toMatchObject({
      error: { reason: "bad_answer" },
    });
  });

  it("knows that fewer rows help where the path says so, and that the same again does not", () => {
    const error = { code: "too_large", message: "Ask for fewer rows.", retryable: false };
    const read = readAnswer({ ...json({ error }), status: 413 }, 1);
    expect(read).toMatchObject({ ok: false, error: { reason: "too_large" } });
    expect(!read.ok && isRetryable(read.error)).toBe(false);
    expect(!read.ok && toInferenceError(read.error, { requestId: "r", timeoutMs: 1 })).toMatchObject({
      code: "too_large",
      what: expect.stringContaining("its answer"),
    });
  });

  it("neither throws nor accepts, whatever else comes", () => {
    const wire = fc.record({
      status: fc.integer({ min: 100, max: 599 }),
      contentType: fc.option(fc.oneof(fc.constant("application/json"), fc.string())),
      retryAfter: fc.option(fc.oneof(fc.nat().map(String), fc.string())),
      serverTiming: fc.option(fc.string()),
      body: fc.oneof(fc.json(), fc.string()),
    });
    fc.assert(
      fc.property(wire, (one) => {
        expect(readAnswer(one, 1).ok).toBe(false);
      }),
    );
  });

  it("reads Retry-After in seconds only", () => {
    const busy = (retryAfter: string) =>
      readAnswer({ status: 503, contentType: null, retryAfter, serverTiming: null, body: "" }, 1);
    expect(busy("2")).toMatchObject({ error: { retryAfterMs: 2_000 } });
    expect(busy("Wed, 21 Oct 2026 07:28:00 GMT")).toMatchObject({ error: { retryAfterMs: undefined } });
    expect(busy("-1")).toMatchObject({ error: { retryAfterMs: undefined } });
  });
});
