import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type FeatureKey } from "../../tables/current";
import type { Texts } from "../form-state";
import type { Mapping, Proposal } from "./mapping";

/** The form in which a person says which column of a file is what. Its columns are counted from 1; empty is none. */

const OTHERS = ["id", "code", "truth", "positive", "negative", "decimal"] as const;
export type MappingField = FeatureKey | (typeof OTHERS)[number];

/** What the form begins with. */
export function mappingTexts(
  id: string,
  { measurements, code, truth, decimal }: Proposal["mapping"],
): Texts<MappingField> {
  const numberOf = (column: number | null | undefined) =>
    column === null || column === undefined ? "" : String(column + 1);
  return {
    id,
    ...Object.fromEntries(FEATURES.map(({ key, index }) => [key, numberOf(measurements[index])])),
    code: numberOf(code),
    truth: numberOf(truth?.column),
    positive: truth?.positive ?? "",
    negative: truth?.negative ?? "",
    decimal,
  };
}

const column = (missing: string) =>
  z
    .string(missing)
    .regex(/^([1-9]\d{0,5})?$/, "A column is its number, counted from 1.")
    .transform((text) => (text === "" ? null : Number(text) - 1));
const word = z.string().trim().max(200).default("");

/** The texts of the form as a mapping, with what is wrong said of each field. */
export const mappingForm = z
  .object({
    id: z.uuid("This batch does not exist."),
    ...(Object.fromEntries(
      FEATURE_KEYS.map((key) => [
        key,
        column("Choose a column.").refine((at) => at !== null, "Choose a column."),
      ]),
    ) as Record<FeatureKey, ReturnType<typeof column>>),
    code: column("Choose a column."),
    truth: column("Choose a column."),
    positive: word,
    negative: word,
    decimal: z.enum([".", ","], "Choose a decimal mark."),
  })
  .superRefine((form, context) => {
    const say = (field: MappingField, message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    const taken = new Map<number, string>();
    for (const { key, label } of FEATURES) {
      const at = form[key];
      if (at === null) continue;
      const other = taken.get(at);
      if (other === undefined) taken.set(at, label);
      else say(key, `This column is ${other} already.`);
    }
    for (const field of ["code", "truth"] as const) {
      const other = taken.get(form[field] ?? -1);
      if (other !== undefined) say(field, `This column is ${other} already.`);
    }
    if (form.truth === null) return;
    if (form.positive === "") say("positive", "Say which word stands for this class.");
    if (form.negative === "") say("negative", "Say which word stands for this class.");
    else if (form.positive === form.negative) say("negative", "The two classes have the same word.");
  })
  .transform(
    ({ id, code, truth, positive, negative, decimal, ...places }): { id: string; mapping: Mapping } => ({
      id,
      mapping: {
        measurements: FEATURE_KEYS.map((key) => places[key] ?? 0),
        code,
        truth: truth === null ? null : { column: truth, positive, negative },
        decimal,
      },
    }),
  );
