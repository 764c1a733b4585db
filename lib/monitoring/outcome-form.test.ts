import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { outcomeForm, todayIn } from "./outcome-form";

const ID = "01890000-0000-7000-8000-000000000000";
const form = (fields: Record<string, string>) => outcomeForm.safeParse({ do: "record", id: ID, ...fields });
const problems = (fields: Record<string, string>) =>
  Object.fromEntries(
    form(fields)
      .error?.issues.map(({ path, message }) => [path[0], message])
      .reverse() ?? [],
  );

describe("outcomeForm", () => {
  beforeEach(() => vi.useFakeTimers({ now: new Date("2026-11-24T08:00:00Z") }));
  afterEach(() => vi.useRealTimers());

  it("reads an outcome and the day of its confirmation", () => {
    expect(form({ outcome: "M", on: "2026-11-20" }).data).toEqual({
      do: "record",
      id: ID,
      outcome: "M",
      on: new Date("2026-11-20T00:00:00Z"),
    });
  });

  it.each([
    ["2026-11-24", undefined],
    ["1980-01-01", undefined],
    // It is the 24th even 14 hours ahead of UTC.
    ["2026-11-25", "The day must not be in the future."],
    ["1979-12-31", "The day must not be before 1980."],
    ["", "Enter the day."],
    ["24.11.2026", "Enter a day as 2026-11-24."],
    ["2026-02-30", "Enter a day as 2026-11-24."],
    ["12026-01-01", "Enter a day as 2026-11-24."],
  ])("says of the day %s: %s", (on, problem) => {
    expect(problems({ outcome: "B", on }).on).toBe(problem);
  });

  it("takes the day that has begun east of here", () => {
    vi.setSystemTime("2026-11-24T10:30:00Z");
    expect(form({ outcome: "B", on: "2026-11-25" }).success).toBe(true);
  });

  it("names each field at fault", () => {
    expect(problems({ outcome: "maybe", on: "2031-01-01" })).toEqual({
      outcome: "Choose malignant or benign.",
      on: "The day must not be in the future.",
    });
    expect(problems({})).toEqual({ outcome: "Choose malignant or benign.", on: "Enter the day." });
  });

  it("removes without an outcome", () => {
    expect(form({ do: "remove", outcome: "", on: "" }).data).toEqual({ do: "remove", id: ID });
  });
});

it("knows the day in a reader's zone", () => {
  const now = new Date("2026-11-24T22:30:00Z");
  expect([todayIn("UTC", now), todayIn("Asia/Tokyo", now)]).toEqual(["2026-11-24", "2026-11-25"]);
});
