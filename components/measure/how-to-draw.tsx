import { Kbd } from "@/components/ui/button";

/** What mouse, fingers and keys do on the image. */
export function HowToDraw({ one, many }: { one: string; many: string }) {
  return (
    <details className="text-ink-2 text-xs">
      <summary className="min-h-6 underline decoration-ink-3">How to draw</summary>
      <div id="how-to-draw" className="grid gap-1 pt-1 [&_kbd]:mx-0.5">
        <p>
          Drag around a {one}, or click points around it and close by a click on the first. The outline moves
          to the edge by itself; hold <Kbd>Alt</Kbd> to keep it as drawn. Drag the line of a chosen {one} to
          reshape it, its inside to move it. The wheel zooms, <Kbd>Space</Kbd> with the mouse moves the image;
          with two fingers both.
        </p>
        <p>
          By keyboard: arrow keys move the crosshair, with <Kbd>Shift</Kbd> by ten pixels; <Kbd>N</Kbd> begins
          an outline there, <Kbd>Enter</Kbd> sets a point and, once more at the same place, closes;{" "}
          <Kbd>Backspace</Kbd> removes a point, <Kbd>Esc</Kbd> gives up. <Kbd>Tab</Kbd> goes through the{" "}
          {many}: there arrow keys move by a quarter of a pixel, <Kbd>S</Kbd> is to the edge again,{" "}
          <Kbd>]</Kbd> and <Kbd>[</Kbd> grow and shrink, <Kbd>B</Kbd> is dark or bright, <Kbd>Delete</Kbd>{" "}
          deletes. <Kbd>+</Kbd> <Kbd>−</Kbd> <Kbd>0</Kbd> zoom, <Kbd>Ctrl</Kbd> <Kbd>Z</Kbd> undoes.
        </p>
        <p>
          Lines: whole, at the edge; dashed, changed afterwards; dotted, as drawn. A number with “?” has an
          unclear edge.
        </p>
      </div>
    </details>
  );
}
