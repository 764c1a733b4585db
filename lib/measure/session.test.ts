import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MeasuredOutline } from "./record";
import { after, NEW_SESSION, redone, type Session, undone, withAdded, withChanged, without } from "./session";

const outline = (x: number) => ({ points: [[x, 0]], state: "snapped" }) as unknown as MeasuredOutline;

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("add" as const), x: fc.nat(99) }),
    fc.record({ kind: fc.constant("remove" as const), x: fc.nat(9) }),
    fc.record({ kind: fc.constant("change" as const), x: fc.nat(9) }),
    fc.record({ kind: fc.constant("grey" as const), x: fc.nat(9) }),
  ),
  { maxLength: 30 },
);

function apply(session: Session, { kind, x }: { kind: string; x: number }): Session {
  const one = session.work.outlines[x % Math.max(1, session.work.outlines.length)];
  if (kind === "add") return withAdded(session, "add", [outline(x)]);
  if (kind === "grey") return after(session, "grey", { grey: x % 2 === 0 ? "green" : "red" });
  if (one === undefined) return session;
  if (kind === "remove") return without(session, "remove", one.id);
  return withChanged(session, "change", { ...one, state: "adjusted" });
}

describe("a session", () => {
  it("goes back to what it was and forth to what it became, and no id is given twice", () => {
    fc.assert(
      fc.property(steps, (all) => {
        let session = NEW_SESSION;
        for (const step of all) session = apply(session, step);
        const { length } = session.past;
        const ids = session.work.outlines.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        let back = session;
        for (let i = 0; i < length; i++) back = undone(back);
        expect(back.work).toEqual(NEW_SESSION.work);
        expect(undone(back)).toBe(back);
        let forth = back;
        for (let i = 0; i < length; i++) forth = redone(forth);
        expect(forth.work).toEqual(session.work);
        expect(redone(forth)).toBe(forth);
      }),
    );
  });

  it("forgets what was undone as soon as something else is done, and steps before the last hundred", () => {
    let session = NEW_SESSION;
    for (let i = 0; i < 130; i++) session = withAdded(session, "add", [outline(i)]);
    expect(session.past).toHaveLength(100);
    session = withAdded(undone(session), "add", [outline(200)]);
    expect(session.future).toEqual([]);
    expect(session.work.outlines).toHaveLength(130);
    for (let i = 0; i < 130; i++) session = undone(session);
    expect(session.work.outlines).toHaveLength(30);
  });

  it("is left as it is by a change of an outline that is gone", () => {
    const session = withAdded(NEW_SESSION, "add", [outline(1)]);
    expect(withChanged(session, "change", { ...outline(2), id: 7 })).toBe(session);
  });
});
