import { DistributionStrip } from "@/components/prediction/distribution-strip";
import { CaseDrawing, DrawingKey } from "@/components/prediction/drawing";
import { Push } from "@/components/prediction/push";
import { rankMeasurements } from "@/lib/prediction/reasons";
import { valueText } from "@/lib/prediction/value";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import type { Distribution, Review } from "@/lib/review/review";
import { describeStanding } from "@/lib/review/standing";
import { drawing } from "@/tables/current";
import { LevelBars } from "./level-bars";

const STRONGEST = 3;

/** While the pointer is on a measurement, the part of the drawing that shows it stands out: the others are pale. */
const STANDS_OUT = [
  "has-[[data-shows=outline]:hover]:[&_[data-part]:not([data-part=outline])]:opacity-35",
  "has-[[data-shows=worst]:hover]:[&_[data-part]:not([data-part=worst])]:opacity-35",
  "has-[[data-shows=spread]:hover]:[&_[data-part]:not([data-part=spread])]:opacity-35",
  "has-[[data-shows=grain]:hover]:[&_[data-part]:not([data-part=grain])]:opacity-35",
].join(" ");

/** The case drawn, where the table has a drawing, beside the measurements that moved its answer most, where these are known. */
export function WhatCounts({
  values,
  contributions,
  review: { distributions, standings },
}: {
  values: readonly number[];
  contributions: readonly number[] | null;
  review: Review;
}) {
  const strongest = contributions === null ? [] : rankMeasurements(contributions).slice(0, STRONGEST);
  const hasStrip = strongest.some(({ type, index }) => type === "number" && !Number.isNaN(values[index]));
  const hasBoth = drawing !== null && strongest.length > 0;
  return (
    <div
      className={`grid gap-6 ${STANDS_OUT} ${hasBoth ? "md:grid-cols-[17.5rem_minmax(0,1fr)] print:grid-cols-[8rem_1fr] print:gap-3" : ""}`}
    >
      {drawing !== null && (
        <div className="grid content-start gap-2">
          <CaseDrawing values={values} size={280} />
          <details className="print:hidden">
            <summary className="min-h-6 text-xs underline decoration-ink-3">What each part shows</summary>
            <div className="mt-2">
              <DrawingKey size={44} />
            </div>
          </details>
        </div>
      )}
      {strongest.length > 0 && (
        <div>
          <ol>
            {strongest.map((feature) => {
              const { key, index, label, term } = feature;
              const value = values[index] as number;
              return (
                <li
                  key={key}
                  data-shows={drawing?.partOf(index) ?? undefined}
                  className="grid gap-1.5 border-line border-t py-3 first:border-t-0 first:pt-0 print:py-1"
                >
                  <p className="flex items-baseline justify-between gap-3">
                    <span>
                      <strong className="font-semibold">{label}</strong>{" "}
                      <span className={feature.type === "number" && !Number.isNaN(value) ? "font-mono" : ""}>
                        {valueText(feature, value)}
                      </span>
                    </span>
                    <Push term={term} />
                  </p>
                  {feature.type !== "number" ? (
                    <LevelBars
                      distribution={distributions[index] as Distribution}
                      feature={feature}
                      value={value}
                    />
                  ) : (
                    !Number.isNaN(value) && (
                      <DistributionStrip
                        distribution={distributions[index] as Distribution}
                        feature={feature}
                        value={value}
                      />
                    )
                  )}
                  <p className="text-ink-2 text-xs">
                    {describeStanding(value, feature, standings[index] ?? { positive: 0, negative: 0 })}
                  </p>
                </li>
              );
            })}
          </ol>
          <p className="text-ink-2 text-xs print:hidden">
            Training cases:{" "}
            <span className={POSITIVE.colour}>
              {POSITIVE.word} above{hasStrip && " the line"}
            </span>
            , <span className={NEGATIVE.colour}>{NEGATIVE.word} below</span>; this case{" "}
            {[
              hasStrip && "the upright mark, broken where it lies outside",
              strongest.some(({ type }) => type !== "number") && "the choice in bold",
            ]
              .filter(Boolean)
              .join(", or ")}
            .
          </p>
        </div>
      )}
    </div>
  );
}
