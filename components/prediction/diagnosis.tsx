import type { Diagnosis, Label, UncertainBand } from "@/lib/contract";
import { answerOf, POSITIVE } from "@/lib/prediction/words";
import { AnswerMark } from "./answer-mark";

/** The answer as shape and word, so that colour is never alone; `label` is null where the model knows no third answer. */
export function DiagnosisMark({ diagnosis, label }: { diagnosis: Diagnosis; label: Label | null }) {
  return <AnswerMark {...answerOf(label ?? diagnosis)} />;
}

/**
 * A probability in 0..1 with three decimals; "> 0.999" and "< 0.001" where those would round to certainty,
 * and more decimals where rounding would put it on the other side of the threshold.
 */
export function formatProbability(probability: number, threshold: number | null = null): string {
  for (let digits = 3; digits <= 15; digits++) {
    const text = probability.toFixed(digits);
    if (probability < 1 && Number(text) === 1 && digits === 3) return "> 0.999";
    if (probability > 0 && Number(text) === 0 && digits === 3) return "< 0.001";
    if (threshold === null || Number(text) >= threshold === probability >= threshold) return text;
  }
  return String(probability);
}

const anchorAt = (fraction: number) => (fraction < 0.2 ? "start" : fraction > 0.8 ? "end" : "middle");
const endOf = (probability: number) =>
  probability === 0 || probability === 1 ? String(probability) : formatProbability(probability);
const describeSpan = ({ low, high, label }: Span) => `${endOf(low)} to ${endOf(high)} ${label}`;
const percent = (fraction: number) => `${fraction * 100}%`;

/** Why an answer is "uncertain", and what the diagnosis would be without that. */
export function UncertainNote({
  diagnosis,
  probability,
  uncertain,
  isCautioned,
}: {
  diagnosis: Diagnosis;
  probability: number;
  uncertain: UncertainBand | null;
  isCautioned: boolean;
}) {
  const isBetween = uncertain !== null && probability >= uncertain.from && probability <= uncertain.to;
  return (
    <p className="text-sm">
      {isBetween &&
        `Between ${uncertain.from.toFixed(3)} and ${uncertain.to.toFixed(3)} the model does not answer alone. `}
      {isCautioned && "What is said below speaks against a certain answer. "}
      By its threshold alone it would say {answerOf(diagnosis).word}. A person should look at this case.{" "}
      <a href="/model" className="underline underline-offset-4 print:hidden">
        How often certain answers were wrong
      </a>
    </p>
  );
}

/** Probabilities that an answer could have had as well, and why. */
export type Span = { low: number; high: number; label: string };

const SPAN_HEIGHT = 16;

/**
 * A bar from 0 to 1 that marks the probability of the positive class and, where the model tells them, the threshold and the
 * uncertain band; below it, on the same scale, what the probability could have been as well.
 */
export function ProbabilityScale({
  probability,
  threshold,
  uncertain,
  spans = [],
}: {
  probability: number;
  threshold: number | null;
  uncertain: UncertainBand | null;
  spans?: readonly Span[];
}) {
  const value = formatProbability(probability, threshold);
  const limits =
    threshold === null ? "The model does not tell its threshold." : `${POSITIVE.title} from ${threshold}.`;
  const band =
    uncertain === null
      ? ""
      : ` Uncertain between ${uncertain.from.toFixed(3)} and ${uncertain.to.toFixed(3)}.`;
  const label = `Probability of ${POSITIVE.word}: ${value}, on a scale from 0 to 1. ${limits}${band}${spans.map((span) => ` ${describeSpan(span)}.`).join("")}`;
  return (
    <svg
      role="img"
      aria-label={label}
      width="100%"
      height={64 + spans.length * SPAN_HEIGHT}
      className="block overflow-visible text-xs"
    >
      {threshold === null ? (
        <rect x="0" y="24" width="100%" height="14" className="fill-uncertain/25 stroke-uncertain" />
      ) : (
        <>
          <rect
            x="0"
            y="24"
            width={percent(threshold)}
            height="14"
            className="fill-negative/25 stroke-negative"
          />
          <rect
            x={percent(threshold)}
            y="24"
            width={percent(1 - threshold)}
            height="14"
            className="fill-positive/25 stroke-positive"
          />
          {uncertain !== null && (
            <>
              <rect
                x={percent(uncertain.from)}
                y="24"
                width={percent(uncertain.to - uncertain.from)}
                height="14"
                className="fill-surface stroke-uncertain"
              />
              <text
                // Clear of the threshold's line.
                x={percent((uncertain.from + Math.min(uncertain.to, threshold)) / 2)}
                y="34"
                textAnchor="middle"
                className="fill-uncertain text-[10px]"
              >
                uncertain
              </text>
            </>
          )}
          <line
            x1={percent(threshold)}
            x2={percent(threshold)}
            y1="24"
            y2="46"
            className="stroke-2 stroke-ink"
          />
          <text
            x={percent(threshold)}
            y="60"
            textAnchor={anchorAt(threshold)}
            className="fill-ink-2 tabular-nums"
          >
            threshold {threshold}
          </text>
        </>
      )}
      {(threshold === null || threshold >= 0.2) && (
        <text x="0" y="60" className="fill-ink-2">
          0
        </text>
      )}
      {(threshold === null || threshold <= 0.8) && (
        <text x="100%" y="60" textAnchor="end" className="fill-ink-2">
          1
        </text>
      )}
      <line
        x1={percent(probability)}
        x2={percent(probability)}
        y1="18"
        y2="44"
        className="stroke-4 stroke-ink"
      />
      <text
        x={percent(probability)}
        y="12"
        textAnchor={anchorAt(probability)}
        className="fill-ink font-semibold tabular-nums"
      >
        {value}
      </text>
      {spans.map((span, at) => {
        const y = 72 + at * SPAN_HEIGHT;
        const isLeft = span.low + span.high < 1;
        return (
          <g key={span.label}>
            <line
              x1={percent(span.low)}
              x2={percent(span.high)}
              y1={y}
              y2={y}
              className="stroke-[3] stroke-ink-2"
              // A span of hardly any width is seen too.
              strokeLinecap="round"
            />
            <text
              x={percent(isLeft ? span.high : span.low)}
              dx={isLeft ? 8 : -8}
              y={y + 4}
              textAnchor={isLeft ? "start" : "end"}
              className="fill-ink-2 text-[11px]"
            >
              {describeSpan(span)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
