import { describe, expect, it } from "vitest";
import { mentions, valueWithoutMentions, withoutMentions } from "./mention";

describe("a mention", () => {
  it.each(["B-17", "see B-17.", "(B-17)", "B-17, B-18", "as B-17\nand"])("is in %j", (text) => {
    expect(mentions(text, "B-17")).toBe(true);
  });

  it.each(["B-170", "AB-17", "B-17-2", "b-17", "XB-17", "B-17a", "", null])("is not in %j", (text) => {
    expect(mentions(text, "B-17")).toBe(false);
  });

  it("is found of a code that is no plain word", () => {
    for (const code of ["a.b", "(7)", "x+y", "C\\1", "é", "$&"]) {
      expect(mentions(`see ${code} too`, code)).toBe(true);
      expect(withoutMentions(`see ${code} too`, code)).toBe("see [erased] too");
    }
    expect(mentions("see aXb too", "a.b")).toBe(false);
  });

  it("is taken out of what JSON holds, wherever it stands", () => {
    expect(valueWithoutMentions({ a: ["B-17", 1, null], b: { c: "not B-170" } }, "B-17")).toEqual({
      a: ["[erased]", 1, null],
      b: { c: "not B-170" },
    });
  });
});
