import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell, guardFormula, unguardFormula } from "./spreadsheet-text";

/** Texts full of what matters here, among any others. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom("'", "=", "+", "-", "@", " ", "\t", "\r", "\n", "＝", "＠", "a", '"', ","),
  }),
);

describe("guardFormula", () => {
  it.each([
    ...[
      '=HYPERLINK("http://x")',
      "+1",
      "-1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      "\nplain",
      " =1",
      "\u00a0@x",
      "\ufeff=1",
    ],
    ...["＝1", "＋1", "－1", "＠x", "﹦1", "−1", "'=1", "'' +1"],
  ])("puts an apostrophe before %j", (risky) => {
    expect(guardFormula(risky)).toBe(`'${risky}`);
  });

  it.each(["", "plain", "a=b", "1-2", "'tis", "5 µm", "'"])("leaves %j alone", (plain) => {
    expect(guardFormula(plain)).toBe(plain);
  });

  it("is undone by unguardFormula, whatever the text", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(unguardFormula(guardFormula(any))).toBe(any);
      }),
    );
  });

  it("leaves no text that begins as a formula", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(guardFormula(any)).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
      }),
    );
  });
});

describe("csvCell", () => {
  it("quotes by RFC 4180", () => {
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
    expect(csvCell("a\nb")).toBe('"a\nb"');
    expect(csvCell("a b")).toBe("a b");
    expect(csvCell("a;b")).toBe('"a;b"');
  });
});
