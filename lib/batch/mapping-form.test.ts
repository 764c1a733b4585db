import { describe, expect, it } from "vitest";
import { FEATURE_KEYS, FEATURES } from "../../tables/current";
import type { Mapping } from "./mapping";
import { mappingForm, mappingTexts } from "./mapping-form";

const ID = "0190c8a0-0000-7000-8000-000000000001";
const mapping: Mapping = {
  measurements: FEATURES.map(({ index }) => index + 2),
  code: 0,
  truth: { column: 1, positive: "yes", negative: "no" },
  decimal: ",",
};
const texts = mappingTexts(ID, mapping);
const [first = "", second = ""] = FEATURE_KEYS;
const saysOf = (change: Record<string, string>) => {
  const parsed = mappingForm.safeParse({ ...texts, ...change });
  return parsed.success
    ? {}
    : Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0], message]));
};

describe("the form of the columns", () => {
  it("reads back the mapping it was filled with", () => {
    expect(mappingForm.parse(texts)).toEqual({ id: ID, mapping });
    const bare: Mapping = { ...mapping, code: null, truth: null };
    expect(mappingForm.parse(mappingTexts(ID, bare))).toEqual({ id: ID, mapping: bare });
  });

  it("says what is wrong of each field", () => {
    expect(saysOf({ [first]: "" })).toEqual({ [first]: "Choose a column." });
    expect(saysOf({ [second]: "3" })).toEqual({ [second]: `This column is ${FEATURES[0]?.label} already.` });
    expect(saysOf({ code: "3" })).toEqual({ code: `This column is ${FEATURES[0]?.label} already.` });
    expect(saysOf({ [first]: "-1" })).toHaveProperty(first);
    expect(saysOf({ positive: "" })).toHaveProperty("positive");
    expect(saysOf({ negative: "yes" })).toEqual({ negative: "The two classes have the same word." });
    expect(saysOf({ truth: "", positive: "", negative: "" })).toEqual({});
    expect(saysOf({ decimal: ";" })).toHaveProperty("decimal");
  });
});
