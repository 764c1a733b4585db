import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SAMPLES } from "../../tables/current";
import { textsOf } from "./measurements";
import { readPostedTexts, readSubmittedForm } from "./submitted-form";

const texts = textsOf(SAMPLES[0].values);
const key = "0123456789abcdef";

describe("readSubmittedForm", () => {
  it("gives the numbers of 30 texts", () => {
    const form = readSubmittedForm({ key, values: texts });
    expect(form.ok && Object.values(form.value.values)).toEqual(SAMPLES[0].values);
  });

  it("names every field that is wrong", () => {
    const form = readSubmittedForm({ key, values: { ...texts, radius_se: "1,095", symmetry_se: "" } });
    expect(form).toMatchObject({
      error: {
        code: "invalid_form",
        message: "2 values need your attention.",
        fields: {
          radius_se: "This can be read two ways. Write 1.095 or 1095.",
          symmetry_se: "Enter a number.",
        },
      },
    });
  });

  it("is a failure with a sentence, and never throws, whatever is sent", () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        expect(readSubmittedForm(input)).toMatchObject({ ok: false, error: { code: "invalid_form" } });
      }),
    );
    expect(readSubmittedForm({ key: "short", values: texts })).toMatchObject({
      error: { message: expect.stringContaining("This form cannot be read."), fields: {} },
    });
  });
});

it("readPostedTexts leaves empty what is missing or a file", () => {
  const data = new FormData();
  data.set("key", key);
  data.set("radius_mean", "17.99");
  data.set("texture_mean", new File([], "x"));
  const posted = readPostedTexts(data);
  expect(posted.key).toBe(key);
  expect(posted.texts).toMatchObject({ radius_mean: "17.99", texture_mean: "", area_worst: "" });
});

it("readPostedTexts keeps a number and “not known” beside it, which no field can be", () => {
  const data = new FormData();
  for (const text of ["17.99", "?"]) data.append("radius_mean", text);
  for (const text of ["", "?"]) data.append("texture_mean", text);
  expect(readPostedTexts(data).texts).toMatchObject({ radius_mean: "17.99 ?", texture_mean: "?" });
});
