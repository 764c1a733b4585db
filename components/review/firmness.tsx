import { formatProbability } from "@/components/prediction/diagnosis";
import { Shape } from "@/components/ui/shape";
import type { SavedPrediction, TrainingRow } from "@/lib/contract";
import { percent } from "@/lib/format";
import { valueText } from "@/lib/prediction/value";
import { answerOf, NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { axisFor, type LogOddsAxis, logOddsOf, placeOn, ticksOf } from "@/lib/review/log-odds";
import type { Counterfactual, Review, Stability } from "@/lib/review/review";
import { FEATURES, table } from "@/tables/current";

/** Probabilities that an answer could have had as well: a span, or one (`low` is `high`). */
type Whisker = { label: string; low: number; high: number; mark: number };

/** How firm an answer is: under small errors of measurement, had it not been trained on, and against the nearest change that turns it. */
export function Firmness({
  saved: { probability },
  trainingRow,
  review: { stability, counterfactual, nearest },
}: {
  saved: Pick<SavedPrediction, "probability">;
  trainingRow: TrainingRow | null;
  review: Review;
}) {
  const unseen = trainingRow?.unseen ?? null;
  const whiskers: Whisker[] = [
    ...(stability === null || !HAS_NUMBERS
      ? []
      : [
          {
            label: `Every ${NUMBERS} off by up to ${stability.wobble * 100} %`,
            low: stability.low,
            high: stability.high,
            mark: probability,
          },
        ]),
    ...(unseen === null
      ? []
      : [{ label: "Had it not been trained on this case", low: unseen, high: unseen, mark: unseen }]),
  ];
  return (
    <>
      {whiskers.length > 0 && <Whiskers whiskers={whiskers} />}
      {trainingRow === null && (
        <p className="flex flex-wrap items-baseline gap-x-3">
          What the training cases most like it were:
          <Truths nearest={nearest} />
        </p>
      )}
      {stability === null ? (
        <p className="text-ink-2">
          This prediction was made by another model than the one installed here, so it cannot be tried with
          other values.
        </p>
      ) : (
        <>
          {HAS_NUMBERS && <p className="print:hidden">{describeStability(stability)}</p>}
          <OtherCase counterfactual={counterfactual} />
        </>
      )}
    </>
  );
}

/** A shape for each case, positive ones first, heard as a count of each. */
function Truths({ nearest }: Pick<Review, "nearest">) {
  return [POSITIVE, NEGATIVE].map(({ word, shape, colour }) => {
    const found = nearest.filter(({ diagnosis }) => answerOf(diagnosis).word === word);
    return (
      <span key={word} className={`inline-flex items-baseline gap-1 font-medium ${colour}`}>
        {found.map(({ row }) => (
          <Shape key={row} shape={shape} />
        ))}
        {found.length} {word}
      </span>
    );
  });
}

/** A mean that was rounded: never certain. */
const formatUnseen = (probability: number) =>
  formatProbability(Math.min(1 - 1e-9, Math.max(1e-9, probability)));

const ROW = 34;

function Whiskers({ whiskers }: { whiskers: readonly Whisker[] }) {
  const axis = axisFor(
    whiskers.flatMap(({ low, high, mark }) => [low, high, mark].map(logOddsOf)),
    4.6,
  );
  return (
    <dl className="grid gap-x-3 sm:grid-cols-[minmax(5.5rem,16rem)_minmax(0,1fr)_auto] sm:items-center">
      {whiskers.map(({ label, low, high, mark }) => (
        <div key={label} className="contents">
          <dt className="max-sm:pt-1.5">{label}</dt>
          <dd aria-hidden="true" className="max-sm:row-span-1">
            <WhiskerLine low={low} high={high} mark={mark} axis={axis} />
          </dd>
          <dd className="text-right font-mono">
            {low === high ? formatUnseen(mark) : `${formatProbability(low)} to ${formatProbability(high)}`}
          </dd>
        </div>
      ))}
      <div aria-hidden="true" className="contents">
        <dt className="max-sm:hidden" />
        <dd>
          <svg aria-hidden="true" width="100%" className="block h-4.5 overflow-visible">
            {ticksOf(axis)
              .filter(({ isMajor }) => isMajor)
              .map(({ probability, at }) => (
                <text
                  key={probability}
                  x={`${100 * at}%`}
                  y="1.15em"
                  textAnchor="middle"
                  className="fill-ink-2 text-xs"
                >
                  {probability}
                </text>
              ))}
          </svg>
        </dd>
        <dd />
      </div>
    </dl>
  );
}

function WhiskerLine({ low, high, mark, axis }: Omit<Whisker, "label"> & { axis: LogOddsAxis }) {
  const x = (probability: number) => `${100 * placeOn(axis, logOddsOf(probability))}%`;
  return (
    <svg aria-hidden="true" width="100%" height={ROW} className="block overflow-visible">
      {[0, 0.5, 1].map((edge) => (
        <line
          key={edge}
          x1={`${100 * edge}%`}
          x2={`${100 * edge}%`}
          y1="0"
          y2={ROW}
          className={edge === 0.5 ? "stroke-ink-3" : "stroke-line"}
        />
      ))}
      <line x1={x(low)} x2={x(high)} y1={ROW / 2} y2={ROW / 2} className="stroke-2 stroke-ink" />
      <circle cx={x(mark)} cy={ROW / 2} r="6" className="fill-ink" />
    </svg>
  );
}

const HAS_NUMBERS = FEATURES.some(({ type }) => type === "number");
/** What has a size, and so can be off by a part of it. */
const NUMBERS = FEATURES.every(({ type }) => type === "number") ? "value" : "number";

/** The stability as a sentence. */
function describeStability({ wobble, draws, flips, low, high }: Stability): string {
  const turned =
    flips === 0
      ? `none of ${draws} copies of this case gets the other ${table.nouns.answer}`
      : `${Math.round(flips * draws)} of ${draws} copies of this case (${percent(flips)}) get the other ${table.nouns.answer}`;
  return `With every ${NUMBERS} off by up to ${wobble * 100} %, ${turned}; nine in ten of their probabilities lie between ${formatProbability(low)} and ${formatProbability(high)}.`;
}

const SHOWN_FIRST = 6;

/** The nearest case with the other diagnosis, as a sentence and the measurements in which it differs. */
function OtherCase({ counterfactual }: { counterfactual: Counterfactual | null }) {
  if (counterfactual === null)
    return (
      <p className="print:hidden">
        No change was found that leads to the other {table.nouns.answer} and to a case that looks like the
        training cases.
      </p>
    );
  const { changes, diagnosis, probability } = counterfactual;
  const others = changes.slice(SHOWN_FIRST);
  return (
    <div className="print:hidden">
      <p>
        The smallest change found that makes the {table.nouns.answer} {answerOf(diagnosis).word} (
        {formatProbability(probability, 0.5)}) while the case still looks like the training cases:
      </p>
      <Changes changes={changes.slice(0, SHOWN_FIRST)} />
      {others.length > 0 && (
        <details>
          <summary className="min-h-6 underline decoration-ink-3">{others.length} smaller changes</summary>
          <Changes changes={others} />
        </details>
      )}
    </div>
  );
}

function Changes({ changes }: Pick<Counterfactual, "changes">) {
  return (
    <ul className="mt-1 grid gap-x-6 sm:grid-cols-2">
      {changes.map(({ index, from, to }) => {
        const feature = FEATURES[index];
        return (
          feature !== undefined && (
            <li key={index} className="flex justify-between gap-2">
              <span>{feature.label}</span>
              <span className={feature.type === "number" ? "whitespace-nowrap font-mono" : "text-right"}>
                {valueText(feature, from)} → {valueText(feature, to)}
              </span>
            </li>
          )
        );
      })}
    </ul>
  );
}
