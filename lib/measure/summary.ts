import { PROPERTIES, type Property } from "./features";
import { average, sum } from "./outline";

const GROUPS = ["mean", "se", "worst"] as const;

type SummaryKey = `${Property}_${(typeof GROUPS)[number]}`;

/** What one image's outlines have in common: the table's columns by their keys, in its order; null is not known. */
export type Summary = Record<SummaryKey, number | null>;

/** How many of the largest values "worst" is the mean of. Proven. */
const LARGEST = 3;
/** With fewer values their spread says nothing. */
const LEAST_SPREAD = 3;

const mean = (values: readonly number[]) => (values.length === 0 ? null : average(values));

const STATISTICS: Record<(typeof GROUPS)[number], (values: readonly number[]) => number | null> = {
  mean,
  se: standardError,
  worst: (values) => mean(values.toSorted((a, b) => b - a).slice(0, LARGEST)),
};

const isKnown = (value: number | null): value is number => value !== null;

/**
 * Mean, standard error and worst of each feature over an image's outlines, in the feature's unit. Proven from the table: the
 * standard error is the sample deviation (n − 1) divided by √n, and worst the mean of the three largest values. Fewer than
 * three outlines have no standard error, and worst is then the mean of all. A feature that is not known of an outline is not known of the image.
 */
export function summarise(outlines: readonly Record<Property, number | null>[]): Summary {
  const columns = PROPERTIES.map((property) => outlines.map((features) => features[property]));
  return Object.fromEntries(
    GROUPS.flatMap((group) =>
      PROPERTIES.map((property, at) => {
        const values = columns[at] ?? [];
        return [`${property}_${group}`, values.every(isKnown) ? STATISTICS[group](values) : null];
      }),
    ),
  ) as Summary;
}

function standardError(values: readonly number[]): number | null {
  if (values.length < LEAST_SPREAD) return null;
  const centre = average(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1) / values.length);
}
