import { expect, it } from "vitest";
import artifact from "../../tables/wdbc/artifact.json";
import { createInProcessEndpoint } from "./in-process-endpoint";

it("refuses an artifact of which a last digit was changed on the way here", () => {
  const { means } = artifact.model;
  const nudged = means.map((mean, i) => (i === 0 ? mean * (1 + Number.EPSILON) : mean));
  expect(() => createInProcessEndpoint(artifact)).not.toThrow();
  expect(() => createInProcessEndpoint({ ...artifact, model: { ...artifact.model, means: nudged } })).toThrow(
    "does not match its hash",
  );
});

it("carries numbers that every parser reads alike: at most 15 significant digits", () => {
  const { means, scales, weights, intercept } = artifact.model;
  for (const number of [...means, ...scales, ...weights, intercept]) {
    expect(Number(number.toPrecision(15))).toBe(number);
  }
});
