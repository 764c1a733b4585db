import { Card } from "@/components/ui/card";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { FEATURES, table } from "@/tables/current";

const [first, second] = FEATURES;
const NUMBERS = FEATURES.every(({ type }) => type === "number") ? "numbers" : "values";
const { positive, negative } = table.classes;

const RULES: [name: string, meaning: string][] = [
  [
    `the ${FEATURES.length} names`,
    `${table.nouns.values}, in any order and any of the usual spellings, such as ${first?.key} or ${first?.label}`,
  ],
  [
    "no names",
    `${FEATURES.length} ${NUMBERS} in the order of the data set, from ${first?.label} and ${second?.label} on`,
  ],
  ["code, case, id", `case code, if it names no ${table.nouns.person}`],
  [
    `${table.label}, ${positive} or ${negative}`,
    `truth, as ${POSITIVE.word} or ${NEGATIVE.word} too: it checks the answers and is never sent to the model`,
  ],
  ["anything else", "left out of the question, and kept in the download"],
];

/** What the columns of a file are taken for. */
export function HowRead() {
  return (
    <Card title="How columns are read">
      <dl>
        {RULES.map(([name, meaning]) => (
          <div key={name} className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3 border-line border-t py-2">
            <dt className="break-words font-medium">{name}</dt>
            <dd className="break-words text-ink-2">{meaning}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
