import * as z from "zod";
import { FEATURES } from "../../tables/current";
import { type Diagnosis, featureVector, type Label } from "../contract";

/** What is worked out about a saved prediction when its page is opened; nothing of it is stored. */

/**
 * One column among the training cases. Of numbers: bins along its track, each class scaled to a highest bin of 1. Else the
 * share of each class that has each level, what is not known last.
 */
export type Distribution = { positive: number[]; negative: number[] };

/** The share of each class's training cases whose value is smaller, 0..1. */
export type Standing = { positive: number; negative: number };

/** `values` in the table's order. */
export type Neighbour = { row: number; diagnosis: Diagnosis; distance: number; values: readonly number[] };

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
  standings: Standing[];
  nearest: Neighbour[];
  /** Null where the prediction was made by a model that is not here; `counterfactual` also where none was found. */
  stability: Stability | null;
  counterfactual: Counterfactual | null;
};

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

/** What the model answers where the one measurement has this value. */
export type CurvePoint = readonly [value: number, probability: number, answer: Label];

/**
 * The answer for the values as they are, and those along the one measurement: `curve` with the other values tried,
 * `savedCurve` with those saved, null where they are the same. Both are of the same values of that measurement, which ascend:
 * of its training range and on to the value tried and the saved one, which are among them; where it is chosen, of each
 * level; last, where it may be, of NaN, which is not known. `isLog`: in equal factors.
 * `training`: that measurement of each training case, by class.
 */
export type WhatIf = {
  probability: number;
  answer: Label;
  isLog: boolean;
  curve: CurvePoint[];
  savedCurve: CurvePoint[] | null;
  training: { positive: number[]; negative: number[] };
};
