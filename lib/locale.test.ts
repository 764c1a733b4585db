import fc from "fast-check";
import { expect, it } from "vitest";
import { formatClock, formatDayHeading, formatTime, parseLocale, UTC, utcText } from "./locale";

const at = new Date("2026-11-25T15:58:03Z");

it("takes the first English of the header and the cookie's zone", () => {
  expect(parseLocale("en-US,en;q=0.9", "Europe/Berlin")).toEqual({
    language: "en-US",
    timeZone: "Europe/Berlin",
  });
  expect(parseLocale("de-DE,de;q=0.9,en;q=0.8", "Asia/Kolkata")).toEqual({
    language: "en-GB",
    timeZone: "Asia/Kolkata",
  });
  expect(parseLocale(null, undefined)).toEqual(UTC);
});

it("takes anything for a header and a cookie, and formats with what it made of it", () => {
  fc.assert(
    fc.property(fc.option(fc.string()), fc.option(fc.string(), { nil: undefined }), (header, cookie) => {
      expect(formatTime(at, parseLocale(header, cookie))).toMatch(/2026/);
    }),
  );
});

it("writes a time as its reader does, and says UTC where no zone is known", () => {
  expect(formatTime(at, { language: "en-GB", timeZone: "Europe/Berlin" })).toBe("25 November 2026, 16:58");
  expect(formatTime(at, { language: "en-US", timeZone: "America/New_York" })).toMatch(
    /^November 25, 2026, 10:58\sAM$/,
  );
  expect(formatTime(at, { language: "en-GB", timeZone: "UTC" })).toBe("25 November 2026, 15:58 UTC");
  expect(formatClock(at, { language: "en-GB", timeZone: "Asia/Kolkata" }, true)).toBe("21:28:03");
  expect(utcText(at)).toBe("2026-11-25 15:58:03 UTC");
});

it("names the days near today, each where its reader is", () => {
  const berlin = { language: "en-GB", timeZone: "Europe/Berlin" };
  const heading = (day: string) => formatDayHeading(new Date(day), berlin, at);
  expect(heading("2026-11-24T23:30:00Z")).toBe("Today, 25 November");
  expect(heading("2026-11-24T22:30:00Z")).toBe("Yesterday, 24 November");
  expect(heading("2026-03-03T12:00:00Z")).toBe("3 March");
  expect(heading("2025-12-31T22:30:00Z")).toBe("31 December 2025");
});
