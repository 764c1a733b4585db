import { fail, ok, type Result } from "../result";
import { withAtMost } from "./edit";
import type { Outline, Point } from "./outline";
import { MOST_OUTLINES, MOST_POINTS, type OutlineState } from "./record";

// What files of outlines have in common, whatever their format. They count in the image file's pixels, from its corner on,
// as QuPath and ImageJ do: the centre of its first pixel is (0.5, 0.5).

export const toFile = (measured: number, factor: number): number => (measured + 0.5) / factor;
const fromFile = (inFile: number, factor: number): number => inFile * factor - 0.5;

/** A shape as a file has it, its points not looked at yet; null where it is none that encloses anything. */
export type ShapeInFile = {
  points: readonly unknown[] | null;
  hasHoles?: boolean;
  state?: OutlineState;
  isDark?: boolean;
};

/** An outline of a file, in measured pixels. */
export type OutlineRead = { points: Outline; state: OutlineState; isDark: boolean };

/** A coordinate that no image reaches; lengths of larger ones would overflow. */
const TOO_FAR = 1e8;

/** The outlines among a file's shapes, and sentences on what was left out; an error where none is left. */
export function outlinesOf(
  shapes: Iterable<ShapeInFile>,
  factor: number,
): Result<{ outlines: readonly OutlineRead[]; leftOut: readonly string[] }, string> {
  const outlines: OutlineRead[] = [];
  const counts = { noPolygon: 0, noNumbers: 0, tooFew: 0, tooMany: 0, holes: 0, resampled: 0 };
  for (const { points, hasHoles, state = "as drawn", isDark = true } of shapes) {
    if (outlines.length === MOST_OUTLINES) {
      counts.tooMany++;
      continue;
    }
    if (points === null) {
      counts.noPolygon++;
      continue;
    }
    const places = points.map(placeOf);
    if (!places.every((place) => place !== null)) {
      counts.noNumbers++;
      continue;
    }
    const ring = withoutRepeats(places.map(([x, y]) => [fromFile(x, factor), fromFile(y, factor)]));
    if (ring.length < 3) {
      counts.tooFew++;
      continue;
    }
    if (hasHoles) counts.holes++;
    if (ring.length > MOST_POINTS) counts.resampled++;
    outlines.push({ points: withAtMost(ring, MOST_POINTS), state, isDark });
  }
  const leftOut = sentencesOn(counts);
  if (outlines.length > 0) return ok({ outlines, leftOut });
  return fail(["The file has no outline that can be taken.", ...leftOut].join(" "));
}

function placeOf(value: unknown): Point | null {
  if (!Array.isArray(value)) return null;
  const [x, y] = value;
  return isPlace(x) && isPlace(y) ? [x, y] : null;
}

const isPlace = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= TOO_FAR;

/** A ring without points that repeat the one before, and without its first point again at its end. */
function withoutRepeats(ring: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of ring) if (!isSame(point, kept.at(-1))) kept.push(point);
  while (kept.length > 1 && isSame(kept[0] as Point, kept.at(-1))) kept.pop();
  return kept;
}

const isSame = (a: Point, b: Point | undefined) => a[0] === b?.[0] && a[1] === b[1];

function sentencesOn(
  counts: Record<"noPolygon" | "noNumbers" | "tooFew" | "tooMany" | "holes" | "resampled", number>,
) {
  const { noPolygon, noNumbers, tooFew, tooMany, holes, resampled } = counts;
  const sentence = (count: number, one: string, many: string) =>
    count === 0 ? [] : [count === 1 ? `1 shape ${one}` : `${count} shapes ${many}`];
  return [
    ...sentence(noPolygon, "is no polygon and was left out.", "are no polygons and were left out."),
    ...sentence(
      noNumbers,
      "has points that are no places on an image, and was left out.",
      "have points that are no places on an image, and were left out.",
    ),
    ...sentence(
      tooFew,
      "has fewer than three points and was left out.",
      "have fewer than three points and were left out.",
    ),
    ...sentence(
      tooMany,
      `was left out after the first ${MOST_OUTLINES}.`,
      `were left out after the first ${MOST_OUTLINES}.`,
    ),
    ...sentence(holes, "has holes, which were left out.", "have holes, which were left out."),
    ...sentence(
      resampled,
      `had more than ${MOST_POINTS} points and has ${MOST_POINTS} now.`,
      `had more than ${MOST_POINTS} points and have ${MOST_POINTS} now.`,
    ),
  ];
}
