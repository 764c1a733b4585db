import { drawing } from "@/tables/current";

/** A case's values in the table's order, null or NaN where one is not known yet. */
type Values = readonly (number | null)[];

/**
 * A case as a small outline of `size` pixels: in a row of a table, unless `span` (image units across, the same for all
 * side by side) says otherwise. Decoration without a `title`; nothing where the table has no drawing.
 */
export function CaseThumb({
  values,
  size,
  span,
  title,
}: {
  values: Values;
  size: number;
  span?: number;
  title?: string;
}) {
  if (drawing === null) return null;
  return <Markup svg={drawing.thumb(values, { size, span: span ?? drawing.rowSpan, title })} />;
}

/**
 * A case in full, `size` pixels wide or as wide as there is room, beside a typical case of each class; under it its scale,
 * the caption, what the lines are, and what it cannot show. Nothing where the table has no drawing.
 */
export function CaseDrawing({ values, size }: { values: Values; size: number }) {
  if (drawing === null) return null;
  const scale = { size, span: drawing.span([values], "full") };
  const bar = drawing.scaleBar(scale);
  return (
    <figure className="grid gap-1 text-ink-2 text-xs">
      <Markup
        svg={drawing.full(values, { ...scale, title: drawing.describe(values), hasTypical: true })}
        className="justify-self-center text-ink"
      />
      <Markup svg={bar.svg} className="justify-self-center" />
      <figcaption>
        {drawing.caption} {drawing.legend} {bar.says}
      </figcaption>
      {drawing.notes(values).map((note) => (
        <p key={note}>{note}</p>
      ))}
    </figure>
  );
}

/**
 * A case with all its parts but nothing beside it, for cases side by side that have one `span`, in image units across.
 * Decoration without a `title`; nothing where the table has no drawing.
 */
export function CaseFull({
  values,
  ...options
}: {
  values: Values;
  size: number;
  span: number;
  title?: string;
}) {
  if (drawing === null) return null;
  return <Markup svg={drawing.full(values, options)} />;
}

/** The parts of the drawing by what they show, each with an example. */
export function DrawingKey({ size }: { size: number }) {
  return (
    <ul className="grid gap-2">
      {drawing?.parts(size).map(({ label, says, svg }) => (
        <li key={label} className="grid grid-cols-[auto_1fr] items-center gap-3 text-sm">
          <Markup svg={svg} />
          <span>
            <strong className="block font-medium">{label}</strong>
            <span className="text-ink-2 text-xs">{says}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Markup({ svg, className = "" }: { svg: string; className?: string }) {
  return (
    <span
      className={`block [&>svg]:h-auto [&>svg]:max-w-full ${className}`}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the table's own markup, written of numbers alone.
      dangerouslySetInnerHTML={{ __html: svg }}
    />
  );
}
