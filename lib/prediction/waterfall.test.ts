import { expect, it, vi } from "vitest";
import { FAMILIES, FEATURES } from "../../tables/current";
import { waterfallOf } from "./waterfall";

const contributions = FEATURES.map(({ index }) => Math.sin(index));
const total = contributions.reduce((sum, term) => sum + term, 0);

it("goes from the average case to this one, family by family in the table's order", () => {
  const steps = waterfallOf(-1.5, contributions);
  expect(steps.map(({ key }) => key)).toEqual(FAMILIES.map(({ key }) => key));
  expect(steps[0]?.from).toBe(-1.5);
  for (const [i, step] of steps.entries()) {
    expect(step.to - step.from).toBeCloseTo(step.term, 12);
    if (i > 0) expect(step.from).toBe(steps[i - 1]?.to);
  }
  expect(steps.at(-1)?.to).toBeCloseTo(total - 1.5, 12);
});

it("gives the strongest measurements and the rest where the table has no families", async () => {
  vi.resetModules();
  vi.doMock("../../tables/current", async (original) => ({
    ...(await original<typeof import("../../tables/current")>()),
    FAMILIES: [],
  }));
  const { waterfallOf } = await import("./waterfall");
  const steps = waterfallOf(0, contributions);
  expect(steps).toHaveLength(6);
  expect(steps.at(-1)).toMatchObject({ label: "The other 25", to: expect.closeTo(total, 12) });
});
