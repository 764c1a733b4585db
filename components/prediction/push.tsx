import { Shape } from "@/components/ui/shape";
import { signed } from "@/lib/format";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";

/** What something added to an answer, in log-odds, with the shape and hue of the class that it speaks for. */
export function Push({ term }: { term: number }) {
  const { shape, colour } = term < 0 ? NEGATIVE : POSITIVE;
  return (
    <span className={`inline-flex items-baseline gap-1 whitespace-nowrap font-medium ${colour}`}>
      <Shape shape={shape} />
      {signed(term)}
    </span>
  );
}

/** The same as a bar from a centre line; `share` is -1..1 of half the width. */
export function Bar({ share }: { share: number }) {
  const width = Math.abs(share) * 50;
  return (
    <svg width="100%" height="16" aria-hidden="true" className="block">
      <rect
        x={`${share < 0 ? 50 - width : 50}%`}
        y="2"
        width={`${width}%`}
        height="12"
        className={share < 0 ? "fill-negative" : "fill-positive"}
      />
      <line x1="50%" x2="50%" y1="0" y2="16" className="stroke-ink-3" />
    </svg>
  );
}
