import { describe, expect, it } from "vitest";
import { agreement, outcomeText, parseOutcome } from "./outcome";

const NOW = new Date("2026-11-24T08:00:00Z");

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

describe("parseOutcome", () => {
  it("reads an outcome and the day of its confirmation", () => {
    expect(parseOutcome(form({ outcome: "M", on: "2026-11-20" }), NOW)).toEqual({
      ok: true,
      value: { outcome: "M", on: new Date("2026-11-20T00:00:00Z") },
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
    const parsed = parseOutcome(form({ outcome: "B", on }), NOW);
    expect(parsed.ok ? undefined : parsed.error.fields.on).toBe(problem);
  });

  it("takes the day that has begun east of here", () => {
    const evening = new Date("2026-11-24T10:30:00Z");
    expect(parseOutcome(form({ outcome: "B", on: "2026-11-25" }), evening).ok).toBe(true);
  });

  it("names each field at fault and gives back what was sent", () => {
    expect(parseOutcome(form({ outcome: "maybe", on: "2031-01-01" }), NOW)).toEqual({
      ok: false,
      error: {
        sent: { outcome: "maybe", on: "2031-01-01" },
        fields: { outcome: "Choose malignant or benign.", on: "The day must not be in the future." },
      },
    });
    expect(parseOutcome(form({}), NOW)).toMatchObject({
      error: { fields: { outcome: "Choose malignant or benign.", on: "Enter the day." } },
    });
  });
});

it("says whether prediction and outcome agree, an uncertain one by its diagnosis", () => {
  expect(agreement({ diagnosis: "M", label: "M" }, "M")).toEqual({
    agrees: true,
    sentence: "The prediction agrees: it said malignant.",
  });
  expect(agreement({ diagnosis: "B", label: null }, "M").sentence).toBe(
    "The prediction disagrees: it said benign.",
  );
  expect(agreement({ diagnosis: "B", label: "uncertain" }, "M")).toEqual({
    agrees: false,
    sentence:
      "The prediction was uncertain and left to a person; at its threshold it would have said benign, which disagrees.",
  });
});

it("puts an outcome in words, with its day where it is known", () => {
  expect(outcomeText({ outcome: "M", on: new Date("2026-11-20") })).toBe(
    "malignant, confirmed on 2026-11-20",
  );
  expect(outcomeText({ outcome: "B", on: null })).toBe("benign");
});
