"use client";

import {
  type ComponentProps,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { capitalised, withCount } from "@/lib/format";
import { overlapOf, touchesRim } from "@/lib/measure/checks";
import { rescaled } from "@/lib/measure/edit";
import type { Outline } from "@/lib/measure/outline";
import { ALGORITHM, isUnclear, type MeasurementRecord } from "@/lib/measure/record";
import type { Drawn } from "@/lib/measure/session";
import { summarise } from "@/lib/measure/summary";
import type { measuring as ofTable } from "@/tables/current";
import { ChooseImage } from "./choose-image";
import { ImageSettings } from "./image-settings";
import { ImageView, type ViewHandle } from "./image-view";
import type { Opened } from "./messages";
import { OutlineList } from "./outline-list";
import type { Truth } from "./truth-card";
import { UseCard } from "./use-card";
import { type OutlineAction, useMeasuring } from "./use-measuring";
import { ValuesCard } from "./values-card";

// Not before an image is open, and the truth only for those that a computer drew.
const Files = lazy(async () => ({ default: (await import("./files")).Files }));
const TruthCard = lazy(async () => ({ default: (await import("./truth-card")).TruthCard }));

/** The share of the smaller of two outlines that both may have inside. */
const MOST_OVERLAP = 0.2;
const KEYS: Readonly<Record<string, OutlineAction>> = {
  s: "snap",
  "]": "grow",
  "[": "shrink",
  b: "turn",
  Delete: "delete",
  Backspace: "delete",
};

export type Measuring = NonNullable<typeof ofTable>;
type Labelled = { key: string; label: string };
/** What of the table's description the page needs: whoever measures is not sent the rest. */
export type TableWords = {
  properties: readonly Labelled[];
  groups: readonly Labelled[];
  columns: readonly { key: string; property: string | null; range: { min: number; max: number } }[];
  /** Whom a case is about. */
  person: string;
};

/** The image and what is drawn on it, its outlines, and the values that follow. */
export function Measure({
  measuring,
  table,
  howToDraw,
}: {
  measuring: Measuring;
  table: TableWords;
  /** Under the image, with the id `how-to-draw`. */
  howToDraw: ReactNode;
}) {
  const { nouns, demos } = measuring;
  const image = useMeasuring(nouns);
  const { opened, session, selected, moving } = image;
  const view = useRef<ViewHandle>(null);
  const [begun, setBegun] = useState<{ points: Outline; factor: number }>({ points: [], factor: 1 });
  const [isSnapping, setSnapping] = useState(true);
  const [fetched, setFetched] = useState<{ truth: Truth | null; of: Opened } | null>(null);
  const { outlines, factor } = session.work;
  // What belongs to one reading of the image: the truth is asked for again on the next, a begun outline goes along.
  const truth = fetched !== null && fetched.of === opened ? fetched.truth : null;
  const draft = useMemo(() => rescaled(begun.points, factor / begun.factor), [begun, factor]);
  const setDraft = (points: Outline) => setBegun({ points, factor });
  const demo = demos.find(({ sha256 }) => sha256 === opened?.hashes.sha256);

  const shown = useMemo(
    () => outlines.map((outline) => ({ ...outline, points: moving.get(outline.id) ?? outline.points })),
    [outlines, moving],
  );
  const warnings = useMemo(() => warningsOf(outlines, opened?.measured), [outlines, opened]);
  const names = useMemo(
    () =>
      new Map(
        outlines.map((outline, at) => [
          outline.id,
          [`${capitalised(nouns.one)} ${at + 1}`, outline.state, ...(warnings.get(outline.id) ?? [])].join(
            ", ",
          ),
        ]),
      ),
    [outlines, warnings, nouns],
  );
  const values = useMemo(() => summarise(outlines.map((outline) => outline.values)), [outlines]);
  const record = useMemo(() => opened && recordOf(opened, outlines), [opened, outlines]);
  const chosen = outlines.find(({ id }) => id === selected);

  // Another image takes the place of this one and of all that is drawn on it: a person says so first.
  const [leaving, setLeaving] = useState<{ to: Blob | null } | null>(null);

  function leave(to: Blob | null) {
    setLeaving(null);
    setDraft([]);
    void (to === null ? image.forget() : image.openFile(to));
  }
  const leaveOrAsk = (to: Blob | null) => (outlines.length === 0 ? leave(to) : setLeaving({ to }));
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (leaving !== null) question.current?.focus();
  }, [leaving]);

  const now = useRef({ undo: image.undo, redo: image.redo, open: leaveOrAsk });
  now.current = { undo: image.undo, redo: image.redo, open: leaveOrAsk };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element &&
        event.target.closest("input:not([type=checkbox],[type=file]),select");
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping) return;
      const key = event.key.toLowerCase();
      const isRedo = key === "y" || (key === "z" && event.shiftKey);
      if (!isRedo && key !== "z") return;
      event.preventDefault();
      if (isRedo) now.current.redo();
      else now.current.undo();
    };
    const onPaste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      now.current.open(file);
    };
    // Anywhere on the page: a browser would leave it for the file.
    const onDrag = (event: DragEvent) => event.preventDefault();
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) now.current.open(file);
    };
    addEventListener("keydown", onKey);
    addEventListener("paste", onPaste);
    addEventListener("dragover", onDrag);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("paste", onPaste);
      removeEventListener("dragover", onDrag);
      removeEventListener("drop", onDrop);
    };
  }, []);

  const drawn = (points: Outline, isOther: boolean) =>
    void image.draw(points, isSnapping === isOther ? "keep" : "snap", outlines.at(-1)?.isDark ?? true);

  function act(action: OutlineAction) {
    if (selected === null) return;
    image.act(selected, action);
    if (action === "delete") view.current?.focus();
  }

  // Below the head of the page, on a small screen, the image would be out of sight.
  const top = useRef<HTMLDivElement>(null);
  const isOpen = opened !== null;
  useEffect(() => {
    if (isOpen) top.current?.scrollIntoView({ block: "start" });
  }, [isOpen]);

  const status = (
    <p role="status" className="min-h-6 text-ink-2">
      {image.reading ?? image.said}
    </p>
  );
  const problem = image.problem !== null && <Notice kind="error" role="alert" title={image.problem} />;

  if (opened === null || record === null) {
    return (
      <div className="grid gap-3" aria-busy={image.reading !== null}>
        {status}
        {problem}
        <ChooseImage demos={demos} onFile={leave} onProblem={image.setProblem} />
      </div>
    );
  }

  const steps = { past: session.past.at(-1)?.done, future: session.future[0]?.done };
  return (
    <div
      ref={top}
      className="@container grid scroll-mt-(--bar) gap-3 [&>*]:min-w-0"
      aria-busy={image.reading !== null}
    >
      {leaving !== null && (
        <Notice
          ref={question}
          kind="error"
          role="alert"
          title={`${withCount(outlines.length, nouns)} would be lost with this image.`}
        >
          <div className="mt-2 flex flex-wrap gap-2">
            <Button onClick={() => leave(leaving.to)}>
              {leaving.to === null ? "Forget it" : "Open the other image"}
            </Button>
            <Button onClick={() => setLeaving(null)}>Keep this one</Button>
          </div>
        </Notice>
      )}
      {demo !== undefined && <Notice kind="caution" title={`${demo.label}. ${demo.about}`} />}
      <div className="grid items-start gap-x-6 gap-y-4 @min-[62rem]:grid-cols-[minmax(0,1fr)_26rem] [&>*]:min-w-0">
        <div className="grid gap-2 [&>*]:min-w-0">
          <div className="flex flex-wrap items-center gap-1.5">
            <Tool onClick={image.undo} disabled={steps.past === undefined} title={steps.past}>
              Undo
            </Tool>
            <Tool onClick={image.redo} disabled={steps.future === undefined} title={steps.future}>
              Redo
            </Tool>
            <Tool onClick={() => view.current?.zoom(1 / 1.5)} aria-label="Zoom out">
              −
            </Tool>
            <Tool onClick={() => view.current?.zoom(1.5)} aria-label="Zoom in">
              +
            </Tool>
            <Tool onClick={() => view.current?.fit()}>Whole image</Tool>
            <label className="flex min-h-control items-center gap-2 px-2">
              <input
                type="checkbox"
                className="size-4 accent-ink"
                checked={isSnapping}
                onChange={({ target }) => setSnapping(target.checked)}
              />
              Move to the edge
            </label>
          </div>
          <ImageView
            key={`${opened.width} ${opened.height} ${opened.factor}`}
            ref={view}
            opened={opened}
            outlines={shown}
            names={names}
            selected={selected}
            truth={truth ?? NONE}
            draft={draft}
            describedBy="how-to-draw"
            onDraft={setDraft}
            onSelect={image.setSelected}
            onDrawn={drawn}
            onMoved={(id, points, how, isOther) =>
              image.move(
                id,
                points,
                how === "brushed" ? "reshaped" : "moved",
                how === "brushed" && isSnapping !== isOther ? "close" : "keep",
              )
            }
            onKey={(id, key) => {
              const action = KEYS[key];
              if (action === undefined) return false;
              image.setSelected(id);
              image.act(id, action);
              if (action === "delete") view.current?.focus();
              return true;
            }}
            onSay={image.say}
          />
          {draft.length > 0 ? (
            <div className="flex flex-wrap items-center gap-1.5">
              <Tool
                disabled={draft.length < 3}
                onClick={() => {
                  setDraft([]);
                  drawn(draft, false);
                }}
              >
                Close the outline
              </Tool>
              <Tool onClick={() => setDraft(draft.slice(0, -1))}>Remove the last point</Tool>
              <Tool onClick={() => setDraft([])}>Give up</Tool>
            </div>
          ) : (
            <div className="flex flex-wrap items-center gap-1.5">
              <Tool disabled={chosen === undefined} onClick={() => act("snap")}>
                To the edge again
              </Tool>
              <Tool disabled={chosen === undefined} onClick={() => act("grow")}>
                Grow
              </Tool>
              <Tool disabled={chosen === undefined} onClick={() => act("shrink")}>
                Shrink
              </Tool>
              <Tool disabled={chosen === undefined} onClick={() => act("turn")}>
                {chosen?.isDark === false ? "It is dark" : "It is bright"}
              </Tool>
              <Tool disabled={chosen === undefined} onClick={() => act("delete")}>
                Delete
              </Tool>
            </div>
          )}
          {status}
          {problem}
          {howToDraw}
          <OutlineList
            outlines={outlines}
            warnings={warnings}
            selected={selected}
            nouns={nouns}
            properties={table.properties}
            onSelect={image.setSelected}
          />
        </div>
        <div className="grid gap-4 [&>*]:min-w-0">
          <UseCard
            record={record}
            values={values}
            measuring={measuring}
            person={table.person}
            onProblem={image.setProblem}
          />
          <ValuesCard values={values} count={outlines.length} table={table} />
          {demo !== undefined && (
            <Suspense>
              <TruthCard
                demo={demo}
                opened={opened}
                outlines={outlines}
                truth={truth}
                ask={image.ask}
                table={table}
                onTruth={(truth) => setFetched({ truth, of: opened })}
                onProblem={image.setProblem}
                nouns={nouns}
              />
            </Suspense>
          )}
          <ImageSettings
            key={`${opened.grey} ${opened.factor}`}
            opened={opened}
            scale={measuring.scale}
            isBusy={image.reading !== null}
            onChange={image.changeImage}
            onFile={leaveOrAsk}
            onForget={() => leaveOrAsk(null)}
          />
          <Suspense>
            <Files record={record} nouns={nouns} onAdd={image.add} onProblem={image.setProblem} />
          </Suspense>
        </div>
      </div>
    </div>
  );
}

const NONE: Truth = [];

/** What is kept with a prediction, and in files. */
function recordOf(
  { type, width, height, factor, grey, hashes }: Opened,
  outlines: readonly Drawn[],
): MeasurementRecord {
  return {
    algorithm: ALGORITHM,
    image: { ...hashes, type, width, height, factor, grey },
    outlines: outlines.map(({ id: _, ...outline }) => outline),
  };
}

function Tool({ className = "", ...rest }: ComponentProps<typeof Button>) {
  return <Button {...rest} className={`px-2.5! text-sm ${className}`} />;
}

/** What a person should know of each outline, by its id. */
function warningsOf(outlines: readonly Drawn[], size: { width: number; height: number } | undefined) {
  const warnings = new Map<number, string[]>();
  const warn = (id: number, text: string) => warnings.set(id, [...(warnings.get(id) ?? []), text]);
  for (const [at, outline] of outlines.entries()) {
    if (isUnclear(outline)) warn(outline.id, "edge unclear");
    if (size !== undefined && touchesRim(outline.points, size)) warn(outline.id, "at the image's rim");
    for (const other of outlines.slice(0, at)) {
      if (overlapOf(outline.points, other.points) <= MOST_OVERLAP) continue;
      warn(outline.id, `overlaps number ${outlines.indexOf(other) + 1}`);
      warn(other.id, `overlaps number ${at + 1}`);
    }
  }
  return warnings;
}
