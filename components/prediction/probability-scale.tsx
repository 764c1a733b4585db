import { useId } from "react";
import type { UncertainBand } from "@/lib/contract";
import { POSITIVE } from "@/lib/prediction/words";
import { formatLimit, formatProbability } from "./diagnosis";

const percent = (fraction: number) => `${fraction * 100}%`;
const anchorAt = (fraction: number) => (fraction < 0.06 ? "start" : fraction > 0.94 ? "end" : "middle");

/**
 * A bar from 0 to 1, negative on the left, positive on the right, between them the uncertain band; a mark at the
 * probability of the positive class, and across it, as a whisker, what it could have been as well.
 */
export function ProbabilityScale({
  probability,
  threshold,
  uncertain,
  range,
}: {
  probability: number;
  threshold: number | null;
  uncertain: UncertainBand | null;
  range: { low: number; high: number } | null;
}) {
  const hatch = useId();
  const from = uncertain?.from ?? threshold ?? 1;
  const to = uncertain?.to ?? threshold ?? 0;
  const ticks = labelled([
    { at: 0, text: "0" },
    ...(uncertain === null ? [] : [{ at: from, text: formatLimit(from) }]),
    ...(threshold === null ? [] : [{ at: threshold, text: `${threshold} cut-off`, isWide: true }]),
    ...(uncertain === null ? [] : [{ at: to, text: formatLimit(to) }]),
    { at: 1, text: "1" },
  ]);
  const label = `Probability ${formatProbability(probability, threshold)} of ${POSITIVE.word}, on a scale from 0 to 1.${
    uncertain === null ? "" : ` Uncertain from ${formatLimit(from)} to ${formatLimit(to)}.`
  }${range === null ? "" : ` The training cases allow ${formatProbability(range.low)} to ${formatProbability(range.high)}.`}`;
  return (
    <svg
      role="img"
      aria-label={label}
      width="100%"
      className="block h-[calc(40px+1.125rem)] overflow-visible text-xs"
    >
      <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M1 0V6" className="stroke-[1.5] stroke-uncertain" />
      </pattern>
      <rect x="0" y="10" width="100%" height="22" rx="4" className="fill-surface" />
      {threshold !== null && (
        <>
          <rect x="0" y="10" width={percent(from)} height="22" className="fill-negative/30" />
          <rect x={percent(to)} y="10" width={percent(1 - to)} height="22" className="fill-positive/30" />
          {uncertain !== null && (
            <rect x={percent(from)} y="10" width={percent(to - from)} height="22" fill={`url(#${hatch})`} />
          )}
        </>
      )}
      <rect x="0" y="10" width="100%" height="22" rx="4" className="fill-none stroke-ink-3" />
      {range !== null && (
        <g className="stroke-2 stroke-ink">
          <line x1={percent(range.low)} x2={percent(range.high)} y1="21" y2="21" />
          <line x1={percent(range.low)} x2={percent(range.low)} y1="16" y2="26" />
          <line x1={percent(range.high)} x2={percent(range.high)} y1="16" y2="26" />
        </g>
      )}
      {/* The mark, with a rim of the ground around it. */}
      {["stroke-[6] stroke-surface", "stroke-[3] stroke-ink"].map((stroke) => (
        <line
          key={stroke}
          x1={percent(probability)}
          x2={percent(probability)}
          y1="4"
          y2="38"
          strokeLinecap="round"
          className={stroke}
        />
      ))}
      {ticks.map(({ at, text }) => (
        <text key={text} x={percent(at)} y="40" dy="1.1em" textAnchor={anchorAt(at)} className="fill-ink-2">
          {text}
        </text>
      ))}
    </svg>
  );
}

type Tick = { at: number; text: string; isWide?: boolean };

/** The ticks that have room: ends give way to what lies near them, and so does what lies beside a wide one. */
function labelled(ticks: readonly Tick[]): Tick[] {
  const isEnd = ({ at }: Tick) => at === 0 || at === 1;
  const isBeside = (tick: Tick) =>
    !tick.isWide && ticks.some(({ at, isWide }) => isWide && Math.abs(at - tick.at) < 0.15);
  return ticks.filter(
    (tick) =>
      (!isBeside(tick) || isEnd(tick)) &&
      (!isEnd(tick) || !ticks.some((other) => !isEnd(other) && Math.abs(other.at - tick.at) < 0.12)),
  );
}
