import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { words } from "../../tables/current";
import { emailSchema, passwordProblem } from "./password";

const EMAIL = "ada.lovelace@example.org";

describe("a password", () => {
  it.each([
    "correct horse battery staple",
    "Tr0ub4dor&3-and-more",
    "ein Satz, den ich mir merke",
    "a sentence of sixty-four and more characters that nobody else would think of",
    "🦉🦉🦊🦊🐝🐝🐢🐢🦋🦋🐙🐙 owl",
  ])("is taken: %s", (password) => {
    expect(passwordProblem(password, EMAIL)).toBeNull();
  });

  it.each([
    ["", "at least 12"],
    ["elevenchars", "at least 12"],
    ["x".repeat(129), "at most 128"],
    ["password1234", "first that anybody"],
    ["Password!2026", "first that anybody"],
    ["123456789012", "first that anybody"],
    ["qwertyuiop12", "first that anybody"],
    ["aaaaaaaaaaaaa", "first that anybody"],
    ["adminadmin123", "first that anybody"],
    [`${words.app.slug}-2026-admin`, "first that anybody"],
    [EMAIL, "e-mail address"],
    ["ADA.LOVELACE@EXAMPLE.ORG1", "e-mail address"],
    ["ada.lovelace123", "e-mail address"],
  ])("is refused: %s", (password, why) => {
    expect(passwordProblem(password, EMAIL)).toContain(why);
  });

  it("is looked at in no time, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("abc", "1", "!", "admin", "qwert", "z"), maxLength: 128 }),
        (text) => {
          const start = performance.now();
          passwordProblem(text, EMAIL);
          expect(performance.now() - start).toBeLessThan(50);
        },
      ),
    );
  });
});

it("has an address in lower case, without what stands around it", () => {
  expect(emailSchema.parse("  Ada.Lovelace@Example.org ")).toBe(EMAIL);
  expect(emailSchema.safeParse("ada").success).toBe(false);
});
