import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { withCount } from "@/lib/format";
import { centreOf, isInside } from "@/lib/measure/outline";
import { type MeasuredOutline, measuredText } from "@/lib/measure/record";
import type { Drawn } from "@/lib/measure/session";
import { summarise } from "@/lib/measure/summary";
import type { Measuring, TableWords } from "./measure";
import type { Opened } from "./messages";
import type { Ask } from "./use-worker";
import type { Values } from "./values-card";

/** What a computer drew an image from. */
export type Truth = readonly Pick<MeasuredOutline, "points" | "values">[];

/** Shows the truth of a drawn image over it, and how far what a person measured is from it. */
export function TruthCard({
  demo,
  opened,
  outlines,
  truth,
  ask,
  table,
  onTruth,
  onProblem,
  nouns,
}: {
  demo: Measuring["demos"][number];
  opened: Opened;
  outlines: readonly Drawn[];
  truth: Truth | null;
  ask: Ask;
  table: TableWords;
  onTruth: (truth: Truth | null) => void;
  onProblem: (problem: string) => void;
  nouns: Measuring["nouns"];
}) {
  async function show() {
    try {
      const { readGeoJson } = await import("@/lib/measure/geojson");
      const answer = await fetch(demo.truth);
      const read = readGeoJson(await answer.text(), opened.factor);
      if (!answer.ok || !read.ok) throw new Error();
      const measured = await Promise.all(
        read.value.outlines.map(({ points }) => ask("outline", { points, way: "keep", isDark: true })),
      );
      onTruth(measured.flatMap((one) => (one.ok ? [one.value] : [])));
    } catch {
      onProblem("The truth could not be fetched. Check the connection, and try again.");
    }
  }

  const pairs = truth === null ? [] : pairsOf(outlines, truth);
  return (
    <Card title="The truth">
      {truth === null ? (
        <>
          <p className="text-ink-2 text-xs">
            A computer drew this image, so that where its {nouns.many} end is known. Measure first, then look.
          </p>
          <Button onClick={show}>Show the truth</Button>
        </>
      ) : (
        <>
          <p className="text-xs">
            Dashed lines over the image: {withCount(truth.length, nouns)}, of which {pairs.length} are
            outlined.
          </p>
          {pairs.length > 0 && (
            <Errors
              table={table}
              measured={summarise(pairs.map(({ own }) => own.values))}
              truth={summarise(pairs.map(({ true: one }) => one.values))}
            />
          )}
          <Button onClick={() => onTruth(null)}>Hide the truth</Button>
        </>
      )}
    </Card>
  );
}

type Pair = { own: Drawn; true: Truth[number] };

/** Each outline beside the true one around its middle. */
const pairsOf = (outlines: readonly Drawn[], truth: Truth): Pair[] =>
  outlines.flatMap((own) => {
    const one = truth.find(({ points }) => isInside(points, centreOf(own.points)));
    return one === undefined ? [] : [{ own, true: one }];
  });

/** By how much the values differ from those of the same true outlines. */
function Errors({
  measured,
  truth,
  table: { groups, properties },
}: {
  measured: Values;
  truth: Values;
  table: TableWords;
}) {
  return (
    <table className="w-full border-collapse text-xs">
      <caption className="pb-1 text-left text-ink-2">
        The truth of the same outlines, and by how much what was measured differs
      </caption>
      <thead>
        <tr className="border-line border-b text-ink-2">
          <td />
          {groups.map(({ key, label }) => (
            <th key={key} scope="col" className="py-1 pl-2 text-right font-medium">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {properties.map(({ key: property, label }) => (
          <tr key={property}>
            <th scope="row" className="py-0.5 text-left font-normal">
              {label}
            </th>
            {groups.map(({ key: group }) => (
              <td key={group} className="py-0.5 pl-2 text-right font-mono">
                <Difference
                  of={measured[`${property}_${group}`] ?? null}
                  to={truth[`${property}_${group}`] ?? null}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Difference({ of, to }: { of: number | null; to: number | null }) {
  if (of === null || to === null) return "–";
  const percent = to === 0 ? null : Math.round(1000 * (of / to - 1)) / 10;
  return (
    <>
      {measuredText(to)}
      <span className="block text-ink-2">
        {percent === null
          ? of === 0
            ? "0 %"
            : "not 0"
          : `${percent > 0 ? "+" : ""}${percent} %`.replace("-", "−")}
      </span>
    </>
  );
}
