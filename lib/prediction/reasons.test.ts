import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { parseArtifact } from "../../model/artifact";
import { parseDataset } from "../../model/dataset";
import { explain } from "../../model/explain";
import { standardise } from "../../model/standardise";
import { FAMILIES, FEATURES } from "../../tables/current";
import artifactJson from "../../tables/wdbc/artifact.json";
import { labelWith, rankMeasurements, rankReasons } from "./reasons";

const artifact = parseArtifact(artifactJson);
const { features, positive } = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8"));

afterEach(() => {
  vi.doUnmock("../../tables/current");
  vi.resetModules();
});

const contributions = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), {
  minLength: FEATURES.length,
  maxLength: FEATURES.length,
});
const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);

it("puts each measurement in exactly one family, whose term is the sum of theirs, and sorts both by size", () => {
  fc.assert(
    fc.property(contributions, (terms) => {
      const reasons = rankReasons(terms);
      expect(reasons).toHaveLength(FAMILIES.length);
      const members = reasons.flatMap((reason) => reason.members);
      expect(members.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
        FEATURES.map(({ index }) => index),
      );
      for (const { term, members } of reasons) {
        expect(term).toBeCloseTo(sum(members.map((member) => member.term)), 9);
        expect(members.every((member) => member.term === terms[member.index])).toBe(true);
      }
      expect(sum(reasons.map(({ term }) => term))).toBeCloseTo(sum(terms), 9);
      for (const list of [reasons, rankMeasurements(terms), ...reasons.map(({ members }) => members)]) {
        const sizes = list.map(({ term }) => Math.abs(term));
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      }
    }),
  );
});

it("tells measurements where the table has no families", async () => {
  vi.doMock("../../tables/current", async (original) => ({
    ...(await original<typeof import("../../tables/current")>()),
    FAMILIES: [],
  }));
  vi.resetModules();
  const { rankReasons } = await import("./reasons");
  const reasons = rankReasons(FEATURES.map(({ index }) => index));
  expect(reasons.map(({ label }) => label)).toEqual(FEATURES.map(({ label }) => label).reverse());
  expect(reasons.every(({ members }) => members.length === 0)).toBe(true);
});

/**
 * Where a case lies in a group of measurements, towards the positive class: the mean of its members' standardised
 * logarithms, turned round where that mean's correlation with the class is negative among the training cases. A group's
 * term contradicts that where the two have opposite signs and the case lies aside of the training mean at all: by more
 * than half a standard deviation of a measurement.
 */
function contradictions(groupOf: (feature: (typeof FEATURES)[number]) => string, top: number): number {
  const rows = features.map((values) => standardise(artifact.model, values));
  const share = sum(positive) / positive.length;
  const groups = [...new Set(FEATURES.map(groupOf))].map((group) => {
    const members = FEATURES.filter((feature) => groupOf(feature) === group);
    const mean = (row: Float64Array) =>
      sum(members.map(({ index }) => row[index] as number)) / members.length;
    const covariance = sum(rows.map((row, i) => mean(row) * ((positive[i] as number) - share)));
    return { members, place: (row: Float64Array) => mean(row) * Math.sign(covariance) };
  });
  const contradicted = features.filter((values, i) => {
    const terms = explain(artifact, values).contributions;
    return groups
      .map(({ members, place }) => ({
        term: sum(members.map(({ index }) => terms[index] as number)),
        place: place(rows[i] as Float64Array),
      }))
      .sort((a, b) => Math.abs(b.term) - Math.abs(a.term))
      .slice(0, top)
      .some(({ term, place }) => Math.abs(place) > 0.5 && term * place < 0);
  });
  return contradicted.length / features.length;
}

it("has among the two strongest families one that speaks against where the case lies in at most 3 % of the rows", () => {
  expect(contradictions(({ family }) => family ?? "", 2)).toBeLessThanOrEqual(0.03);
  // Single measurements contradict several times as often, which is why families come first.
  expect(contradictions(({ key }) => key, 2)).toBeGreaterThan(0.1);
});

it("labelWith says what was chosen, or that it is not known", () => {
  const column = { label: "Job", type: "category" as const, levels: ["f", "p"], mayMiss: true };
  const job = { ...column, levelLabels: { f: "freelance" } };
  expect([0, 1, Number.NaN, undefined].map((value) => labelWith(job, value))).toEqual([
    "Job: freelance",
    "Job: p",
    "Job: not known",
    "Job",
  ]);
  const income = { ...job, label: "Income", type: "number" as const, levels: [] };
  expect([12, Number.NaN].map((value) => labelWith(income, value))).toEqual(["Income", "Income: not known"]);
});
