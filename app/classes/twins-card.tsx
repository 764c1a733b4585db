import { CaseFull } from "@/components/prediction/drawing";
import { Card } from "@/components/ui/card";
import { Shape } from "@/components/ui/shape";
import { SmallTable } from "@/components/ui/small-table";
import { signed } from "@/lib/format";
import { valueText } from "@/lib/prediction/value";
import { NEGATIVE, POSITIVE, shapeAndWord } from "@/lib/prediction/words";
import { DISTANCE } from "@/lib/server/model/distance-words";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { trainingRowOf } from "@/lib/server/model/training-rows";
import type { TwinPair } from "@/lib/server/model/twins";
import { drawing, FEATURES } from "@/tables/current";

const SHOWN = 6;
const TITLES = ["Twins", "The second nearest pair", "The third nearest pair"];

const valuesOf = (row: number) => TRAINING_DATA.features[row] ?? [];

const textAt = (values: readonly number[], index: number) => {
  const feature = FEATURES[index];
  return feature === undefined ? "" : valueText(feature, values[index] ?? Number.NaN);
};

/** Two training cases of opposite truth, drawn at one scale, and in what they differ most. */
export function TwinsCard({ pair, place }: { pair: TwinPair; place: number }) {
  const { positive, negative, distance, differences } = pair;
  const [values, others] = [valuesOf(positive), valuesOf(negative)];
  const span = drawing?.span([values, others], "full");
  return (
    <Card
      title={TITLES[place] ?? "Twins"}
      caption={
        place === 0
          ? `Of all pairs with opposite truth, these two training cases differ least: by ${distance.toFixed(2)}${DISTANCE.deviations}, as a root mean square over ${DISTANCE.over}.${DISTANCE.note}`
          : `They differ by ${distance.toFixed(2)}${DISTANCE.deviations}.`
      }
    >
      <div className="@container">
        <div className="grid items-center gap-6 @min-[46rem]:grid-cols-[auto_minmax(0,1fr)] [&>*]:min-w-0">
          <ul className="grid grid-cols-2 gap-4">
            {[
              { row: positive, answer: POSITIVE },
              { row: negative, answer: NEGATIVE },
            ].map(({ row, answer }) => {
              const unseen = trainingRowOf(valuesOf(row))?.unseen ?? null;
              return (
                <li key={row}>
                  <a
                    href={`/model/cases/${row}`}
                    className="grid content-start justify-items-center gap-0.5 rounded-field border border-line p-3 hover:border-ink-3"
                  >
                    {span !== undefined && <CaseFull values={valuesOf(row)} size={200} span={span} />}
                    <span className="font-semibold underline decoration-ink-3">Row {row}</span>
                    <span className={`flex items-center gap-1.5 font-medium ${answer.colour}`}>
                      <Shape {...answer} />
                      {answer.word}
                    </span>
                    {unseen !== null && (
                      <span className="text-ink-2 text-xs">unseen: {unseen.toFixed(3)}</span>
                    )}
                  </a>
                </li>
              );
            })}
          </ul>
          <div className="grid gap-2">
            <SmallTable
              scrolls
              caption={`In what rows ${positive} and ${negative} differ most`}
              heads={[
                "Differs most in",
                shapeAndWord(POSITIVE),
                shapeAndWord(NEGATIVE),
                DISTANCE.deviations === "" ? "Difference" : "Standard deviations",
              ]}
              rows={differences
                .slice(0, SHOWN)
                .map(({ index, deviations }) => [
                  FEATURES[index]?.label ?? "",
                  textAt(values, index),
                  textAt(others, index),
                  signed(deviations),
                ])}
            />
            {FEATURES.length > SHOWN && (
              <p className="text-ink-2 text-xs">
                The other {FEATURES.length - SHOWN} differ by{" "}
                {Math.abs(differences[SHOWN]?.deviations ?? 0).toFixed(2)} or less.
              </p>
            )}
          </div>
        </div>
      </div>
    </Card>
  );
}
