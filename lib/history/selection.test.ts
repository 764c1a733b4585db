import { describe, expect, it } from "vitest";
import { MOST_SELECTED, parseIds, parseTicked } from "./selection";

const id = (n: number) => `0190c8a0-0000-7000-8000-${String(n).padStart(12, "0")}`;
const many = (count: number) => Array.from({ length: count }, (_, n) => id(n));
const messageOf = (parsed: ReturnType<typeof parseIds>) => (parsed.ok ? null : parsed.error.message);

describe("parseIds", () => {
  it("takes ids by comma or one a parameter, in their order", () => {
    const value = [id(2), id(1), id(3)];
    expect(parseIds(value.join(","))).toEqual({ ok: true, value });
    expect(parseIds(value)).toEqual({ ok: true, value });
    expect(parseIds([value.slice(0, 2).join(","), id(3)])).toEqual({ ok: true, value });
  });

  it.each([
    [undefined, "No prediction is selected."],
    ["", "No prediction is selected."],
    [",", "No prediction is selected."],
    [`${id(1)},x`, '"x" is not the id of a prediction.'],
    [[id(1), id(1).toUpperCase()], "A prediction is named more than once."],
  ])("refuses %j", (given, message) => {
    expect(messageOf(parseIds(given))).toBe(message);
  });

  it("refuses too few and too many", () => {
    expect(messageOf(parseIds(id(1), { least: 2, most: 4 }))).toContain("at least 2");
    expect(messageOf(parseIds(many(5), { least: 2, most: 4 }))).toContain("At most 4");
    expect(parseIds(many(MOST_SELECTED)).ok).toBe(true);
    expect(messageOf(parseIds(many(MOST_SELECTED + 1)))).toContain("At most 100");
  });
});

it("takes a prediction once that is ticked in its row and with its page", () => {
  expect(parseTicked([id(2), `${id(1)},${id(2)}`])).toEqual({ ok: true, value: [id(2), id(1)] });
  expect(messageOf(parseTicked([id(1), id(1)], { least: 2, most: 4 }))).toBe(
    "It takes at least 2 predictions, and 1 is selected.",
  );
});
