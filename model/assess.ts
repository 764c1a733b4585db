import { type ClassCode, FEATURES, oneCase, patterns, scales } from "../tables/current";
import type { Artifact } from "./artifact";
import type { Prediction } from "./predict";
import { type Typicality, typicality } from "./typicality";

export type Assessment = {
  /** The model's own label, or what the cautions leave of it. */
  label: ClassCode | "uncertain" | "no_answer";
  /** Why the answer is not to be trusted, by codes: none where it is; CAUTIONS has them all. */
  cautions: string[];
  typicality: Typicality;
};

/**
 * Says whether a prediction can stand for these values. Values that cannot be one case's get no answer; where they look
 * multiplied, copied, or unlike every training case, the answer is uncertain, however sure the model is.
 */
export function assess(artifact: Artifact, features: readonly number[], { label }: Prediction): Assessment {
  const found = typicality(artifact, features);
  const numbers = Object.fromEntries(FEATURES.map(({ key, index }) => [key, features[index]])) as Record<
    (typeof FEATURES)[number]["key"],
    number
  >;
  const cautions = [
    ...(oneCase.isImpossible(numbers) ? ["impossible"] : []),
    ...scales.flatMap(({ key, caution }) => {
      const deviations = found.scales.find((scale) => scale.key === key)?.deviations ?? 0;
      const limit = artifact.typicality.scales.find((scale) => scale.key === key)?.limit ?? 0;
      return Math.abs(deviations) > limit ? [caution] : [];
    }),
    ...patterns.flatMap(({ key, keys, isFound }) => (isFound(keys.map((one) => numbers[one])) ? [key] : [])),
    ...(found.atypical ? ["atypical"] : []),
  ];
  const isImpossible = cautions[0] === "impossible";
  return {
    label: isImpossible ? "no_answer" : cautions.length > 0 ? "uncertain" : label,
    cautions,
    typicality: found,
  };
}
