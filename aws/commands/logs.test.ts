import { expect, it } from "vitest";
import { parseSpan } from "./logs";

it.each([
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
])("reads %s", (text, ms) => {
  expect(parseSpan(text)).toEqual({ ok: true, value: ms });
});

it.each(["", "1", "h", "1w", "0m", "-1h", "1.5h"])("refuses %j", (text) => {
  expect(parseSpan(text)).toEqual({ ok: false, error: expect.stringContaining("--since takes") });
});
