import {
  chanceBound,
  DRIFT_READINGS,
  DRIFT_WINDOWS,
  type InputDrift as Drift,
  driftReading,
  type FeatureDrift,
  LEAST_CASES,
} from "@/lib/monitoring/drift";
import { FEATURES } from "@/tables/current";
import { Sparkline } from "./sparkline";

const LABELS = new Map(FEATURES.map(({ key, label }) => [key, label]));
const SHOWN_FIRST = 10;
/** Where the small lines are cut off: an index far above "marked" says no more. */
const TOP = 2 * DRIFT_READINGS.marked;

/** How far the measurements of one's own cases have moved from the training cases', by measurement. */
export function InputDrift({ drift }: { drift: Drift }) {
  const { window, cases, drawn, used, training, features } = drift;
  const leftOut = drawn - used;
  return (
    <>
      <p>
        Whether the measurements entered here are still spread as the training cases’ were: the population
        stability index (PSI) over the training cases’ tenths, of all cases in a window together. A single
        unusual case is “atypical input”, which its own page says; that is not drift. Nor does drift by itself
        mean wrong answers: other patients move it as much as another microscope does.
      </p>
      <nav aria-label="Window of the drift" className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {DRIFT_WINDOWS.map((days) => (
          <a
            key={days}
            href={`/model?drift=${days}#drift`}
            aria-current={days === window ? "true" : undefined}
            className={`inline-flex min-h-6 items-center ${days === window ? "font-semibold" : "underline underline-offset-4"}`}
          >
            Last {days} days
          </a>
        ))}
      </nav>
      {features === null ? (
        <p>
          {used === 0 ? "No case" : used === 1 ? "1 case" : `${used} cases`} in the last {window} days: needs{" "}
          {LEAST_CASES - used} more. Below {LEAST_CASES}, chance moves the index more than drift does. Rows of
          the training data{leftOut > 0 && `, here ${leftOut.toLocaleString("en")},`} and deleted predictions
          do not count.
        </p>
      ) : (
        <>
          <p className="text-sm">
            {drawn === cases
              ? `${used.toLocaleString("en")} cases`
              : `${drawn.toLocaleString("en")} of ${cases.toLocaleString("en")} predictions, drawn at random,`}{" "}
            in the last {window} days
            {leftOut > 0 && `, ${leftOut.toLocaleString("en")} rows of the training data left out,`} against{" "}
            {training} training cases. Usual reading: below {DRIFT_READINGS.moderate} none, to{" "}
            {DRIFT_READINGS.marked} moderate, above it marked. But where nothing has moved, chance alone stays
            below {chanceBound(used, training).toFixed(3)} in all {FEATURES.length} measurements, in 95 of 100
            such tables; what is below that is no drift.
          </p>
          <DriftTable drift={drift} features={features.slice(0, SHOWN_FIRST)} caption="Largest drift" />
          <details>
            <summary className="min-h-6 text-sm underline underline-offset-4">
              The other {features.length - SHOWN_FIRST}
            </summary>
            <DriftTable drift={drift} features={features.slice(SHOWN_FIRST)} caption="Smaller drift" />
          </details>
          <p className="text-ink-2 text-xs">
            By month: the last 12, those with at least {LEAST_CASES} cases; the broken line is at{" "}
            {DRIFT_READINGS.marked}, and what is above {TOP} is drawn there.
          </p>
        </>
      )}
    </>
  );
}

function DriftTable({
  drift: { used, training, months },
  features,
  caption,
}: {
  drift: Drift;
  features: readonly FeatureDrift[];
  caption: string;
}) {
  const bound = chanceBound(used, training);
  return (
    <table className="w-full table-fixed border-collapse text-sm">
      <caption className="sr-only">{caption}, by measurement</caption>
      <thead>
        <tr className="border-line border-b text-ink-2 text-xs">
          <th scope="col" className="w-[30%] py-1 text-left font-normal">
            Measurement
          </th>
          <th scope="col" className="w-[15%] py-1 text-right font-normal">
            PSI
          </th>
          <th scope="col" className="py-1 pl-3 text-left font-normal">
            Reading
          </th>
          <th scope="col" className="w-[28%] py-1 pl-2 text-left font-normal">
            By month
          </th>
        </tr>
      </thead>
      <tbody>
        {features.map(({ key, index, months: monthly }) => (
          <tr key={key} className="border-line border-b last:border-b-0">
            <th scope="row" className="py-0.5 text-left font-normal">
              {LABELS.get(key)}
            </th>
            <td className="py-0.5 text-right font-mono text-[0.8125rem] tabular-nums">{index.toFixed(3)}</td>
            <td className="py-0.5 pl-3">
              <Reading index={index} bound={bound} />
            </td>
            <td className="py-0.5 pl-2">
              <Sparkline
                values={monthly}
                top={TOP}
                mark={DRIFT_READINGS.marked}
                label={describeMonths(months, monthly)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reading({ index, bound }: { index: number; bound: number }) {
  const reading = driftReading(index, bound);
  const weight = reading === "marked" ? "font-semibold" : reading === "moderate" ? "" : "text-ink-2";
  return <span className={weight}>{reading}</span>;
}

function describeMonths(months: readonly string[], values: readonly (number | null)[]): string {
  const shown = months.flatMap((month, i) => {
    const value = values[i];
    return value == null ? [] : [`${month} ${value.toFixed(2)}`];
  });
  return shown.length === 0 ? "No month has enough cases." : `PSI by month: ${shown.join(", ")}.`;
}
