import { table } from "../../tables/current";
import type { Diagnosis, Label } from "../contract";

/** How many predictions there are of each kind and at which probability: what the summaries and tabs of history and batch show. */

/** What became of a prediction; "disagrees": a certain answer, and an outcome other than it. */
export const OUTCOME_STATES = ["unknown", "known", "disagrees"] as const;
export type OutcomeState = (typeof OUTCOME_STATES)[number];

/** Predictions with the same answer and outcome at about the same place of the axis. */
type TallyGroup = { answer: Label; outcome: OutcomeState; bin: number; count: number };

/** Where not `exact`, there may be more than were counted. */
export type Tally = { groups: readonly TallyGroup[]; exact: boolean };

/** Both ends of the axis, which is of log-odds; what lies beyond stands at the end. */
export const AXIS = { from: 0.0004, to: 0.9996 } as const;
/** Places on the axis; at the width of a desk each is as wide as a mark and a pixel. */
export const BINS = 75;

const logit = (probability: number) => Math.log(probability / (1 - probability));
/** The axis on the scale of log-odds, for the statement that counts. */
export const AXIS_START = logit(AXIS.from);
export const AXIS_SPAN = logit(AXIS.to) - AXIS_START;

/** Where on the axis a probability stands, 0..1. */
export function placeOf(probability: number): number {
  if (probability <= AXIS.from) return 0;
  return probability >= AXIS.to ? 1 : (logit(probability) - AXIS_START) / AXIS_SPAN;
}

/** The bin of a probability, 0..BINS - 1. */
export const binOf = (probability: number) => Math.min(BINS - 1, Math.floor(placeOf(probability) * BINS));

/** What became of a prediction with this answer. */
export function outcomeStateOf(answer: Label, outcome: Diagnosis | null): OutcomeState {
  if (outcome === null) return "unknown";
  const isCertain = answer === table.classes.positive || answer === table.classes.negative;
  return isCertain && outcome !== answer ? "disagrees" : "known";
}

/** How many of a tally show under these filters of answer and outcome. */
export function countAsked(
  { groups }: Tally,
  { labels, outcome }: { labels: readonly Label[]; outcome: OutcomeState | null },
): number {
  const asked = (group: TallyGroup) =>
    (labels.length === 0 || labels.includes(group.answer)) &&
    (outcome === null || group.outcome === outcome || (outcome === "known" && group.outcome === "disagrees"));
  return groups.reduce((sum, group) => (asked(group) ? sum + group.count : sum), 0);
}

/** Beyond this, marks are not told apart, and the summary has bars. */
export const MOST_DOTS = 300;
const STACK = 3;
/** Where a mark goes whose own bin is full: the nearest, towards the middle first. From the end, all are below 0.001. */
const SHIFTS = [0, 1, -1, 2, -2, 3, -3, 4, -4];

/** One mark: the bin where it stands, and how many are below it. */
export type Dot = { answer: Label; bin: number; above: number };

/** A mark for each prediction, in stacks of three; null where there are too many, or too many at one place. */
export function dotsOf({ groups }: Tally): Dot[] | null {
  if (groups.reduce((sum, { count }) => sum + count, 0) > MOST_DOTS) return null;
  const heights = new Array<number>(BINS).fill(0);
  const dots: Dot[] = [];
  const place = ({ answer, bin }: TallyGroup, shifts: readonly number[]): boolean => {
    const inwards = bin < BINS / 2 ? 1 : -1;
    for (const shift of shifts) {
      const at = bin + shift * inwards;
      const above = heights[at];
      if (above === undefined || above >= STACK) continue;
      heights[at] = above + 1;
      dots.push({ answer, bin: at, above });
      return true;
    }
    return false;
  };
  const each = groups.flatMap((group) => Array.from({ length: group.count }, () => group));
  // First those that stand where they belong.
  return each.filter((one) => !place(one, [0])).every((one) => place(one, SHIFTS)) ? dots : null;
}

/** A bar of the histogram: what it is made of, and its height, 0..1: of the square root, so that a single one is seen. */
export type Bar = { bin: number; height: number; parts: { answer: Label; count: number }[] };

/** A bar for each bin that is not empty. */
export function barsOf({ groups }: Tally): Bar[] {
  const bars = new Map<number, Map<Label, number>>();
  for (const { answer, bin, count } of groups) {
    const parts = bars.get(bin) ?? new Map<Label, number>();
    parts.set(answer, (parts.get(answer) ?? 0) + count);
    bars.set(bin, parts);
  }
  const sumOf = (parts: Map<Label, number>) => [...parts.values()].reduce((sum, count) => sum + count, 0);
  const largest = Math.max(1, ...[...bars.values()].map(sumOf));
  return [...bars]
    .sort(([a], [b]) => a - b)
    .map(([bin, parts]) => ({
      bin,
      height: Math.sqrt(sumOf(parts) / largest),
      parts: [...parts].map(([answer, count]) => ({ answer, count })),
    }));
}
