import * as z from "zod";
import { FEATURES } from "../../tables/current";
import { type Diagnosis, featureVector, type Label } from "../contract";

/** What is worked out about a saved prediction when its page is opened; nothing of it is stored. */

/** One measurement among the training cases: bins from `min` to `max`, each class scaled to a highest bin of 1. */
export type Distribution = { min: number; max: number; positive: number[]; negative: number[] };

type Neighbour = { row: number; diagnosis: Diagnosis; distance: number };

/** `flips`: share of copies, every value changed by up to `wobble`, that get the other diagnosis. */
export type Stability = { wobble: number; draws: number; flips: number; low: number; high: number };

/** A change that turns the diagnosis, to a case like the training cases; `changes` by index of the measurement, greatest first. */
export type Counterfactual = {
  changes: { index: number; from: number; to: number }[];
  probability: number;
  diagnosis: Diagnosis;
};

export type Review = {
  distributions: readonly Distribution[];
  nearest: Neighbour[];
  /** Null where the prediction was made by a model that is not here; `counterfactual` also where none was found. */
  stability: Stability | null;
  counterfactual: Counterfactual | null;
};

export const CURVE_POINTS = 30;

/** A what-if question: the values tried and those saved, in the table's order, and the index of the one to draw the curve of. */
export const whatIfQuestion = z.object({
  values: featureVector,
  index: z
    .int()
    .min(0)
    .max(FEATURES.length - 1),
  saved: featureVector,
});
export type WhatIfQuestion = z.infer<typeof whatIfQuestion>;

export type CurvePoint = { value: number; probability: number };

/**
 * The answer for the values as they are, and the probability along the one measurement: `curve` with the other values
 * tried, `savedCurve` with those saved, null where they are the same. Both are of the same values of that measurement: of
 * its training range and on to the value tried and the saved one, which are among them.
 */
export type WhatIf = {
  diagnosis: Diagnosis;
  label: Label | null;
  probability: number;
  curve: CurvePoint[];
  savedCurve: CurvePoint[] | null;
};
