import { expect, it } from "vitest";
import { numberText, readTable } from "./read-table";

const read = (text: string) => readTable(Buffer.from(text));

it.each([
  ["commas", "\uFEFFa,b\r\n1,x y\r\n"],
  ["semicolons", "a;b\n1;x y\n"],
  ["tabs", "a\tb\n\n1\tx y"],
  ["quotes", '"a","b"\n"1","x y"\n'],
])("reads cells between %s", (_, text) => {
  expect(read(text)).toEqual({
    ok: true,
    value: { headers: ["a", "b"], rows: [["1", "x y"]], hasDecimalComma: false },
  });
});

it("has empty cells for what programs write where a value is missing", () => {
  const found = read("a,b,c,d\nNA,?,null,NaN\n, . ,n/a,none\n");
  expect(found.ok && found.value.rows).toEqual([
    ["", "", "", ""],
    ["", "", "", "none"],
  ]);
});

it("takes the sign of decimals that most cells have", () => {
  expect(read("a;b\n1,5;2,25\n2.5;3\n")).toMatchObject({ value: { hasDecimalComma: true } });
  expect(read("a;b\n1.5;2.25\n2,5;3\n")).toMatchObject({ value: { hasDecimalComma: false } });
  expect(read('a,b\n"1,5","2,5"\n')).toMatchObject({ value: { hasDecimalComma: false } });
});

it.each([
  ["a repeated header", "a,b,a\n1,2,3\n", 'Two columns have the header "a". Rename or remove one of them.'],
  ["a column without a header", "a,,b\n1,2,3\n", "Column 2 has no header."],
  ["no rows", "a,b\n", "The file has no rows below its first line."],
  ["an uneven row", "a,b\n1,2\n1,2,3\n", "Row 2 has 3 cells, the header line 2."],
  ["an open quote", 'a,b\n"1,2\n', "The file cannot be read as CSV"],
])("refuses %s", (_, text, said) => {
  expect(read(text)).toMatchObject({ ok: false, error: expect.stringContaining(said) });
});

it("refuses what is not text", () => {
  expect(readTable(Uint8Array.of(0x61, 0xff, 0xfe))).toMatchObject({
    ok: false,
    error: expect.stringContaining("Save it as “CSV UTF-8”"),
  });
});

it.each([
  ["1.50", false, "1.50"],
  ["1,50", true, "1.50"],
  ["+3", false, "3"],
  [".5", false, "0.5"],
  ["1e-3", false, "1e-3"],
  ["1e999", false, null],
  ["1,5", false, null],
  ["0x10", false, null],
  ["", false, null],
])("reads %s, with a decimal comma: %s, as %s", (cell, comma, text) => {
  expect(numberText(cell, comma)).toBe(text);
});

it.each([
  ["a workbook", Buffer.from("PK\u0003\u0004rest"), "The file is a workbook"],
  ["zeros", Buffer.alloc(64), "The file is not text in UTF-8"],
])("refuses %s", (_, bytes, said) => {
  expect(readTable(bytes)).toMatchObject({ ok: false, error: expect.stringContaining(said) });
});
