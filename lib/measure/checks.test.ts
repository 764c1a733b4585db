import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossesItself, overlapOf, refusalOf, touchesRim } from "./checks";
import { brushed, closedStroke, closestPoint, grown, movedBy, rescaled } from "./edit";
import { lengthOf, type Outline, type Point, signedAreaOf } from "./outline";

const circle = (radius: number, [x, y]: Point = [50, 50], count = 60): Outline =>
  Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
  });
const SIZE = { width: 100, height: 80 };

describe("an outline is refused", () => {
  it("when it crosses itself, also where it only goes through one of its own points", () => {
    const eight: Outline = [
      [0, 0],
      [40, 30],
      [40, 0],
      [0, 30],
    ];
    expect(crossesItself(eight)).toBe(true);
    const pinched: Outline = [
      [0, 0],
      [40, 0],
      [40, 40],
      [20, 0],
      [0, 40],
    ];
    expect(crossesItself(pinched)).toBe(true);
    expect(refusalOf(pinched)).toBe("crosses itself");
  });

  it("below 60 square pixels, with fewer than three points, or beside the image; else not", () => {
    expect(refusalOf(circle(4.3))).toBe("too small");
    expect(refusalOf(circle(4.5))).toBeNull();
    expect(refusalOf([])).toBe("too small");
    expect(refusalOf(circle(10, [150, 50]), SIZE)).toBe("off the image");
    expect(refusalOf(circle(10, [99, 50]), SIZE)).toBeNull();
    expect(refusalOf([...circle(10)].map(([x]) => [x, Number.NaN] as const))).toBe("too small");
  });

  it("never for a star around its centre, whatever its radii, start and direction", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 8, maxLength: 40 }),
        fc.boolean(),
        fc.nat(7),
        (radii, isReversed, start) => {
          const star = radii.map((radius, i) => {
            const angle = (2 * Math.PI * i) / radii.length;
            return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
          });
          const turned = [...star.slice(start), ...star.slice(0, start)];
          expect(crossesItself(isReversed ? turned.reverse() : turned)).toBe(false);
        },
      ),
    );
  });
});

describe("an outline is warned of", () => {
  it("at the rim, and not a pixel beside it", () => {
    expect(touchesRim(circle(10, [10, 40]), SIZE)).toBe(true);
    expect(touchesRim(circle(10, [12, 40]), SIZE)).toBe(false);
    expect(touchesRim(circle(10, [50, 69.5]), SIZE)).toBe(true);
  });

  it("by the share of the smaller one that both have", () => {
    expect(overlapOf(circle(10), circle(10, [90, 50]))).toBe(0);
    expect(overlapOf(circle(20), circle(8))).toBeGreaterThan(0.95);
    // Two equal circles a radius apart have 39.1 % in common.
    expect(overlapOf(circle(30), circle(30, [80, 50]))).toBeCloseTo(0.391, 1);
  });
});

describe("a person's changes", () => {
  it("move, grow and scale an outline as far as is said", () => {
    const round = circle(10);
    expect(movedBy(round, 0.25, -1)[0]).toEqual([60.25, 49]);
    for (const turned of [round, round.toReversed()]) {
      expect(Math.abs(signedAreaOf(grown(turned, 1)))).toBeCloseTo(Math.abs(signedAreaOf(circle(11))), 1);
    }
    expect(lengthOf(rescaled(round, 2))).toBeCloseTo(2 * lengthOf(round), 9);
    // The middle of the first pixel is where it was in the file.
    expect(rescaled([[-0.5, -0.5]], 3)).toEqual([[-0.5, -0.5]]);
  });

  it("take a point's neighbours along, less and less, and nothing else", () => {
    const before = circle(20);
    const { index, apart } = closestPoint(before, [70.5, 50]);
    expect([index, apart]).toEqual([0, 0.5]);
    const moved = brushed(before, index, 4, 0).map(([x], i) => x - (before[i] as Point)[0]);
    expect(moved[0]).toBeCloseTo(4, 9);
    for (let i = 1; i < 6; i++) {
      expect(moved[i]).toBeLessThan(moved[i - 1] as number);
      expect(moved[60 - i]).toBeCloseTo(moved[i] as number, 9);
    }
    expect(moved.slice(7, 53).every((change) => change === 0)).toBe(true);
  });

  it("close a line that a hand drew beyond its start, or back to it, or not quite to it", () => {
    const round = circle(12);
    for (const end of [round.slice(0, 6), round.slice(0, 1), []]) {
      const line = [round[0] as Point, ...round, ...end.map(([x, y]) => [x + 1.5, y - 0.3] as const)];
      const closed = closedStroke(line);
      expect(crossesItself(closed)).toBe(false);
      expect(closed.length).toBeGreaterThan(40);
      expect(Math.abs(signedAreaOf(closed))).toBeCloseTo(Math.PI * 144, -1.2);
    }
    expect(closedStroke([])).toEqual([]);
    expect(closedStroke([[3, 4]])).toEqual([[3, 4]]);
  });
});
