import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProbability } from "./diagnosis";

describe("formatProbability", () => {
  it.each([
    [0.9345, "0.934"],
    [0.25, "0.250"],
    [0, "0.000"],
    [1, "1.000"],
    [0.9999999, "> 0.999"],
    [0.9995, "> 0.999"],
    [0.9994, "0.999"],
    [1e-12, "< 0.001"],
    [0.0006, "0.001"],
  ])("%d is %s", (probability, text) => {
    expect(formatProbability(probability)).toBe(text);
  });

  it("adds decimals rather than show a value on the wrong side of the threshold", () => {
    expect(formatProbability(0.24996, 0.25)).toBe("0.24996");
    expect(formatProbability(0.25, 0.25)).toBe("0.250");
    expect(formatProbability(0.4, 0.25)).toBe("0.400");
  });

  it("never claims certainty that is not there", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (probability) => {
        const text = formatProbability(probability);
        return (text === "1.000") === (probability === 1) && (text === "0.000") === (probability === 0);
      }),
    );
  });
});
