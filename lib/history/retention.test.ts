import { describe, expect, it } from "vitest";
import { daysBefore, daysLeft } from "./retention";
import { retentionForm } from "./retention-form";

const now = new Date("2026-11-24T12:00:00Z");

describe("daysLeft", () => {
  it.each([
    ["2026-11-24T12:00:00Z", 30],
    ["2026-11-24T11:59:59Z", 30],
    ["2026-11-23T12:00:00Z", 29],
    ["2026-10-26T12:00:00Z", 1],
    ["2026-10-25T12:00:01Z", 1],
    ["2026-10-25T12:00:00Z", 0],
    ["2026-01-01T00:00:00Z", 0],
  ])("of what was deleted at %s is %d", (deletedAt, left) => {
    expect(daysLeft(new Date(deletedAt), now)).toBe(left);
  });

  it("is 0 from when it is purged", () => {
    expect(daysLeft(daysBefore(now, 30), now)).toBe(0);
  });
});

describe("retentionForm", () => {
  it.each([
    ["", null],
    [" ", null],
    ["30", 30],
    [" 365 ", 365],
    ["3650", 3650],
  ])("reads %j as %j", (text, days) => {
    expect(retentionForm.safeParse({ days: text })).toEqual({ success: true, data: { days } });
  });

  it.each(["29", "0", "-40", "3651", "30.5", "1e3", "many", "99999999", null, undefined])(
    "refuses %j",
    (text) => {
      const parsed = retentionForm.safeParse({ days: text });
      expect(parsed.error?.issues[0]?.message).toBe(
        "Enter a whole number of days from 30 to 3,650, or nothing to keep everything.",
      );
    },
  );
});
