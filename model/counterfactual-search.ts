import { FEATURES, table } from "../tables/current";
import type { Artifact } from "./artifact";
import type { Counterfactual } from "./counterfactual";
import { log } from "./elementary";
import { differencesOf } from "./nearest";
import { allowedRange, fewestDigits, isWithin } from "./plausible";
import type { Predictor } from "./predict";
import { typicality } from "./typicality";
import { sweep } from "./what-if";

/** So far beyond the threshold, in log-odds, that values of few digits still turn the diagnosis. */
const BEYOND = 0.05;
/** Changed columns at most; more are nobody's to imagine. */
const MAX_CHANGES = 6;
/** Values tried of a number. */
const VALUES = 15;

/**
 * A small change that turns the diagnosis, of columns of any type: one column after the other takes the value that does
 * most for its length, by the differences that neighbours have, until one turns it with the least; then every number
 * goes back as far as it may. Within the training range, and no further out of the training cloud than the case where it
 * lies out already; what is not known stays so. Not the smallest; null where none was found.
 */
export function searchCounterfactual(
  artifact: Artifact,
  predictor: Predictor,
  features: readonly number[],
): Counterfactual | null {
  const { diagnosis } = predictor.predict(features);
  const direction = diagnosis === table.classes.positive ? -1 : 1;
  const goal = log(artifact.threshold / (1 - artifact.threshold)) + direction * BEYOND;
  /** What is left to the goal, in log-odds. */
  const left = (values: readonly number[]) => direction * (goal - predictor.predict(values).logit);
  const isTurned = (values: readonly number[]) => left(values) <= 0;
  const limits = allowedRange(features);
  const furthest = Math.max(1, typicality(artifact, features).distance);
  const isAllowed = (values: readonly number[]) =>
    isWithin(limits, values) && typicality(artifact, values).distance <= furthest;
  const length = (values: readonly number[]) => Math.hypot(...differencesOf(artifact, values, features));

  let values = features;
  for (let change = 0; !isTurned(values); change++) {
    const before = { left: left(values), length: length(values) };
    const tried = FEATURES.filter(({ index }) => !Number.isNaN(values[index]))
      .flatMap(({ index }) => sweep(values, index, VALUES))
      .map((one) => ({ values: one, left: left(one), length: length(one) }))
      .filter((one) => one.left < before.left && isAllowed(one.values));
    const turning = tried.filter((one) => one.left <= 0).sort((a, b) => a.length - b.length);
    const worth = (one: (typeof tried)[number]) =>
      (before.left - one.left) / Math.max(one.length - before.length, 1e-3);
    const best = turning[0] ?? tried.sort((a, b) => worth(b) - worth(a))[0];
    if (best === undefined || change === MAX_CHANGES) return null;
    values = best.values;
  }
  for (const { index, type } of FEATURES) {
    if (values[index] === features[index] || Number.isNaN(features[index])) continue;
    const undone = values.with(index, features[index] as number);
    const passes = (one: readonly number[]) => isTurned(one) && isAllowed(one);
    if (passes(undone)) values = undone;
    else if (type === "number") values = halfway(features[index] as number, values, index, passes);
  }
  const turns = (one: readonly number[]) => predictor.predict(one).diagnosis !== diagnosis && isAllowed(one);
  const found = fewestDigits(features, values, turns);
  if (found === null) return null;
  const moved = differencesOf(artifact, found, features).map(Math.abs);
  const changes = FEATURES.map(({ index }) => ({
    index,
    from: features[index] as number,
    to: found[index] as number,
  }))
    .filter(({ from, to }) => from !== to && !Number.isNaN(from))
    .sort((a, b) => (moved[b.index] as number) - (moved[a.index] as number));
  const { probability, diagnosis: other } = predictor.predict(found);
  return { changes, probability, diagnosis: other };
}

/** The values with one of them moved towards `from` as far as they still pass, by halving the way. */
function halfway(
  from: number,
  values: readonly number[],
  index: number,
  passes: (values: readonly number[]) => boolean,
): readonly number[] {
  let [failing, passing] = [from, values[index] as number];
  for (let step = 0; step < 20; step++) {
    const middle = (failing + passing) / 2;
    if (passes(values.with(index, middle))) passing = middle;
    else failing = middle;
  }
  return values.with(index, passing);
}
