import { percent, signed } from "@/lib/format";
import { type Measurement, rankMeasurements, rankReasons, WHY_OPPOSED } from "@/lib/prediction/reasons";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import type { Distribution } from "@/lib/review/review";
import { DistributionStrip } from "./distribution-strip";

/** `values` and `distributions` are in the dataset's order; `largest` is the term whose bar takes half the width. */
type Setting = { values: readonly number[]; distributions: readonly Distribution[]; largest: number };

/** How many measurements are seen at once where the table has no families. */
const SHOWN_FIRST = 10;

/**
 * What pushed the answer which way, strongest first: the families, each with its measurements on demand, or all
 * measurements where the table has no families. Drawn on the server, so that the same numbers are read, printed and
 * seen. `contributions` are terms on the logit scale, above 0 towards the positive class, in the dataset's order.
 */
export function ContributionBars({
  contributions,
  ...given
}: Omit<Setting, "largest"> & { contributions: readonly number[] }) {
  const reasons = rankReasons(contributions);
  const families = reasons.filter(({ members }) => members.length > 0);
  const terms = [...contributions, ...reasons.map(({ term }) => term)];
  const setting = { ...given, largest: Math.max(...terms.map(Math.abs)) || 1 };
  if (families.length === 0) return <Ungrouped contributions={contributions} setting={setting} />;
  return (
    <>
      <ul className="text-sm">
        <li aria-hidden="true" className={`${FAMILY_GRID} w-full pl-5 text-ink-2 text-xs`}>
          <span>Family</span>
          <span className="max-sm:hidden print:inline">
            <Directions />
          </span>
          <span className="text-right">Push</span>
        </li>
        {families.map(({ key, label, term, members }) => (
          <li key={key}>
            <details>
              <summary className="min-h-6 py-0.5">
                <span className={`${FAMILY_GRID} w-[calc(100%-1.25rem)] align-middle`}>
                  <span className="font-semibold">{label}</span>
                  <span className="max-sm:hidden print:inline">
                    <Bar share={term / setting.largest} />
                  </span>
                  <Push term={term} />
                </span>
              </summary>
              <div className="pb-2 pl-5">
                <MeasurementBars measurements={members} caption={`${label}, by measurement`} {...setting} />
              </div>
            </details>
          </li>
        ))}
      </ul>
      <p className="text-ink-2 text-xs print:hidden">{WHY_OPPOSED}</p>
    </>
  );
}

const FAMILY_GRID =
  "inline-grid grid-cols-[minmax(0,1fr)_4rem] items-center gap-x-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_4rem] print:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_4rem]";

function Ungrouped({ contributions, setting }: { contributions: readonly number[]; setting: Setting }) {
  const ranked = rankMeasurements(contributions);
  return (
    <>
      <MeasurementBars
        measurements={ranked.slice(0, SHOWN_FIRST)}
        caption={`The ${SHOWN_FIRST} strongest`}
        {...setting}
      />
      <details className="print:hidden">
        <summary className="text-sm underline underline-offset-4">
          The other {ranked.length - SHOWN_FIRST}
        </summary>
        <MeasurementBars
          measurements={ranked.slice(SHOWN_FIRST)}
          caption="The weaker ones, at the same scale"
          {...setting}
        />
      </details>
    </>
  );
}

function MeasurementBars({
  measurements,
  values,
  distributions,
  largest,
  caption,
}: Setting & { measurements: readonly Measurement[]; caption: string }) {
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="text-ink-2 text-xs">
          <th scope="col" className="pr-2 text-left font-normal">
            Measurement
          </th>
          <th scope="col" className="w-[28%] pr-2 text-left font-normal leading-tight">
            Among training cases
          </th>
          <th scope="col" className="w-[30%] font-normal max-sm:hidden print:table-cell">
            <Directions />
          </th>
          <th scope="col" className="pl-2 text-right font-normal">
            Push
          </th>
        </tr>
      </thead>
      <tbody>
        {measurements.map(({ key, index, label, term }) => (
          <tr key={key}>
            <th scope="row" className="py-0.5 pr-2 text-left font-normal leading-tight">
              {label} <span className="font-mono text-[0.8125rem] text-ink-2">{String(values[index])}</span>
            </th>
            <td className="py-0.5 pr-2">
              <DistributionStrip
                distribution={distributions[index] as Distribution}
                value={values[index] as number}
                label={place(values[index] as number, distributions[index] as Distribution)}
              />
            </td>
            <td className="py-0.5 max-sm:hidden print:table-cell">
              <Bar share={term / largest} />
            </td>
            <td className="py-0.5 pl-2 text-right">
              <Push term={term} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Directions() {
  return (
    <span className="flex justify-between gap-2 px-1">
      <span className="whitespace-nowrap">
        <span aria-hidden="true">← </span>
        <span className={NEGATIVE.colour}>{NEGATIVE.word}</span>
      </span>
      <span className="whitespace-nowrap">
        <span className={POSITIVE.colour}>{POSITIVE.word}</span>
        <span aria-hidden="true"> →</span>
      </span>
    </span>
  );
}

function Push({ term }: { term: number }) {
  return (
    <span
      className={`block whitespace-nowrap text-right font-mono text-[0.8125rem] tabular-nums ${(term < 0 ? NEGATIVE : POSITIVE).colour}`}
    >
      {signed(term)}
    </span>
  );
}

/** A value's place among the training cases, in words. */
function place(value: number, { min, max, positive, negative }: Distribution): string {
  if (value < min) return `below every training case (${min})`;
  if (value > max) return `above every training case (${max})`;
  const bin = Math.min(positive.length - 1, Math.floor(((value - min) / (max - min)) * positive.length));
  const share = (bins: readonly number[]) => percent(bins[bin] as number, 0);
  return `as frequent here, of the most frequent value: ${POSITIVE.word} ${share(positive)}, ${NEGATIVE.word} ${share(negative)}`;
}

/** `share` is -1..1 of half the width. */
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
      <line x1="50%" x2="50%" y1="0" y2="16" className="stroke-ink-2" />
    </svg>
  );
}
