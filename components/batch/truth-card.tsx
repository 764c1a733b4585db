import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { SmallTable } from "@/components/ui/small-table";
import type { AgainstTruth, Rate } from "@/lib/batch/answers";
import { percent } from "@/lib/format";
import { answerOf, NEGATIVE, POSITIVE } from "@/lib/prediction/words";

/** The answers held against what the file says of its cases. */
export function TruthCard({ truth: { rows, sensitivity, specificity, left, of } }: { truth: AgainstTruth }) {
  const answers = (rows[0]?.answers ?? []).filter(
    ({ answer }) =>
      answer !== "no_answer" ||
      rows.some((row) => row.answers.some((one) => one.answer === answer && one.count > 0)),
  );
  const count = (number: number) => number.toLocaleString("en");
  return (
    <Card
      title="Against the truth in the file"
      caption={`${count(of)} rows have a truth; ${count(left)} of them were left to a person.`}
    >
      <SmallTable
        caption="Rows by truth and answer"
        heads={["Truth", ...answers.map(({ answer }) => answerOf(answer).word)]}
        rows={rows.map((row) => [
          answerOf(row.truth).word,
          ...answers.map(({ answer }) => count(row.answers.find((one) => one.answer === answer)?.count ?? 0)),
        ])}
      />
      <Facts
        facts={[
          ["Sensitivity", <RateText key="sensitivity" rate={sensitivity} none={`no ${POSITIVE.word} row`} />],
          ["Specificity", <RateText key="specificity" rate={specificity} none={`no ${NEGATIVE.word} row`} />],
        ]}
      />
      <p className="text-ink-2 text-xs">
        Both are counted by the diagnosis at the cut-off, which an uncertain answer has as well; with 95 %
        intervals after Wilson.
      </p>
    </Card>
  );
}

function RateText({ rate, none }: { rate: Rate | null; none: string }) {
  if (rate === null) return none;
  const { right, of, low, high } = rate;
  return `${percent(right / of)} (${percent(low)} to ${percent(high)}), ${right.toLocaleString("en")} of ${of.toLocaleString("en")}`;
}
