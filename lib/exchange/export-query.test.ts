import { describe, expect, it } from "vitest";
import { parseExportQuery } from "./export-query";

const parse = (text: string) => parseExportQuery(new URLSearchParams(text));
const id = "0190c8a0-0000-7000-8000-000000000001";

describe("parseExportQuery", () => {
  it("gives CSV where nothing else is said", () => {
    expect(parse("sort=-probability&size=50")).toEqual({
      ok: true,
      value: { format: "csv", bom: false, separator: "comma", ids: null },
    });
  });

  it("reads every parameter", () => {
    expect(parse(`format=jsonl&bom=1&ids=${id},${id}`)).toEqual({
      ok: true,
      value: { format: "jsonl", bom: true, separator: "comma", ids: [id, id] },
    });
  });

  it.each([
    ["format=xlsx", '"format" has to be csv or jsonl.'],
    ["bom=yes", '"bom" has to be 1 or 0.'],
    ["format=csv&format=csv", '"format" is in the address more than once.'],
    ["ids=", '"ids" has to be up to 100 predictions\' ids, separated by commas.'],
    ["ids=1'%20OR%201", '"ids" has to be up to 100 predictions\' ids, separated by commas.'],
    [
      `ids=${Array(101).fill(id).join()}`,
      '"ids" has to be up to 100 predictions\' ids, separated by commas.',
    ],
  ])("refuses %s", (query, error) => {
    expect(parse(query)).toEqual({ ok: false, error });
  });
});
