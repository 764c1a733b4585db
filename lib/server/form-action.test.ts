import { describe, expect, it } from "vitest";
import * as z from "zod";
import { fail, ok } from "@/lib/result";
import { formAction } from "./form-action";

const action = formAction(
  z.object({
    id: z.uuid("Reload the page."),
    name: z.string("Enter a name.").min(3, "Longer.").regex(/^a/, "Begin with a."),
    note: z.string(),
  }),
  async ({ name }) => (name === "away" ? fail("Not saved.") : ok(name.length)),
);

const ID = "01890000-0000-7000-8000-000000000000";

function send(fields: Record<string, string | File>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return action(null, form);
}

describe("formAction", () => {
  it("gives what was done, and what was typed", async () => {
    const typed = { id: ID, name: "abc", note: "x" };
    expect(await send(typed)).toEqual({ ok: true, typed, done: 3 });
  });

  it("names the first problem of each field at fault", async () => {
    expect(await send({ id: ID, name: "b", note: "one\r\ntwo" })).toEqual({
      ok: false,
      typed: { id: ID, name: "b", note: "one\ntwo" },
      message: "It was not saved: see what is marked.",
      fields: { name: "Longer." },
    });
  });

  it("says of the form what is wrong with its hidden id", async () => {
    expect(await send({ id: "1", name: "abc", note: "" })).toMatchObject({
      message: "Reload the page.",
      fields: {},
    });
  });

  it("takes a file for no text", async () => {
    const answer = await send({ id: ID, name: new File(["abc"], "abc"), note: "" });
    expect(answer).toMatchObject({ typed: { id: ID, note: "" }, fields: { name: "Enter a name." } });
  });

  it("gives what was typed where it could not be done", async () => {
    const typed = { id: ID, name: "away", note: "kept" };
    expect(await send(typed)).toEqual({ ok: false, typed, message: "Not saved.", fields: {} });
  });
});
