import * as z from "zod";
import { FEATURES } from "../../tables/current";
import { type Diagnosis, featureVector, type Label, LEAST_VALUE, measuredValue } from "../contract";

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

/** A what-if question: values in the table's order, the index of the one to draw the curve of, and its saved value. */
export const whatIfQuestion = z.object({
  values: featureVector,
  index: z
    .int()
    .min(0)
    .max(FEATURES.length - 1),
  saved: measuredValue({ least: LEAST_VALUE }),
});
export type WhatIfQuestion = z.infer<typeof whatIfQuestion>;

/**
 * The answer for the values as they are, and the probability along the training range of the one measurement; the curve
 * passes through the value tried and the saved one where they lie in the range.
 */
export type WhatIf = {
  diagnosis: Diagnosis;
  label: Label | null;
  probability: number;
  curve: { value: number; probability: number }[];
};
