import { describe, expect, it } from "vitest";
import { describeDifference } from "./difference";

describe("describeDifference", () => {
  it.each([
    [17.99, 10.38, "+7.61", "+73 %"],
    [10.38, 17.99, "−7.61", "−42 %"],
    [0.3, 0.1, "+0.2", "+200 %"],
    [1001, 1000, "+1", "+0.1 %"],
    [0.006193, 0.006399, "−0.000206", "−3.2 %"],
    [1e-7, 3e-7, "−2e-7", "−67 %"],
    [5, 5, "±0", "±0 %"],
    [0, 0, "±0", "±0 %"],
    [0.25, 0, "+0.25", null],
    [1_000_000, 1, "+999999", "+1.0e+8 %"],
    [1000.1, 1000, "+0.1", "±0 %"],
  ])("of %d from %d is %s, %s", (value, from, absolute, percent) => {
    expect(describeDifference(value, from)).toEqual({ absolute, percent });
  });
});
