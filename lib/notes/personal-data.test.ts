import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SAMPLES } from "../../tables/current";
import { findPersonalData } from "./personal-data";

const kinds = (text: string) => findPersonalData(text).map(({ kind }) => kind);

describe("findPersonalData", () => {
  it.each([
    ["Jane Roe", "name"],
    ["seen with Anna-Lena Müller today", "name"],
    ["Roe, Jane", "name"],
    ["J. Smith", "name"],
    ["Mary O'Brien", "name"],
    ["Mrs Roe", "name"],
    ["Mr. Smith", "name"],
    ["Dr Who", "name"],
    ["1958-03-12", "date"],
    ["12.03.1958", "date"],
    ["12. 3. 1958", "date"],
    ["3/12/58", "date"],
    ["12-03-1958", "date"],
    ["12 March 1958", "date"],
    ["Mar 12, 1958", "date"],
    ["12-Mar-58", "date"],
    ["born 1958", "date"],
    ["DOB: 12031958", "date"],
    ["4711081", "record number"],
    ["No.123456", "record number"],
    ["123-45-6789", "record number"],
    ["943 476 5919", "record number"],
    ["MRN 12345", "record number"],
    ["patient 4711", "record number"],
    ["jane.roe@example.org", "e-mail address"],
    ["+41 44 668 18 00", "phone number"],
    ["089/123456", "phone number"],
    ["(030) 1234567", "phone number"],
  ])("warns of %j as a %s", (text, kind) => {
    expect(kinds(text)).toContain(kind);
  });

  it.each([
    "A-17",
    "case 12",
    "Case 12",
    "C2026-014",
    "slide 3 of 4, second reader agrees",
    "The nuclei overlap; focus is poor in two fields.",
    "worst radius 25.38, area 2019, fractal dimension 0.006193",
    "FNA ok",
    "model 1.0.0 said benign",
    "",
  ])("finds nothing in %j", (text) => {
    expect(findPersonalData(text)).toEqual([]);
  });

  it("finds nothing in the measurements of the samples", () => {
    for (const { values } of SAMPLES) {
      expect(findPersonalData(values.join(", "))).toEqual([]);
      expect(findPersonalData(values.join(" "))).toEqual([]);
    }
  });

  it("names each thing once", () => {
    expect(findPersonalData("Jane Roe, 12.03.1958, jane@example.org")).toEqual([
      { kind: "e-mail address", text: "jane@example.org" },
      { kind: "date", text: "12.03.1958" },
      { kind: "name", text: "Jane Roe" },
    ]);
  });

  it("finds only what is in the text, quickly in any text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000, unit: "binary" }), (text) => {
        for (const { text: found } of findPersonalData(text)) expect(text).toContain(found);
      }),
    );
    for (const unit of ["0 ", "Aa ", "Aa-", "1-", "a.", "(0", "A. ", "12 ", "a@a."]) {
      const started = performance.now();
      findPersonalData(unit.repeat(2000 / unit.length));
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });
});
