import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMeasurementList } from "./measurement-list";

const list = (first: string) => [first, ...Array(29).fill("1")].join(", ");

describe("parseMeasurementList", () => {
  it.each([
    ["17.99", 17.99],
    [" 0.006193 ", 0.006193],
    ["1e-3", 0.001],
    [".5", 0.5],
    ["0", 0],
  ])("reads %s", (text, value) => {
    const parsed = parseMeasurementList(list(text));
    expect(parsed.ok && parsed.value[0]).toBe(value);
  });

  it.each(["", " ", "NaN", "Infinity", "0x1F", "1_000", "1 2", "17.99M", "-1", "1e999", "١"])(
    "refuses %j and says where, not what",
    (text) => {
      const parsed = parseMeasurementList(list(text));
      expect(parsed).toMatchObject({ ok: false, error: expect.stringMatching(/^value 1 is /) });
    },
  );

  it.each([29, 31])("refuses %i numbers", (count) => {
    expect(parseMeasurementList(Array(count).fill("1").join())).toEqual({
      ok: false,
      error: `expected 30 numbers, got ${count}`,
    });
  });

  it("gives back every 30 numbers it is given", () => {
    const value = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 30, maxLength: 30 }), (values) => {
        const parsed = parseMeasurementList(values.join(", "));
        // JSON has no -0.
        expect(parsed).toEqual({ ok: true, value: values.map((v) => v + 0) });
      }),
    );
  });
});
