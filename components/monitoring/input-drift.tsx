import { Fold } from "@/components/ui/fold";
import { Tabs } from "@/components/ui/tabs";
import {
  chanceBound,
  DRIFT_READINGS,
  DRIFT_WINDOWS,
  type InputDrift as Drift,
  driftReading,
  type FeatureDrift,
  LEAST_CASES,
} from "@/lib/monitoring/drift";
import { card, FEATURES, table } from "@/tables/current";
import { Sparkline } from "./sparkline";

const LABELS = new Map(FEATURES.map(({ key, label }) => [key, label]));
const BINS = FEATURES.every(({ type }) => type === "number")
  ? "tenths of the training cases"
  : "tenths of the training cases or by the levels that one chooses from";
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
        Are the {table.nouns.values} entered here still spread as those of the training cases were? The
        population stability index (PSI) compares them, by {BINS}, for all cases of a period together. A
        single unusual case is not drift; its own page says that it is unusual. Nor does drift by itself mean
        wrong answers
        {card.drift !== undefined && `: ${card.drift}`}.
      </p>
      <Tabs
        label="Period of the drift"
        current={String(window)}
        tabs={DRIFT_WINDOWS.map((days) => ({
          key: String(days),
          href: `/model?drift=${days}#drift`,
          name: `Last ${days} days`,
        }))}
      />
      {features === null ? (
        <p>
          {used === 0 ? "No case" : used === 1 ? "1 case" : `${used} cases`} in the last {window} days;{" "}
          {LEAST_CASES - used} more are needed. With fewer than {LEAST_CASES}, chance moves the index more
          than drift does. Training cases{leftOut > 0 && `, here ${leftOut.toLocaleString("en")},`} and
          deleted predictions do not count.
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
            below {describeBounds(drift, features)} in all {FEATURES.length} {table.nouns.values}, in 95 of
            100 such tables; what is below that is no drift.
          </p>
          <DriftTable drift={drift} features={features.slice(0, SHOWN_FIRST)} caption="Largest drift" />
          {features.length > SHOWN_FIRST && (
            <Fold summary={`The other ${features.length - SHOWN_FIRST}`}>
              <DriftTable drift={drift} features={features.slice(SHOWN_FIRST)} caption="Smaller drift" />
            </Fold>
          )}
          <p className="text-ink-2 text-xs">
            Dots are from 0 to {TOP}, and the broken line beside them is what chance alone stays below. By
            month: the last 12, those with at least {LEAST_CASES} cases; the broken line there is at{" "}
            {DRIFT_READINGS.marked}. What is above {TOP} is drawn there.
          </p>
        </>
      )}
    </>
  );
}

/** What chance alone stays below: less for a measurement of fewer levels. */
function describeBounds({ used, training }: Drift, features: readonly FeatureDrift[]): string {
  const bounds = features.map(({ bins }) => chanceBound(used, training, bins));
  const [least, most] = [Math.min(...bounds).toFixed(3), Math.max(...bounds).toFixed(3)];
  return least === most ? least : `${least} to ${most}, by the number of levels,`;
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
  return (
    <table className="w-full table-fixed border-collapse text-sm">
      <caption className="sr-only">
        {caption}, by {table.nouns.value}
      </caption>
      <thead>
        <tr className="border-line border-b text-ink-2 text-xs">
          <th scope="col" className="w-[30%] py-1 text-left font-normal">
            {table.nouns.heading}
          </th>
          <th scope="col" className="w-[15%] py-1 text-right font-normal">
            PSI
          </th>
          <td className="w-[20%] max-sm:hidden" />
          <th scope="col" className="py-1 pl-3 text-left font-normal">
            Reading
          </th>
          <th scope="col" className="w-[28%] py-1 pl-2 text-left font-normal">
            By month
          </th>
        </tr>
      </thead>
      <tbody>
        {features.map(({ key, index, bins, months: monthly }) => (
          <tr key={key} className="border-line border-b last:border-b-0">
            <th scope="row" className="py-0.5 text-left font-normal">
              {LABELS.get(key)}
            </th>
            <td className="py-0.5 text-right font-mono text-[0.8125rem] tabular-nums">{index.toFixed(3)}</td>
            <td className="py-0.5 pl-5 max-sm:hidden">
              <IndexDot index={index} bound={chanceBound(used, training, bins)} />
            </td>
            <td className="py-0.5 pl-3">
              <Reading index={index} bound={chanceBound(used, training, bins)} />
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

/** An index on a line from 0 to TOP, beside what chance alone stays below; the number says it. */
function IndexDot({ index, bound }: { index: number; bound: number }) {
  const at = (value: number) => `${((100 * Math.min(value, TOP)) / TOP).toFixed(1)}%`;
  return (
    <svg aria-hidden="true" className="block h-6 w-full overflow-visible">
      <line x1="0" x2="100%" y1="50%" y2="50%" className="stroke-line" />
      <line x1={at(bound)} x2={at(bound)} y1="12%" y2="88%" strokeDasharray="3 3" className="stroke-ink-2" />
      <circle cx={at(index)} cy="50%" r="4.5" className="fill-ink" />
    </svg>
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
