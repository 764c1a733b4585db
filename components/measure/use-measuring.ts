import { useCallback, useEffect, useRef, useState } from "react";
import {
  forgetMeasureDraft,
  keepMeasureDraft,
  keptMeasureDraft,
} from "@/components/prediction/measure-draft";
import { capitalised, withCount } from "@/lib/format";
import { LEAST_AREA, type Refusal } from "@/lib/measure/checks";
import { grown, rescaled } from "@/lib/measure/edit";
import type { Outline } from "@/lib/measure/outline";
import {
  ALGORITHM,
  type GreyChoice,
  type MeasuredOutline,
  MOST_OUTLINES,
  type OutlineState,
} from "@/lib/measure/record";
import {
  after,
  type Drawn,
  NEW_SESSION,
  redone,
  type Session,
  undone,
  withAdded,
  withChanged,
  without,
} from "@/lib/measure/session";
import type { Opened, Way } from "./messages";
import { useWorker } from "./use-worker";

const CRASHED = "Something went wrong while the image was measured. Your outlines are kept: reload the page.";

/** What an outline was given as, by a person's hand or by a file. */
export type Given = { points: Outline; state: OutlineState; isDark: boolean };

/** The image that is being measured, what a person has made of it, and everything they can do. */
export function useMeasuring(nouns: { one: string; many: string }) {
  const ask = useWorker();
  const [file, setFile] = useState<Blob | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [session, setSession] = useState<Session>(NEW_SESSION);
  const [selected, setSelected] = useState<number | null>(null);
  const [reading, setReading] = useState<string | null>("Looking for what you left here …");
  const [problem, setProblem] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  /** Where outlines are whose numbers are not there yet: the next change begins from there. */
  const [moving, setMoving] = useState<ReadonlyMap<number, Outline>>(new Map());
  // A change that waits for the worker has to find what others did meanwhile.
  const now = useRef({ session, moving });
  now.current = { session, moving };

  const nameOf = (id: number, { work } = now.current.session) =>
    `${capitalised(nouns.one)} ${work.outlines.findIndex((outline) => outline.id === id) + 1}`;

  const put = useCallback((next: Session) => {
    now.current.session = next;
    setSession(next);
  }, []);

  function setMoved(id: number, points: Outline | null) {
    const next = new Map(now.current.moving);
    if (points === null) next.delete(id);
    else next.set(id, points);
    now.current.moving = next;
    setMoving(next);
  }

  const say = useCallback((text: string) => setSaid(text), []);

  /** Counts the images that were opened: what was asked on one says nothing of the next. */
  const images = useRef(0);

  /** Whether the image is open as the session wants it; why not is told. */
  async function read(of: Blob, { work }: Session): Promise<boolean> {
    setReading("Reading the image …");
    setProblem(null);
    const answer = await ask("open", { file: of, grey: work.grey, factor: work.factor }).catch(() => null);
    setReading(null);
    if (answer?.ok !== true) {
      setProblem(answer?.error ?? CRASHED);
      return false;
    }
    images.current++;
    setOpened(answer.value);
    const { width, height } = answer.value;
    say(`The image is open: ${width} by ${height} pixels.`);
    return true;
  }

  /** Opens another image; what was drawn on the one before goes, once this one can be read. */
  async function openFile(of: Blob, start: Session = NEW_SESSION) {
    if (!(await read(of, start))) return;
    setFile(of);
    setSelected(null);
    put(start);
    if (!(await keepMeasureDraft("file", of)))
      say("This browser keeps nothing: a reload would lose the outlines.");
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(() => {
    void keptMeasureDraft().then(async (draft) => {
      setReading(null);
      if (draft === null) return;
      const { session: kept, algorithm } = isKept(draft.session)
        ? draft.session
        : { session: NEW_SESSION, algorithm: ALGORITHM };
      if (!(await read(draft.file, kept))) return;
      setFile(draft.file);
      put(kept);
      const { outlines } = kept.work;
      const { length } = outlines;
      if (algorithm !== ALGORITHM) {
        put({ ...NEW_SESSION, work: { ...kept.work, outlines: [] } });
        await add(outlines);
      }
      say(`Your image and ${withCount(length, nouns)} are back.`);
    });
  }, []);

  useEffect(() => {
    if (file !== null) void keepMeasureDraft("session", { algorithm: ALGORITHM, session } satisfies Kept);
  }, [file, session]);

  async function measured(given: Outline, way: Way, isDark: boolean) {
    setProblem(null);
    const on = images.current;
    const answer = await ask("outline", { points: given, way, isDark }).catch(() => null);
    if (images.current !== on) return null;
    if (answer?.ok === true) return answer.value;
    setProblem(answer === null ? CRASHED : refusalText(answer.error, nouns.one));
    return null;
  }

  /** A new outline, at the edge or as it was drawn. */
  async function draw(points: Outline, way: Way, isDark: boolean) {
    if (now.current.session.work.outlines.length >= MOST_OUTLINES) {
      setProblem(`An image can have ${MOST_OUTLINES} ${nouns.many} here.`);
      return;
    }
    const outline = await measured(points, way, isDark);
    if (outline === null) return;
    const state = way === "keep" ? "as drawn" : "snapped";
    const { nextId } = now.current.session;
    put(withAdded(now.current.session, `${capitalised(nouns.one)} added`, [{ ...outline, state }]));
    setSelected(nextId);
    say(`${nameOf(nextId)}, ${state}, radius ${outline.values.radius?.toFixed(1)} pixels.`);
  }

  /** Another place, form or ground for an outline that is there; `continues`: with the change just before as one step. */
  async function change(
    { id, state: before, ...outline }: Drawn,
    what: string,
    { points, way = "keep", isDark = outline.isDark, continues = false }: Change,
  ) {
    setMoved(id, points);
    const answer = await measured(points, way, isDark);
    // Where it was changed once more meanwhile, that answer is underway.
    if (now.current.moving.get(id) === points) setMoved(id, null);
    if (answer === null) return;
    const state = way === "snap" ? "snapped" : before === "as drawn" && way === "keep" ? before : "adjusted";
    const done = `${nameOf(id)} ${what}`;
    put(withChanged(now.current.session, done, { ...answer, id, state }, continues));
    say(`${done}.`);
  }

  const latest = (id: number): Drawn | undefined => {
    const outline = now.current.session.work.outlines.find((one) => one.id === id);
    return outline && { ...outline, points: now.current.moving.get(id) ?? outline.points };
  };

  function act(id: number, action: OutlineAction) {
    const outline = latest(id);
    if (outline === undefined) return;
    const { points, isDark } = outline;
    if (action === "snap") void change(outline, "snapped again", { points, way: "snap" });
    else if (action === "grow") void change(outline, "grown by a pixel", { points: grown(points, 1) });
    else if (action === "shrink") void change(outline, "shrunk by a pixel", { points: grown(points, -1) });
    else if (action === "turn") {
      const what = isDark ? "taken as bright" : "taken as dark";
      void change(outline, what, { points, way: "snap", isDark: !isDark });
    } else {
      const name = nameOf(id);
      put(without(now.current.session, `${name} deleted`, id));
      setSelected(null);
      say(`${name} deleted. Undo brings it back.`);
    }
  }

  /** The same image in another grey or at another scale: the outlines go along, and are measured anew. */
  async function changeImage(next: { grey: GreyChoice; factor: number }) {
    if (file === null) return;
    const { work } = now.current.session;
    const ratio = next.factor / work.factor;
    if (!(await read(file, { ...now.current.session, work: { ...work, ...next } }))) {
      // What was open before still is, in the page and in the worker.
      return;
    }
    setReading("Measuring the outlines again …");
    const outlines: Drawn[] = [];
    let lost = 0;
    for (const { id, points, state, isDark } of work.outlines) {
      const way = ratio !== 1 && state === "snapped" ? "snap" : "keep";
      const answer = await ask("outline", { points: rescaled(points, ratio), way, isDark }).catch(() => null);
      if (answer?.ok === true) outlines.push({ ...answer.value, id, state });
      else lost++;
    }
    setReading(null);
    put(after(now.current.session, "Grey or scale changed", { ...next, outlines }));
    say("The outlines were measured again.");
    if (lost > 0)
      setProblem(`${withCount(lost, nouns)} cannot be measured at this scale. Undo brings them back.`);
  }

  /** Outlines from a file, as they are. */
  async function add(given: readonly Given[]): Promise<void> {
    const room = MOST_OUTLINES - now.current.session.work.outlines.length;
    const added: MeasuredOutline[] = [];
    for (const { points, state, isDark } of given.slice(0, room)) {
      const answer = await ask("outline", { points, way: "keep", isDark }).catch(() => null);
      if (answer?.ok === true) added.push({ ...answer.value, state });
    }
    if (added.length > 0)
      put(withAdded(now.current.session, `${withCount(added.length, nouns)} imported`, added));
    say(`${withCount(added.length, nouns)} imported.`);
    if (added.length < given.length)
      setProblem(
        `${given.length - added.length} could not be taken: too small, crossing themselves, beside the image, or more than ${MOST_OUTLINES}.`,
      );
  }

  function step(next: Session, how: string, done: string | undefined) {
    if (next === now.current.session) return;
    const { grey, factor } = next.work;
    const isOther = grey !== opened?.grey || factor !== opened?.factor;
    put(next);
    say(`${how}: ${done}.`);
    if (isOther && file !== null) void read(file, next);
  }

  return {
    ...{ file, opened, session, selected, reading, problem, said, moving, ask },
    ...{ setSelected, say, openFile, draw, act, add, changeImage, setProblem },
    move: (id: number, points: Outline, what: string, way: Way) => {
      const outline = now.current.session.work.outlines.find((one) => one.id === id);
      if (outline !== undefined) void change(outline, what, { points, way, continues: what === "moved" });
    },
    undo: () => step(undone(now.current.session), "Undone", now.current.session.past.at(-1)?.done),
    redo: () => step(redone(now.current.session), "Done again", now.current.session.future[0]?.done),
    forget: async () => {
      await forgetMeasureDraft();
      setFile(null);
      setOpened(null);
      setSelected(null);
      put(NEW_SESSION);
      say("The image and the outlines are gone from this browser.");
    },
  };
}

export type OutlineAction = "snap" | "grow" | "shrink" | "turn" | "delete";
type Change = { points: Outline; way?: Way; isDark?: boolean; continues?: boolean };

function refusalText(refusal: Refusal, one: string): string {
  if (refusal === "crosses itself") return `The outline crosses itself. Go around the ${one} once.`;
  if (refusal === "off the image") return "The outline is not on the image.";
  return `The outline encloses less than ${LEAST_AREA} square pixels, too little to be measured.`;
}

/** What the browser keeps: outlines that another version measured are measured again. */
type Kept = { algorithm: string; session: Session };

const isKept = (kept: unknown): kept is Kept =>
  isObject(kept) &&
  typeof kept.algorithm === "string" &&
  isObject(kept.session) &&
  isObject(kept.session.work) &&
  Array.isArray(kept.session.work.outlines);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
