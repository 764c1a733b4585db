import type { Diagnosis } from "@/lib/schema";

const WORDS = {
  M: { word: "Malignant", shape: "▲", className: "text-malignant" },
  B: { word: "Benign", shape: "●", className: "text-benign" },
} as const;

/** The diagnosis as shape and word, so that colour is never alone. */
export function DiagnosisMark({ diagnosis }: { diagnosis: Diagnosis }) {
  const { word, shape, className } = WORDS[diagnosis];
  return (
    <span className={`${className} whitespace-nowrap font-semibold`}>
      <span aria-hidden="true">{shape}</span> {word}
    </span>
  );
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
const percent = (fraction: number) => `${fraction * 100}%`;

/** A bar from 0 to 1 that marks the probability of malignant and, where the model tells it, the threshold. */
export function ProbabilityScale({
  probability,
  threshold,
}: {
  probability: number;
  threshold: number | null;
}) {
  const value = formatProbability(probability, threshold);
  const label =
    threshold === null
      ? `Probability of malignant: ${value}, on a scale from 0 to 1. The model does not tell its threshold.`
      : `Probability of malignant: ${value}, on a scale from 0 to 1. Malignant from ${threshold}.`;
  return (
    <svg role="img" aria-label={label} width="100%" height="64" className="block overflow-visible text-xs">
      {threshold === null ? (
        <rect x="0" y="24" width="100%" height="14" className="fill-uncertain/25 stroke-uncertain" />
      ) : (
        <>
          <rect
            x="0"
            y="24"
            width={percent(threshold)}
            height="14"
            className="fill-benign/25 stroke-benign"
          />
          <rect
            x={percent(threshold)}
            y="24"
            width={percent(1 - threshold)}
            height="14"
            className="fill-malignant/25 stroke-malignant"
          />
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
            className="fill-ink-muted tabular-nums"
          >
            threshold {threshold}
          </text>
        </>
      )}
      {(threshold === null || threshold >= 0.2) && (
        <text x="0" y="60" className="fill-ink-muted">
          0
        </text>
      )}
      {(threshold === null || threshold <= 0.8) && (
        <text x="100%" y="60" textAnchor="end" className="fill-ink-muted">
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
    </svg>
  );
}

/** What every result and every printed page says. */
export function MedicalNotice() {
  return (
    <p className="text-ink-muted text-sm">
      Not a medical device: for education and research. Do not use it to diagnose or treat a patient.
    </p>
  );
}
