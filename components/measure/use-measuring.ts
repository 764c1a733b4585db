import { useEffect, useRef, useState } from "react";
import {
  forgetMeasureDraft,
  keepMeasureDraft,
  keptMeasureDraft,
} from "@/components/prediction/measure-draft";
import { capitalised, withCount } from "@/lib/format";
import { LEAST_AREA, type Refusal } from "@/lib/measure/checks";
import { grown, rescaled } from "@/lib/measure/edit";
import type { Outline } from "@/lib/measure/outline";
import { ALGORITHM, type MeasuredOutline, MOST_OUTLINES, type OutlineState } from "@/lib/measure/record";
import {
  after,
  type Drawn,
  NEW_SESSION,
  redone,
  type Session,
  undone,
  type Work,
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
  // What waits for the worker has to find what was done before it.
  const now = useRef({ file, session, moving });
  const keeps = useRef(true);
  const lastTurn = useRef(Promise.resolve());

  /**
   * Does what a person asked for after all that they asked for before. What was drawn while the image was read again at another
   * scale is larger or smaller by `ratio`; what was drawn on another image goes with that one.
   */
  function inTurn(work: (ratio: number) => Promise<void> | void, isForAny = false): Promise<void> {
    const { file: on, session: before } = now.current;
    lastTurn.current = lastTurn.current.then(async () => {
      if (!isForAny && now.current.file !== on) return;
      try {
        await work(now.current.session.work.factor / before.work.factor);
      } catch {
        setProblem(CRASHED);
      }
      setReading(null);
    });
    return lastTurn.current;
  }

  const nameOf = (id: number, { work } = now.current.session) =>
    `${capitalised(nouns.one)} ${work.outlines.findIndex((outline) => outline.id === id) + 1}`;

  function show(next: Session) {
    now.current.session = next;
    setSession(next);
  }

  /** Kept before it is shown: what a person has seen is still there after a reload. */
  function put(next: Session) {
    if (keeps.current) void keepMeasureDraft({ algorithm: ALGORITHM, session: next } satisfies Kept);
    show(next);
  }

  function setMoved(id: number, points: Outline | null) {
    const next = new Map(now.current.moving);
    if (points === null) next.delete(id);
    else next.set(id, points);
    now.current.moving = next;
    setMoving(next);
  }

  /** The image in this grey and at this scale: the worker has it then, the page not yet. Null where it cannot be read, which is told. */
  async function read(of: Blob, { grey, factor }: Omit<Work, "outlines">): Promise<Opened | null> {
    setReading("Reading the image …");
    setProblem(null);
    const answer = await ask("open", { file: of, grey, factor }).catch(() => null);
    if (answer?.ok === true) return answer.value;
    setProblem(answer?.error ?? CRASHED);
    return null;
  }

  function showImage(of: Blob | null, image: Opened | null) {
    now.current.file = of;
    now.current.moving = new Map();
    setFile(of);
    setOpened(image);
    setMoving(now.current.moving);
  }

  /** Opens another image; what was drawn on the one before goes, once this one can be read. */
  async function openFile(of: Blob) {
    const image = await read(of, NEW_SESSION.work);
    if (image === null) return;
    showImage(of, image);
    setSelected(null);
    show(NEW_SESSION);
    setReading(null);
    setSaid(`The image is open: ${image.width} by ${image.height} pixels.`);
    keeps.current = await keepMeasureDraft({ algorithm: ALGORITHM, session: NEW_SESSION } satisfies Kept, of);
    if (keeps.current) return;
    // The draft is of the image before.
    await forgetMeasureDraft();
    setSaid("This browser keeps nothing: a reload would lose the outlines.");
  }

  /** Opens what this tab was left with. */
  async function openDraft() {
    const draft = await keptMeasureDraft();
    if (draft === null) return;
    const { session: kept, algorithm } = isKept(draft.session)
      ? draft.session
      : { session: NEW_SESSION, algorithm: ALGORITHM };
    const image = await read(draft.file, kept.work);
    if (image === null) return;
    // Not written again: a draft that is newer than the values in the form stays when those are saved.
    if (algorithm === ALGORITHM) show(kept);
    else {
      const outlines = await measuredAgain(kept.work.outlines, 1);
      put({ ...kept, work: { ...kept.work, outlines }, past: [], future: [] });
    }
    showImage(draft.file, image);
    setSaid(`Your image and ${withCount(now.current.session.work.outlines.length, nouns)} are back.`);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(() => void inTurn(openDraft, true), []);

  async function measured(given: Outline, way: Way, isDark: boolean) {
    setProblem(null);
    const answer = await ask("outline", { points: given, way, isDark }).catch(() => null);
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
    setSaid(`${nameOf(nextId)}, ${state}, radius ${outline.values.radius?.toFixed(1)} pixels.`);
  }

  /** Another place, form or ground for an outline that is there; `continues`: with the change just before as one step. */
  async function change(
    { id, state: before, ...outline }: Drawn,
    what: string,
    { points, way = "keep", isDark = outline.isDark, continues = false }: Change,
  ) {
    const answer = await measured(points, way, isDark);
    if (answer === null) return;
    const state = way === "snap" ? "snapped" : before === "as drawn" && way === "keep" ? before : "adjusted";
    const done = `${nameOf(id)} ${what}`;
    put(withChanged(now.current.session, done, { ...answer, id, state }, continues));
    setSaid(`${done}.`);
  }

  const outlineOf = (id: number) => now.current.session.work.outlines.find((one) => one.id === id);

  async function move(id: number, points: Outline, what: string, way: Way) {
    const outline = outlineOf(id);
    if (outline !== undefined) await change(outline, what, { points, way, continues: what === "moved" });
  }

  async function act(id: number, action: OutlineAction) {
    const outline = outlineOf(id);
    if (outline === undefined) return;
    const { points, isDark } = outline;
    if (action === "snap") await change(outline, "snapped again", { points, way: "snap" });
    else if (action === "grow") await change(outline, "grown by a pixel", { points: grown(points, 1) });
    else if (action === "shrink") await change(outline, "shrunk by a pixel", { points: grown(points, -1) });
    else if (action === "turn") {
      const what = isDark ? "taken as bright" : "taken as dark";
      await change(outline, what, { points, way: "snap", isDark: !isDark });
    } else {
      const name = nameOf(id);
      put(without(now.current.session, `${name} deleted`, id));
      setSelected(null);
      setSaid(`${name} deleted. Undo brings it back.`);
    }
  }

  /** The outlines on the image that the worker has now, larger or smaller by `ratio`; how many cannot be measured is told. */
  async function measuredAgain(outlines: readonly Drawn[], ratio: number): Promise<readonly Drawn[]> {
    setReading("Measuring the outlines again …");
    const again: Drawn[] = [];
    for (const { id, points, state, isDark } of outlines) {
      const way = ratio !== 1 && state === "snapped" ? "snap" : "keep";
      const answer = await ask("outline", { points: rescaled(points, ratio), way, isDark }).catch(() => null);
      if (answer?.ok === true) again.push({ ...answer.value, id, state });
    }
    const lost = outlines.length - again.length;
    if (lost > 0) setProblem(`${withCount(lost, nouns)} cannot be measured on the image as it is read now.`);
    return again;
  }

  /** The same image in another grey or at another scale: the outlines go along, and are measured anew. */
  async function changeImage(next: Omit<Work, "outlines">) {
    const { file: of, session: before } = now.current;
    if (of === null) return;
    const image = await read(of, next);
    // What was open before still is, in the page and in the worker.
    if (image === null) return;
    const { outlines, factor } = before.work;
    const again = await measuredAgain(outlines, next.factor / factor);
    showImage(of, image);
    put(after(before, "Grey or scale changed", { ...next, outlines: again }));
    setSaid(
      again.length < outlines.length
        ? "The outlines were measured again. Undo brings back those that could not be."
        : "The outlines were measured again.",
    );
  }

  /** Outlines from a file, as they are. */
  async function add(given: readonly Given[], ratio: number): Promise<void> {
    const room = MOST_OUTLINES - now.current.session.work.outlines.length;
    const added: MeasuredOutline[] = [];
    for (const { points, state, isDark } of given.slice(0, room)) {
      const answer = await ask("outline", { points: rescaled(points, ratio), way: "keep", isDark }).catch(
        () => null,
      );
      if (answer?.ok === true) added.push({ ...answer.value, state });
    }
    if (added.length > 0)
      put(withAdded(now.current.session, `${withCount(added.length, nouns)} imported`, added));
    setSaid(`${withCount(added.length, nouns)} imported.`);
    if (added.length < given.length)
      setProblem(
        `${given.length - added.length} could not be taken: too small, crossing themselves, beside the image, or more than ${MOST_OUTLINES}.`,
      );
  }

  /** A step back or forth, with the image as it was read then. */
  async function step(how: string, to: (session: Session) => Session, done: string | undefined) {
    const { file: of, session: before } = now.current;
    const next = to(before);
    if (of === null || next === before) return;
    if (next.work.grey !== before.work.grey || next.work.factor !== before.work.factor) {
      const image = await read(of, next.work);
      if (image === null) return;
      showImage(of, image);
    }
    put(next);
    setSaid(`${how}: ${done}.`);
  }

  async function forget() {
    await forgetMeasureDraft();
    showImage(null, null);
    setSelected(null);
    show(NEW_SESSION);
    setSaid("The image and the outlines are gone from this browser.");
  }

  return {
    ...{ file, opened, session, selected, reading, problem, said, moving, ask },
    ...{ setSelected, setProblem, say: setSaid },
    openFile: (of: Blob) => inTurn(() => openFile(of), true),
    forget: () => inTurn(forget),
    changeImage: (next: Omit<Work, "outlines">) => inTurn(() => changeImage(next)),
    draw: (points: Outline, way: Way, isDark: boolean) =>
      inTurn((ratio) => draw(rescaled(points, ratio), way, isDark)),
    add: (given: readonly Given[]) => inTurn((ratio) => add(given, ratio)),
    act: (id: number, action: OutlineAction) => inTurn(() => act(id, action)),
    move: (id: number, points: Outline, what: string, way: Way) => {
      setMoved(id, points);
      inTurn(async (ratio) => {
        await move(id, rescaled(points, ratio), what, way);
        // Where it was moved once more meanwhile, that answer is underway.
        if (now.current.moving.get(id) === points) setMoved(id, null);
      });
    },
    undo: () => inTurn(() => step("Undone", undone, now.current.session.past.at(-1)?.done)),
    redo: () => inTurn(() => step("Done again", redone, now.current.session.future[0]?.done)),
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
