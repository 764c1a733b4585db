import type { ReactNode } from "react";
import { Bar } from "@/components/prediction/contribution-bars";
import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { PredictionLink } from "@/components/prediction/prediction-link";
import { None } from "@/components/prediction/prediction-rows";
import { ScrollTable } from "@/components/ui/table";
import type { SavedPrediction } from "@/lib/contract";
import { signed } from "@/lib/format";
import type { Locale } from "@/lib/locale";
import { rankMeasurements, rankReasons } from "@/lib/prediction/reasons";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { describeDifference } from "@/lib/review/difference";
import { FAMILIES, FEATURES, GROUPS } from "@/tables/current";

type Props = {
  locale: Locale;
  predictions: readonly SavedPrediction[];
  caseCodes: ReadonlyMap<string, string>;
};

// On paper a sticky cell would be painted over its neighbours.
const STICKY = "sticky left-0 z-1 bg-surface px-3 text-left print:static";
const LETTERS = "ABCD";

/** Two to four predictions side by side; every difference is to the first. */
export function ComparisonTable({ predictions, caseCodes, locale }: Props) {
  const [first] = predictions;
  if (first === undefined) return null;
  const facts: [name: string, cell: (prediction: SavedPrediction) => ReactNode][] = [
    ["Case code", ({ id }) => caseCodes.get(id) ?? <None />],
    ["Diagnosis", ({ diagnosis, label }) => <DiagnosisMark diagnosis={diagnosis} label={label} />],
    [
      `Probability of ${POSITIVE.word}`,
      (prediction) => (
        <Figure text={formatProbability(prediction.probability, prediction.threshold)}>
          {prediction !== first && (
            <Difference value={prediction.probability} from={first.probability} digits={3} />
          )}
        </Figure>
      ),
    ],
    [
      "Model",
      ({ modelName, modelVersion }) => (
        <>
          {modelName} {modelVersion}
        </>
      ),
    ],
  ];
  return (
    <Side
      id="comparison-values"
      caption="Answers and measurements; differences are to A"
      {...{ predictions, locale }}
    >
      <tbody>
        {facts.map(([name, cell]) => (
          <Row key={name} name={name} predictions={predictions} cell={cell} />
        ))}
      </tbody>
      {GROUPS.map((group) => (
        <tbody key={group.key} className="border-line border-t-2">
          {FEATURES.filter((feature) => feature.group === group.key).map(({ key, label, index }) => (
            <Row
              key={key}
              name={label}
              {...{ predictions, locale }}
              cell={(prediction) => {
                const value = prediction.values[index] ?? Number.NaN;
                const from = first.values[index] ?? Number.NaN;
                return (
                  <Figure text={String(value)}>
                    {prediction !== first && <Difference value={value} from={from} />}
                  </Figure>
                );
              }}
            />
          ))}
        </tbody>
      ))}
    </Side>
  );
}

/** What pushed each answer which way, at one scale: the families, then the measurements, each strongest anywhere first. */
export function ComparisonReasons({ predictions, locale }: Omit<Props, "caseCodes">) {
  const families = predictions.map(({ contributions }) => contributions && rankReasons(contributions));
  const measurements = predictions.map(
    ({ contributions }) => contributions && rankMeasurements(contributions),
  );
  const tables = FAMILIES.length === 0 ? [measurements] : [families, measurements];
  const largest = Math.max(...tables.flat(2).map((reason) => Math.abs(reason?.term ?? 0))) || 1;
  return (
    <Side
      id="comparison-reasons"
      caption={`Reasons in log-odds, all at one scale: left speaks for ${NEGATIVE.word}, right for ${POSITIVE.word}`}
      {...{ predictions, locale }}
    >
      {tables.map((table, at) => (
        <tbody key={String(at)} className="border-line border-t-2">
          {strongestFirst(table).map(({ key, label }) => (
            <Row
              key={key}
              name={label}
              {...{ predictions, locale }}
              cell={(prediction) => (
                <Term
                  term={table[predictions.indexOf(prediction)]?.find((reason) => reason.key === key)?.term}
                  largest={largest}
                />
              )}
            />
          ))}
        </tbody>
      ))}
    </Side>
  );
}

type Named = { key: string; label: string; term: number };

/** Each reason once, those first that are strongest in any of the predictions. */
function strongestFirst(table: readonly (readonly Named[] | null)[]): Named[] {
  const all = table.flatMap((reasons) => reasons ?? []).sort((a, b) => Math.abs(b.term) - Math.abs(a.term));
  return all.filter(({ key }, at) => all.findIndex((other) => other.key === key) === at);
}

function Term({ term, largest }: { term: number | undefined; largest: number }) {
  if (term === undefined) return <None />;
  return (
    <span className="flex items-center gap-2">
      <span className="min-w-16 flex-1 max-sm:hidden print:block">
        <Bar share={term / largest} />
      </span>
      <span
        className={`ml-auto font-mono text-[13px] tabular-nums ${(term < 0 ? NEGATIVE : POSITIVE).colour}`}
      >
        {signed(term)}
      </span>
    </span>
  );
}

function Side({
  id,
  caption,
  predictions,
  locale,
  children,
}: {
  locale: Locale;
  id: string;
  caption: string;
  predictions: readonly SavedPrediction[];
  children: ReactNode;
}) {
  return (
    <ScrollTable id={id} caption={caption} className="print:border-0">
      <thead>
        <tr className="border-line border-b align-bottom">
          <td className={`${STICKY} py-1.5`} />
          {predictions.map(({ id: prediction, createdAt }, n) => (
            <th
              key={prediction}
              scope="col"
              className="min-w-32 px-3 py-1.5 text-right font-normal print:min-w-0"
            >
              <span className="font-semibold">{LETTERS[n]}</span>{" "}
              <PredictionLink id={prediction} createdAt={createdAt} locale={locale} />
            </th>
          ))}
        </tr>
      </thead>
      {children}
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
  cell: (prediction: SavedPrediction) => ReactNode;
}) {
  return (
    <tr className="break-inside-avoid border-line border-b last:border-b-0">
      <th
        scope="row"
        className={`${STICKY} py-1 font-normal max-sm:w-28 max-sm:min-w-28 sm:whitespace-nowrap print:py-0`}
      >
        {name}
      </th>
      {predictions.map((prediction) => (
        <td key={prediction.id} className="break-words px-3 py-1 text-right align-top print:py-0">
          {cell(prediction)}
        </td>
      ))}
    </tr>
  );
}

function Figure({ text, children }: { text: string; children: ReactNode }) {
  return (
    <span className="font-mono text-[13px] tabular-nums">
      {text}
      {children}
    </span>
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
