import type { ReactNode } from "react";
import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { CaseThumb } from "@/components/prediction/drawing";
import { countOutlined } from "@/components/prediction/measurement-card";
import { PredictionLink } from "@/components/prediction/prediction-link";
import { None } from "@/components/prediction/prediction-rows";
import { Bar, Push } from "@/components/prediction/push";
import { ScrollTable } from "@/components/ui/table";
import type { SavedPrediction } from "@/lib/contract";
import { capitalised } from "@/lib/format";
import type { Locale } from "@/lib/locale";
import { rankReasons } from "@/lib/prediction/reasons";
import { valueText } from "@/lib/prediction/value";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { describeDifference } from "@/lib/review/difference";
import { drawing, FAMILIES, FEATURES, type Feature, table } from "@/tables/current";

const LETTERS = "ABCDE";
const DRAWN = 112;

/** Two to five predictions side by side, drawn at one span; every difference is to the first. */
export function ComparedCases({
  predictions,
  caseCodes,
  outlines,
  locale,
}: {
  predictions: readonly SavedPrediction[];
  caseCodes: ReadonlyMap<string, string>;
  /** How many outlines each was measured on, of those that were. */
  outlines: ReadonlyMap<string, number>;
  locale: Locale;
}) {
  const span = drawing?.span(
    predictions.map(({ values }) => values),
    "thumb",
  );
  const [first] = predictions;
  return (
    <ul
      aria-label="The predictions"
      className="grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] sm:gap-4 print:grid-cols-5"
    >
      {predictions.map((prediction, at) => (
        <li
          key={prediction.id}
          className="grid content-start justify-items-center gap-1 rounded-card border border-line bg-surface p-4 text-center print:p-2"
        >
          <CaseThumb values={prediction.values} size={DRAWN} span={span} />
          <p>
            <strong className="font-semibold">{LETTERS[at]}</strong> {caseCodes.get(prediction.id)}
          </p>
          <p className="text-xs">
            <PredictionLink {...prediction} locale={locale} />
          </p>
          <DiagnosisMark diagnosis={prediction.diagnosis} label={prediction.label} />
          <p>
            {formatProbability(prediction.probability, prediction.threshold)}
            {first !== undefined && prediction !== first && (
              <Difference value={prediction.probability} from={first.probability} digits={3} />
            )}
          </p>
          <p className="text-ink-2 text-xs">
            {prediction.modelName} {prediction.modelVersion}
          </p>
          {outlines.has(prediction.id) && (
            <p className="text-ink-2 text-xs">
              Measured on {countOutlined(outlines.get(prediction.id) ?? 0)}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What pushed each answer which way, at one scale: the families, those first in which the predictions differ most. */
export function ComparedReasons({ predictions }: { predictions: readonly SavedPrediction[] }) {
  const reasons = predictions.map(({ contributions }) => contributions && rankReasons(contributions));
  const termOf = (key: string, at: number) => reasons[at]?.find((reason) => reason.key === key)?.term;
  const rows = FAMILIES.map(({ key, label }) => ({
    key,
    label,
    terms: predictions.map((_, at) => termOf(key, at)),
  })).sort((a, b) => spreadOf(b.terms) - spreadOf(a.terms));
  if (rows.length === 0) return null;
  const largest = Math.max(...rows.flatMap(({ terms }) => terms.map((term) => Math.abs(term ?? 0)))) || 1;
  return (
    <Side
      id="comparison-reasons"
      caption={`Reasons in log-odds, all on one scale: bars to the left speak for ${NEGATIVE.word}, to the right for ${POSITIVE.word}. Where the cases differ most comes first.`}
      predictions={predictions}
    >
      {rows.map(({ key, label, terms }) => (
        <Row
          key={key}
          name={label}
          predictions={predictions}
          cell={(_, at) => {
            const term = terms[at];
            return term === undefined ? (
              <None />
            ) : (
              <span className="flex items-center gap-3">
                <span className="min-w-16 flex-1 max-sm:hidden print:block">
                  <Bar share={term / largest} />
                </span>
                <span className="ml-auto">
                  <Push term={term} />
                </span>
              </span>
            );
          }}
        />
      ))}
    </Side>
  );
}

/** The measurements: those first whose reasons differ most, and on demand those that are the same in all. */
export function ComparedMeasurements({ predictions }: { predictions: readonly SavedPrediction[] }) {
  const valuesOf = (index: number) => predictions.map(({ values }) => values[index] as number);
  const spread = ({ index }: Feature) =>
    spreadOf(predictions.map(({ contributions }) => contributions?.[index]));
  const isSame = ({ index }: Feature) => new Set(valuesOf(index)).size === 1;
  const same = FEATURES.filter(isSame);
  const differing = FEATURES.filter((feature) => !isSame(feature)).sort((a, b) => spread(b) - spread(a));
  return (
    <>
      {differing.length > 0 && (
        <Side
          id="comparison-values"
          caption={`${capitalised(table.nouns.values)}, and what each adds to the answer. Differences are from A; where the reasons differ most comes first.`}
          predictions={predictions}
        >
          <MeasurementRows features={differing} predictions={predictions} />
        </Side>
      )}
      {same.length > 0 && (
        <details>
          <summary className="min-h-6 underline decoration-ink-3">
            {same.length === 1
              ? `1 ${table.nouns.value} is the same`
              : `${same.length} ${table.nouns.values} are the same`}
          </summary>
          <Side
            id="comparison-same"
            caption={`${capitalised(table.nouns.values)} that are the same in all`}
            predictions={predictions}
            className="mt-2"
          >
            <MeasurementRows features={same} predictions={predictions} />
          </Side>
        </details>
      )}
    </>
  );
}

function MeasurementRows({
  features,
  predictions,
}: {
  features: readonly Feature[];
  predictions: readonly SavedPrediction[];
}) {
  const [first] = predictions;
  return features.map((feature) => (
    <Row
      key={feature.key}
      name={feature.label}
      predictions={predictions}
      cell={({ values, contributions }, at) => {
        const value = values[feature.index] as number;
        const other = first?.values[feature.index] as number;
        const term = contributions?.[feature.index];
        return (
          <>
            <span className="flex flex-wrap items-baseline justify-end gap-x-3">
              <span className={feature.type === "number" ? "font-mono" : ""}>
                {valueText(feature, value)}
              </span>
              {term !== undefined && (
                <span className="min-w-16 text-xs">
                  <Push term={term} />
                </span>
              )}
            </span>
            {at > 0 && feature.type === "number" && !Number.isNaN(value - other) && (
              <Difference value={value} from={other} />
            )}
          </>
        );
      }}
    />
  ));
}

/** How far apart the terms are that are known. */
function spreadOf(terms: readonly (number | undefined)[]): number {
  const known = terms.filter((term) => term !== undefined);
  return known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
}

// On paper a sticky cell would be painted over its neighbours.
const STICKY = "sticky left-0 z-1 bg-surface px-4 text-left print:static";

function Side({
  id,
  caption,
  predictions,
  className,
  children,
}: {
  id: string;
  caption: string;
  predictions: readonly SavedPrediction[];
  className?: string;
  children: ReactNode;
}) {
  return (
    <ScrollTable id={id} caption={caption} className={className}>
      <thead>
        <tr className="border-line border-y bg-sunken text-ink-2 text-xs">
          <td className="sticky left-0 z-1 bg-sunken py-1.5 print:static" />
          {predictions.map(({ id: prediction }, at) => (
            <th
              key={prediction}
              scope="col"
              className="min-w-28 px-4 py-1.5 text-right font-semibold print:min-w-0"
            >
              {LETTERS[at]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </ScrollTable>
  );
}

function Row({
  name,
  predictions,
  cell,
}: {
  name: string;
  predictions: readonly SavedPrediction[];
  cell: (prediction: SavedPrediction, at: number) => ReactNode;
}) {
  return (
    <tr className="break-inside-avoid border-line border-b last:border-b-0">
      <th
        scope="row"
        className={`${STICKY} py-1.5 font-medium max-sm:w-28 max-sm:min-w-28 max-sm:text-sm sm:whitespace-nowrap print:py-0`}
      >
        {name}
      </th>
      {predictions.map((prediction, at) => (
        <td key={prediction.id} className="break-words px-4 py-1.5 text-right align-top print:py-0">
          {cell(prediction, at)}
        </td>
      ))}
    </tr>
  );
}

/** `digits` for what is shown rounded itself. */
function Difference({ value, from, digits }: { value: number; from: number; digits?: number }) {
  const shown = (given: number) => (digits === undefined ? given : Number(given.toFixed(digits)));
  const { absolute, percent } = describeDifference(shown(value), shown(from));
  return (
    <span className="block text-ink-2 text-xs print:inline print:pl-2">
      <span className="sr-only">difference to A: </span>
      {absolute}
      {percent !== null && digits === undefined && <> ({percent})</>}
    </span>
  );
}
