import { expect, it } from "vitest";
import { readNotice, withNotice } from "./notices";

const ID = "01890000-0000-7000-8000-000000000000";
const read = (href: string) => readNotice(Object.fromEntries(new URL(href, "http://localhost").searchParams));

it("puts a notice into an address, and reads it there", () => {
  expect(withNotice("/history", "deleted", ID)).toBe(`/history?notice=deleted&id=${ID}`);
  expect(read(withNotice("/history?sort=date", "view_saved"))).toEqual({
    ...{ name: "view_saved", id: null },
    ...{ kind: "done", title: "The view is saved." },
  });
  expect(read(withNotice("/history", "deleted", ID))).toMatchObject({ name: "deleted", id: ID });
});

it.each(["/", "/?notice=", "/?notice=everything_is_lost", "/?notice=toString", "/?notice=deleted&id=1"])(
  "reads no notice in %s",
  (href) => {
    expect(read(href)).toBeNull();
  },
);
