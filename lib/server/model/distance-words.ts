import "server-only";
import { type Input, inputsOf, isNumber } from "@/model/standardise";
import { FEATURES, table } from "@/tables/current";
import { INSTALLED } from "./installed";

/**
 * How a distance between cases is told, by what the model computes with: logarithms, numbers as they are, levels. `inUnits` goes
 * behind "differences", `deviations` behind a number, `over` behind "a root mean square over"; `note` is a sentence, or nothing.
 */
export function describeDistance(
  inputs: readonly Input[],
  columns: readonly { type: string }[],
  values: string,
) {
  const all = `all ${columns.length} ${values}`;
  const numbers = inputs.filter(isNumber);
  const logarithms = numbers.filter(({ of }) => of === "logarithm").length;
  if (logarithms === columns.length) {
    return {
      inUnits: ", in standard deviations of the logarithms",
      deviations: " standard deviations",
      over: `the logarithms of ${all}`,
      overStandardised: `the standardised logarithms of all ${values}`,
      note: "",
    };
  }
  const notes = [
    logarithms === 0
      ? ""
      : ` Of ${logarithms === numbers.length ? "the numbers" : `${logarithms} of the ${numbers.length} numbers`} the logarithms are taken.`,
    columns.some(({ type }) => type !== "number") ? " A choice that differs counts as about 1.4." : "",
  ];
  return {
    inUnits: numbers.length === 0 ? "" : ", in standard deviations",
    deviations: numbers.length === 0 ? "" : " standard deviations",
    over: all,
    overStandardised: numbers.length === 0 ? `all ${values}` : `all standardised ${values}`,
    note: notes.join(""),
  };
}

/** The words for distances of the model that is installed. */
export const DISTANCE = describeDistance(inputsOf(INSTALLED.model), FEATURES, table.nouns.values);
