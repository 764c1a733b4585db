import fc from "fast-check";
import { expect, it } from "vitest";
import { hopsOf } from "./path-status";

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
