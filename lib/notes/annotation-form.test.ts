import { describe, expect, it } from "vitest";
import { annotationForm } from "./annotation-form";

const ID = "01890000-0000-7000-8000-000000000000";
const parse = (given: object) => annotationForm.parse({ id: ID, ...given });
const messageOf = (given: object) =>
  annotationForm.safeParse({ id: ID, ...given }).error?.issues.map(({ message }) => message);

describe("annotationForm", () => {
  it("trims, keeps line ends as one character, and takes empty fields as null", () => {
    expect(parse({ caseCode: " A-17 ", note: "a\r\nb\n" })).toEqual({
      id: ID,
      caseCode: "A-17",
      note: "a\nb",
    });
    expect(parse({ caseCode: "", note: " \r\n " })).toEqual({ id: ID, caseCode: null, note: null });
    expect(parse({ caseCode: "", note: "\r\n".repeat(5_000) }).note).toBeNull();
  });

  it("takes 64 and 2,000 characters, and no more", () => {
    expect(messageOf({ caseCode: "x".repeat(64), note: "y".repeat(2_000) })).toBeUndefined();
    expect(messageOf({ caseCode: "x".repeat(65), note: "y".repeat(2_001) })).toEqual([
      "The case code can have 64 characters; this has 65.",
      "The note can have 2,000 characters; this has 2,001.",
    ]);
  });

  it("refuses a case code of two lines and what is no text", () => {
    expect(messageOf({ caseCode: "a\nb", note: "" })).toEqual(["The case code must be on one line."]);
    expect(messageOf({ caseCode: null, note: 3 })).toEqual([
      "The case code cannot be read.",
      "The note cannot be read.",
    ]);
  });
});
