import type { GreyChoice, MeasuredOutline } from "./record";

/** One outline of an image that is being measured; `id` is its own as long as the session lasts. */
export type Drawn = MeasuredOutline & { id: number };

/** What a person has made of an image at one moment. */
export type Work = { grey: GreyChoice; factor: number; outlines: readonly Drawn[] };

/** The work, and what it was and will be again by undo and redo; `done` says what each step was. */
export type Session = {
  work: Work;
  past: readonly Step[];
  future: readonly Step[];
  nextId: number;
};
type Step = { work: Work; done: string };

/** Steps that can be undone. */
const MOST_STEPS = 100;

const NEW_WORK: Work = { grey: "luminance", factor: 1, outlines: [] };
export const NEW_SESSION: Session = { work: NEW_WORK, past: [], future: [], nextId: 1 };

/**
 * The session after one more step, which says what was done. A step that `continues` the last one, as the next press of an
 * arrow key does, is one with it.
 */
export function after(session: Session, done: string, work: Partial<Work>, continues = false): Session {
  const isSame = continues && session.past.at(-1)?.done === done && session.future.length === 0;
  const past = isSame ? session.past : [...session.past, { work: session.work, done }].slice(-MOST_STEPS);
  return { ...session, work: { ...session.work, ...work }, past, future: [] };
}

/** The session with outlines added, each under an id of its own. */
export function withAdded(session: Session, done: string, added: readonly MeasuredOutline[]): Session {
  const outlines = [
    ...session.work.outlines,
    ...added.map((outline, at) => ({ ...outline, id: session.nextId + at })),
  ];
  return { ...after(session, done, { outlines }), nextId: session.nextId + added.length };
}

/** The session with one outline in place of the one that had its id; the same session where that is gone. */
export function withChanged(session: Session, done: string, changed: Drawn, continues = false): Session {
  if (!session.work.outlines.some(({ id }) => id === changed.id)) return session;
  const outlines = session.work.outlines.map((one) => (one.id === changed.id ? changed : one));
  return after(session, done, { outlines }, continues);
}

export const without = (session: Session, done: string, id: number): Session =>
  after(session, done, { outlines: session.work.outlines.filter((outline) => outline.id !== id) });

/** One step back; the same session where there is none. */
export function undone(session: Session): Session {
  const last = session.past.at(-1);
  if (last === undefined) return session;
  const future = [{ work: session.work, done: last.done }, ...session.future];
  return { ...session, work: last.work, past: session.past.slice(0, -1), future };
}

/** One step forth again; the same session where there is none. */
export function redone(session: Session): Session {
  const [next, ...future] = session.future;
  if (next === undefined) return session;
  const past = [...session.past, { work: session.work, done: next.done }];
  return { ...session, work: next.work, past, future };
}
