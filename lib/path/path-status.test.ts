import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failedHop, hopsOf, type PathTest, stopsOf } from "./path-status";

it("gives each part its own time, which add up to the whole", () => {
  expect(hopsOf("lambda;dur=9.5, endpoint;dur=8, container;dur=0.5", 12)).toEqual([
    { name: "gateway", ms: 2.5 },
    { name: "Lambda", ms: 1.5 },
    { name: "endpoint", ms: 7.5 },
    { name: "model", ms: 0.5 },
  ]);
});

it("does without a container that does not tell", () => {
  expect(hopsOf("lambda;dur=9.5, endpoint;dur=8", 12)?.map(({ name }) => name)).toEqual([
    "gateway",
    "Lambda",
    "endpoint",
  ]);
});

it("is null where the parts do not fit in each other, or nothing is said", () => {
  for (const said of [
    null,
    "",
    "cdn-cache; desc=HIT",
    "lambda;dur=13, endpoint;dur=8",
    "lambda;dur=8, endpoint;dur=9",
    "lambda;dur=-1, endpoint;dur=0",
  ]) {
    expect(hopsOf(said, 12)).toBeNull();
  }
});

it("reads any header without throwing, and never a negative time", () => {
  const entry = fc
    .tuple(fc.constantFrom("lambda", "endpoint", "container", "x"), fc.double({ noNaN: true }))
    .map(([name, ms]) => `${name};dur=${ms}`);
  const header = fc.oneof(
    fc.string(),
    fc.array(entry).map((entries) => entries.join(", ")),
  );
  fc.assert(
    fc.property(header, fc.double({ min: 0, max: 60_000, noNaN: true }), (said, total) => {
      for (const { ms } of hopsOf(said, total) ?? []) expect(ms).toBeGreaterThanOrEqual(0);
    }),
  );
});

it("tells where a request failed by how far it came", () => {
  expect(failedHop(null, "unreachable")).toBe("gateway");
  expect(failedHop("cdn-cache; desc=HIT", "bad_answer")).toBe("gateway");
  expect(failedHop("lambda;dur=1", "refused_values")).toBe("Lambda");
  expect(failedHop("lambda;dur=9, endpoint;dur=8", "busy")).toBe("endpoint");
  expect(failedHop("lambda;dur=9, endpoint;dur=8", "model_failed")).toBe("model");
});

describe("stopsOf", () => {
  const parts = [[], ["gateway"], ["Lambda"], ["endpoint"], ["model"]] as const;
  const at = new Date(0);
  const answered: PathTest = {
    ok: true,
    at,
    requestId: "r",
    backend: "https",
    totalMs: 10,
    hops: [
      { name: "gateway", ms: 6 },
      { name: "Lambda", ms: 1 },
      { name: "endpoint", ms: 3 },
    ],
    model: { name: "m", version: "1", hash: null, threshold: null, uncertain: null },
    diagnosis: "M",
    probability: 1,
    asExpected: null,
  };

  it("gives each its own time, together where one stop stands for several parts", () => {
    expect(stopsOf(parts, answered).map(({ ms }) => ms)).toEqual([null, 6, 1, 3, null]);
    const together = stopsOf(
      [
        ["gateway", "Lambda"],
        ["endpoint", "model"],
      ],
      answered,
    );
    expect(together.map(({ share }) => share)).toEqual([0.7, 0.3]);
    expect(stopsOf(parts, { ...answered, hops: null }).every(({ state }) => state === "reached")).toBe(true);
  });

  it("asks nothing behind what failed, and knows only the first without a test", () => {
    const failed: PathTest = {
      ok: false,
      at,
      requestId: "r",
      backend: "https",
      failedAt: "Lambda",
      message: "",
    };
    const states = (test: PathTest | null) => stopsOf(parts, test).map(({ state }) => state);
    expect(states(failed)).toEqual(["reached", "reached", "failed", "not asked", "not asked"]);
    expect(states({ ...failed, failedAt: "gateway" })[1]).toBe("failed");
    expect(states(null)).toEqual(["reached", "not asked", "not asked", "not asked", "not asked"]);
  });
});
