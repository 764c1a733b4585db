import { Shape } from "@/components/ui/shape";
import { signed } from "@/lib/format";
import { familyReasons, rankReasons } from "@/lib/prediction/reasons";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { table } from "@/tables/current";

/** Where the table has no families. */
const STRONGEST = 5;

/**
 * What speaks for which class, a bar from the centre for each family of measurements, always in the same order; where the
 * table has none, its strongest measurements. `base`: what the terms start from, on the logit scale.
 */
export function FamilyBars({
  contributions,
  values,
  base,
}: {
  contributions: readonly number[];
  values: readonly number[];
  base: number | null;
}) {
  const families = familyReasons(contributions);
  const reasons = families.length > 0 ? families : rankReasons(contributions, values).slice(0, STRONGEST);
  const largest = Math.max(...reasons.map(({ term }) => Math.abs(term))) || 1;
  const end = base === null ? null : contributions.reduce((sum, term) => sum + term, base);
  return (
    <>
      <ul className="grid gap-1.5">
        {reasons.map(({ key, label, term }) => (
          <li
            key={key}
            className="grid grid-cols-[minmax(0,7.5rem)_minmax(0,1fr)_4.5rem] items-center gap-2.5"
          >
            <span className="leading-tight">{label}</span>
            <SignedBar share={term / largest} />
            <SignedTerm term={term} />
          </li>
        ))}
      </ul>
      <p className="mt-2 text-ink-2 text-xs">
        In log-odds.
        {base !== null &&
          end !== null &&
          `  The average case has ${signed(base)}; with ${families.length > 0 ? "these" : `all ${table.nouns.values}`} added, this one has ${signed(end)}.`}
      </p>
    </>
  );
}

/** A bar from the centre; `share` is -1..1 of half the width. */
function SignedBar({ share }: { share: number }) {
  const width = Math.abs(share) * 50;
  return (
    <svg width="100%" height="20" aria-hidden="true" className="block">
      <line x1="50%" x2="50%" y1="0" y2="20" className="stroke-ink-3" />
      <rect
        x={`${share < 0 ? 50 - width : 50}%`}
        y="3"
        width={`${width}%`}
        height="14"
        rx="2"
        className={share < 0 ? "fill-negative" : "fill-positive"}
      />
    </svg>
  );
}

/** A term on the logit scale, with the shape of the class that it speaks for. */
function SignedTerm({ term }: { term: number }) {
  const { shape, colour, word } = term < 0 ? NEGATIVE : POSITIVE;
  return (
    <span className={`inline-flex items-baseline justify-end gap-1.5 whitespace-nowrap ${colour}`}>
      <Shape shape={shape} />
      <span>
        {signed(term)} <span className="sr-only">towards {word}</span>
      </span>
    </span>
  );
}
