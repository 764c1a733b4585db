import {
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { brushed, closedStroke, closestPoint, movedBy } from "@/lib/measure/edit";
import { centreOf, distance, isInside, type Outline, type Point } from "@/lib/measure/outline";
import { isUnclear } from "@/lib/measure/record";
import type { Drawn } from "@/lib/measure/session";
import type { Opened } from "./messages";

/** The measured place in the upper left corner, and the pixels of the screen to one measured pixel. */
type View = { x: number; y: number; zoom: number };
type Size = { width: number; height: number };

/** Pixels of the screen. */
const CLICK = 4;
const NEAR = 9;
const CLOSES = 12;
const ZOOM_STEP = 1.25;
const CLOSEST = 40;
/** Measured pixels that an arrow key moves the crosshair, with Shift the second. */
const STEPS = [1, 10];
const NUDGE = 0.25;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What one finger or the mouse is doing. */
type Stroke =
  | { kind: "draw"; start: Point; points: Point[] }
  | { kind: "pan"; last: Point }
  | { kind: "brush"; id: number; from: Outline; index: number; start: Point }
  | { kind: "move"; id: number; from: Outline; start: Point };

export type ViewHandle = { focus: () => void; zoom: (by: number) => void; fit: () => void };

type Props = {
  ref: Ref<ViewHandle>;
  opened: Opened;
  outlines: readonly Drawn[];
  /** What each is called, with what a person should know of it. */
  names: ReadonlyMap<number, string>;
  selected: number | null;
  /** Those of the truth, where the image was drawn by a computer and a person asks for them. */
  truth: readonly { points: Outline }[];
  /** Points set so far by clicks or keys. */
  draft: Outline;
  describedBy: string;
  onDraft: (draft: Outline) => void;
  onSelect: (id: number | null) => void;
  /** `isOther`: with the key that turns the edge off or on for once. */
  onDrawn: (points: Outline, isOther: boolean) => void;
  onMoved: (id: number, points: Outline, how: "brushed" | "moved" | "nudged", isOther: boolean) => void;
  /** A key on the outline that has the focus; whether it was one that does something. */
  onKey: (id: number, key: string) => boolean;
  onSay: (text: string) => void;
};

/** The image on a canvas, and the outlines over it as vectors; mouse, one finger, or keys draw on it. */
export function ImageView(props: Props) {
  const { opened, outlines, selected, truth, draft, names, onDraft, onSelect, onDrawn, onMoved, onSay } =
    props;
  const { measured, bitmap } = opened;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  const [view, setView] = useState<View>({ x: 0, y: 0, zoom: 1 });
  const [crosshair, setCrosshair] = useState<Point>([measured.width / 2, measured.height / 2]);
  const [isByKeys, setByKeys] = useState(false);
  const [stroke, showStroke] = useState<Stroke | null>(null);
  // A move can come before the one before it is shown: it goes on from here, and no point is lost.
  const underWay = useRef<Stroke | null>(null);
  const [hover, setHover] = useState<Point | null>(null);
  const isSpaceDown = useRef(false);
  const touches = useRef(new Map<number, Point>());
  const lastPoint = draft.at(-1);

  const fitted = useCallback(
    ({ width, height }: Size): View => {
      const zoom = Math.min(width / measured.width, height / measured.height);
      return {
        x: (measured.width - width / zoom) / 2 - 0.5,
        y: (measured.height - height / zoom) / 2 - 0.5,
        zoom,
      };
    },
    [measured.width, measured.height],
  );

  useLayoutEffect(() => {
    if (box.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize((before) =>
        before !== null && before.width === width && before.height === height ? before : { width, height },
      );
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (size !== null) setView(fitted(size));
  }, [size, fitted]);

  // Before the frame that has the outlines there: an effect after it would leave the image behind.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context == null || size === null) return;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (context.canvas.width !== width) context.canvas.width = width;
    if (context.canvas.height !== height) context.canvas.height = height;
    const scale = view.zoom * ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    // The first pixel's centre is at 0, so that its corner is half a pixel before.
    context.setTransform(scale, 0, 0, scale, (-0.5 - view.x) * scale, (-0.5 - view.y) * scale);
    context.imageSmoothingEnabled = view.zoom < 6;
    context.drawImage(bitmap, 0, 0, measured.width, measured.height);
  }, [bitmap, measured, size, view]);

  const zoomAt = useCallback(
    (factor: number, [x, y]: Point) =>
      setView((before) => {
        const least = size === null ? before.zoom : fitted(size).zoom / 2;
        const zoom = Math.min(Math.max(before.zoom * factor, Math.min(least, CLOSEST)), CLOSEST);
        return { zoom, x: before.x + x / before.zoom - x / zoom, y: before.y + y / before.zoom - y / zoom };
      }),
    [fitted, size],
  );
  const middle = (): Point => [(size?.width ?? 0) / 2, (size?.height ?? 0) / 2];

  useImperativeHandle(props.ref, () => ({
    focus: () => box.current?.focus(),
    zoom: (by) => zoomAt(by, middle()),
    fit: () => size !== null && setView(fitted(size)),
  }));

  // A listener of React's is passive, and the page would scroll too.
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      zoomAt(Math.exp(-event.deltaY / 400), [event.clientX - left, event.clientY - top]);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [zoomAt]);

  function setStroke(next: Stroke | null) {
    underWay.current = next;
    showStroke(next);
  }

  const onScreen = (event: PointerEvent): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const placeOf = ([x, y]: Point): Point => [view.x + x / view.zoom, view.y + y / view.zoom];
  const chosen = outlines.find(({ id }) => id === selected);

  function down(event: PointerEvent) {
    if (event.button > 1) return;
    const at = onScreen(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    setByKeys(false);
    if (event.pointerType === "touch") {
      touches.current.set(event.pointerId, at);
      // The first finger had begun to draw: with a second one it is moving the image.
      if (touches.current.size > 1) return setStroke(null);
    }
    if (event.button === 1 || isSpaceDown.current) {
      event.preventDefault();
      return setStroke({ kind: "pan", last: at });
    }
    const place = placeOf(at);
    if (draft.length === 0 && chosen !== undefined) {
      const { index, apart } = closestPoint(chosen.points, place);
      const common = { id: chosen.id, from: chosen.points, start: place };
      if (apart * view.zoom <= NEAR) return setStroke({ kind: "brush", index, ...common });
      if (isInside(chosen.points, place)) return setStroke({ kind: "move", ...common });
    }
    setStroke({ kind: "draw", start: at, points: [place] });
  }

  function move(event: PointerEvent) {
    const at = onScreen(event);
    if (event.pointerType === "touch" && touches.current.size > 1) return pinch(event.pointerId, at);
    const place = placeOf(at);
    setHover(event.pointerType === "touch" ? null : place);
    const stroke = underWay.current;
    if (stroke === null) return;
    if (stroke.kind === "pan") {
      const [x, y] = [at[0] - stroke.last[0], at[1] - stroke.last[1]];
      setView((before) => ({ ...before, x: before.x - x / before.zoom, y: before.y - y / before.zoom }));
      return setStroke({ ...stroke, last: at });
    }
    if (stroke.kind === "draw") return setStroke({ ...stroke, points: [...stroke.points, place] });
    setStroke({ ...stroke });
  }

  function pinch(pointer: number, at: Point) {
    const others = [...touches.current].filter(([id]) => id !== pointer);
    const before = touches.current.get(pointer);
    const other = others[0]?.[1];
    touches.current.set(pointer, at);
    if (before === undefined || other === undefined) return;
    const centre: Point = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
    const apart = distance(before, other);
    if (apart > 0) zoomAt(distance(at, other) / apart, centre);
    const [x, y] = [(at[0] - before[0]) / 2, (at[1] - before[1]) / 2];
    setView((view) => ({ ...view, x: view.x - x / view.zoom, y: view.y - y / view.zoom }));
  }

  function up(event: PointerEvent) {
    const wasPinch = touches.current.size > 1;
    touches.current.delete(event.pointerId);
    const stroke = underWay.current;
    setStroke(null);
    if (stroke === null || stroke.kind === "pan" || wasPinch) return;
    const at = onScreen(event);
    const place = placeOf(at);
    if (stroke.kind !== "draw") {
      const points = changedBy(stroke, place);
      if (distance(place, stroke.start) * view.zoom < CLICK) return;
      return onMoved(stroke.id, points, stroke.kind === "brush" ? "brushed" : "moved", event.altKey);
    }
    const farthest = Math.max(...stroke.points.map((point) => distance(point, placeOf(stroke.start))));
    if (farthest * view.zoom >= CLICK) {
      const points = [...draft, ...stroke.points];
      onDraft([]);
      return onDrawn(closedStroke(points), event.altKey);
    }
    click(place, event.altKey);
  }

  function click(place: Point, isOther: boolean) {
    const first = draft[0];
    if (first === undefined) {
      const hit = outlines.findLast(
        ({ points }) => isInside(points, place) || closestPoint(points, place).apart * view.zoom <= NEAR,
      );
      onSelect(hit?.id ?? null);
      if (hit === undefined) setPoint(place);
      return;
    }
    const closes = (point: Point | undefined) =>
      point !== undefined && distance(point, place) * view.zoom <= CLOSES;
    if (draft.length >= 3 && (closes(first) || closes(lastPoint))) return close(isOther);
    setPoint(place);
  }

  function setPoint(place: Point) {
    onDraft([...draft, place]);
    onSay(`Point ${draft.length + 1}.`);
  }

  function close(isOther: boolean) {
    onDraft([]);
    onDrawn(draft, isOther);
  }

  function key(event: KeyboardEvent) {
    if (event.key === " ") {
      event.preventDefault();
      isSpaceDown.current = true;
      return;
    }
    const focused = document.activeElement?.getAttribute("data-outline");
    const id = focused == null ? null : Number(focused);
    if (event.ctrlKey || event.metaKey || !takes(event, id)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the key did something. */
  function takes({ key, shiftKey, altKey }: KeyboardEvent, id: number | null): boolean {
    const arrow = ARROWS[key];
    if (arrow !== undefined && id !== null) {
      const outline = outlines.find((one) => one.id === id);
      const step = NUDGE * (shiftKey ? 4 : 1);
      if (outline !== undefined)
        onMoved(id, movedBy(outline.points, step * arrow[0], step * arrow[1]), "nudged", altKey);
      return true;
    }
    if (arrow !== undefined) {
      const step = STEPS[shiftKey ? 1 : 0] ?? 1;
      moveCrosshair([crosshair[0] + step * arrow[0], crosshair[1] + step * arrow[1]]);
      return true;
    }
    if (key === "+" || key === "=") zoomAt(ZOOM_STEP, middle());
    else if (key === "-") zoomAt(1 / ZOOM_STEP, middle());
    else if (key === "0") size !== null && setView(fitted(size));
    else if (key === "n" || key === "N") begin();
    else if (id !== null) return props.onKey(id, key);
    else if (key === "Enter") enter(altKey);
    else if (key === "Escape") {
      if (draft.length === 0) onSelect(null);
      else onSay("Given up.");
      onDraft([]);
    } else if (key === "Backspace" && draft.length > 0) onDraft(draft.slice(0, -1));
    else return false;
    return true;
  }

  function begin() {
    box.current?.focus();
    setByKeys(true);
    onSelect(null);
    onDraft([crosshair]);
    onSay("New outline. Arrow keys move, Enter sets a point, Enter twice closes.");
  }

  function enter(isOther: boolean) {
    // A mouse's outline is closed by Enter too, wherever the crosshair is.
    const isHere = !isByKeys || lastPoint === undefined || distance(lastPoint, crosshair) < 0.5;
    if (draft.length === 0) return begin();
    if (!isHere) return setPoint(crosshair);
    if (draft.length >= 3) close(isOther);
    else onSay("An outline needs at least three points.");
  }

  function moveCrosshair([x, y]: Point) {
    const to: Point = [
      Math.min(Math.max(x, 0), measured.width - 1),
      Math.min(Math.max(y, 0), measured.height - 1),
    ];
    setByKeys(true);
    setCrosshair(to);
    if (size === null) return;
    const margin = 24 / view.zoom;
    const into = (at: number, start: number, length: number) =>
      Math.min(Math.max(start, at + margin - length), at - margin);
    setView((before) => ({
      ...before,
      x: into(to[0], before.x, size.width / before.zoom),
      y: into(to[1], before.y, size.height / before.zoom),
    }));
  }

  const width = (size?.width ?? 0) / view.zoom;
  const height = (size?.height ?? 0) / view.zoom;
  const changing = stroke !== null && "id" in stroke ? stroke : null;
  const shownDraft = stroke?.kind === "draw" ? [...draft, ...stroke.points] : draft;
  const text = 13 / view.zoom;

  return (
    <div
      ref={box}
      role="application"
      aria-label={`The image, ${measured.width} by ${measured.height} pixels, with a crosshair`}
      aria-describedby={props.describedBy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys draw.
      tabIndex={0}
      className="relative h-[min(38rem,70dvh)] min-h-72 cursor-crosshair touch-none select-none overflow-hidden rounded-card border border-line bg-sunken outline-offset-2 max-sm:h-[55dvh]"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={(event) => {
        touches.current.delete(event.pointerId);
        setStroke(null);
      }}
      onPointerLeave={() => setHover(null)}
      onKeyDown={key}
      onKeyUp={({ key }) => {
        if (key === " ") isSpaceDown.current = false;
      }}
      onBlur={() => {
        isSpaceDown.current = false;
      }}
    >
      <canvas ref={canvas} className="absolute inset-0 size-full" />
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: a title would be shown beside the mouse; each outline has a name. */}
      <svg viewBox={`${view.x} ${view.y} ${width} ${height}`} className="absolute inset-0 size-full">
        {truth.map(({ points }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they do not change.
          <Line key={at} d={pathOf(points)} className="fill-none [stroke-dasharray:10_4]" width={1} />
        ))}
        {outlines.map((outline, at) => {
          const points =
            changing?.id === outline.id && hover !== null ? changedBy(changing, hover) : outline.points;
          const [x, y] = centreOf(points);
          const isSelected = outline.id === selected;
          return (
            // biome-ignore lint/a11y/useSemanticElements: there is no button in an SVG.
            <g
              key={outline.id}
              data-outline={outline.id}
              role="button"
              tabIndex={0}
              aria-pressed={isSelected}
              aria-label={names.get(outline.id)}
              onFocus={() => onSelect(outline.id)}
              className={`outline-none [&:focus-visible>path:first-child]:stroke-[8px] [&:focus-visible>path:first-child]:stroke-black ${isSelected ? "fill-white/20" : "fill-transparent"}`}
            >
              <Line d={pathOf(points)} width={isSelected ? 2.5 : 1.5} className={DASHES[outline.state]} />
              <text
                x={x}
                y={y}
                fontSize={text}
                textAnchor="middle"
                dominantBaseline="central"
                className="pointer-events-none fill-white stroke-[3] stroke-black font-semibold [paint-order:stroke] [stroke-linejoin:round] [vector-effect:non-scaling-stroke]"
              >
                {at + 1}
                {isUnclear(outline) && "?"}
              </text>
            </g>
          );
        })}
        {shownDraft.length > 0 && (
          <g className="pointer-events-none fill-transparent">
            <Line
              d={`M${[
                ...shownDraft,
                ...(stroke === null && draft.length > 0 ? [isByKeys ? crosshair : (hover ?? [])] : []),
              ]
                .filter((point) => point.length > 0)
                .map((point) => point.join(" "))
                .join("L")}`}
              width={1.5}
            />
            {draft.map(([x, y], at) => (
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: a point is where it was set.
                key={at}
                cx={x}
                cy={y}
                r={(at === 0 ? 5 : 3) / view.zoom}
                className="fill-white stroke-[1.5] stroke-black [vector-effect:non-scaling-stroke]"
              />
            ))}
          </g>
        )}
        {isByKeys && (
          <Line
            d={`M${crosshair[0] - 9 / view.zoom} ${crosshair[1]}h${18 / view.zoom}M${crosshair[0]} ${crosshair[1] - 9 / view.zoom}v${18 / view.zoom}`}
            className="fill-none"
            width={1.5}
          />
        )}
      </svg>
    </div>
  );
}

const DASHES = { snapped: "", adjusted: "[stroke-dasharray:8_3]", "as drawn": "[stroke-dasharray:2_3]" };

/** A white line with a black rim, which is seen on any image. */
function Line({ d, width, className = "" }: { d: string; width: number; className?: string }) {
  return (
    <>
      <path
        d={d}
        strokeWidth={width + 2.5}
        className="fill-none stroke-black/70 [vector-effect:non-scaling-stroke]"
      />
      <path
        d={d}
        strokeWidth={width}
        className={`stroke-white [vector-effect:non-scaling-stroke] ${className}`}
      />
    </>
  );
}

const pathOf = (outline: Outline) =>
  `M${outline.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;

function changedBy(stroke: Extract<Stroke, { id: number }>, to: Point): Outline {
  const [x, y] = [to[0] - stroke.start[0], to[1] - stroke.start[1]];
  return stroke.kind === "brush" ? brushed(stroke.from, stroke.index, x, y) : movedBy(stroke.from, x, y);
}
