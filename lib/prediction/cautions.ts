import { CAUTIONS, patterns, scales } from "../../tables/current";
import type { Typicality, UnsavedPrediction } from "../contract";
import { saidFactor } from "./rescale";
import { sharedScales } from "./session-scales";

/** What stands for an empty list, which a cell of CSV could not tell from nothing. */
export const NO_CAUTIONS = "none";

/** Cautions as a database and a file keep them: codes with a space between them; null where the model told nothing. */
export const cautionsText = (cautions: readonly string[] | null) =>
  cautions === null ? null : cautions.join(" ") || NO_CAUTIONS;

/** The codes of a kept text. */
export const readCautions = (text: string | null) =>
  text === null ? null : text === NO_CAUTIONS ? [] : text.split(" ");

/** The codes of an answer; one from before the model told them may still be called atypical. */
export const cautionsOf = ({ cautions, typicality }: Pick<UnsavedPrediction, "cautions" | "typicality">) =>
  cautions ?? (typicality?.atypical ? [ATYPICAL.code] : []);

/** A caution as a person reads it; `title` is a sentence without its full stop. `scale`: which, where values look multiplied. */
export type Caution = { code: string; title: string; advice: string; short: string; scale?: string };

const IMPOSSIBLE: Caution = {
  code: "impossible",
  title: "These values cannot be one case's",
  short: "no case's values",
  advice:
    "Too many lie outside every training case or contradict each other. Check their order, their units, and that none is missing.",
};
const ATYPICAL: Caution = {
  code: "atypical",
  title: "Unlike the cases the model learnt from",
  short: "unlike the training cases",
  advice: "The probability may be further off than usual.",
};

/** That values look multiplied by a factor, in words; null is a factor that nobody told. */
function scaleCaution({ key, caution, says }: (typeof scales)[number], factor: number | null): Caution {
  const how =
    factor === null
      ? "too large or too small"
      : `about ${saidFactor(factor)} times too ${factor > 1 ? "large" : "small"}`;
  return {
    code: caution,
    title: `${says.what} look ${how} ${says.beside}`,
    short: `${says.what.toLowerCase()} look ${how}`,
    advice: says.question,
    scale: key,
  };
}

/** What the latest cases of a session show together, in words. */
export const describeShared = (cases: readonly Typicality["scales"][]): { title: string; advice: string }[] =>
  sharedScales(cases).flatMap(({ key, factor, count }) => {
    const scale = scales.find((one) => one.key === key);
    if (scale === undefined) return [];
    const { title, advice } = scaleCaution(scale, factor);
    return [
      {
        title: `The last ${count} cases together: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
        advice,
      },
    ];
  });

/** The cautions of an answer in words, in the order it gives them; a code of another model by itself. */
export function describeCautions(codes: readonly string[], typicality: Typicality | null): Caution[] {
  return codes.map((code) => {
    if (code === IMPOSSIBLE.code) return IMPOSSIBLE;
    if (code === ATYPICAL.code) return ATYPICAL;
    const scale = scales.find(({ caution }) => caution === code);
    if (scale !== undefined) {
      return scaleCaution(scale, typicality?.scales.find(({ key }) => key === scale.key)?.factor ?? null);
    }
    const pattern = patterns.find(({ key }) => key === code);
    if (pattern !== undefined)
      return { code, title: pattern.says, short: pattern.short, advice: pattern.advice };
    return { code, title: code.replaceAll("_", " "), short: code.replaceAll("_", " "), advice: "" };
  });
}

/** Every code that the present model can give, with its short words. */
export const CAUTION_CHOICES = describeCautions(CAUTIONS, null).map(({ code, short }) => ({ code, short }));

/** What a list can be narrowed to by cautions: a code, or whether there is any. */
export const CAUTION_FILTERS = ["any", "none", ...CAUTION_CHOICES.map(({ code }) => code)];
export type CautionFilter = (typeof CAUTION_FILTERS)[number];

/** That in words. */
export function cautionWords(caution: CautionFilter): string {
  if (caution === "any") return "with a caution";
  if (caution === "none") return "without a caution";
  return CAUTION_CHOICES.find(({ code }) => code === caution)?.short ?? caution;
}
