import type { Placed, UnsavedPrediction } from "@/lib/contract";
import { signed } from "@/lib/format";
import { answerOf, POSITIVE } from "@/lib/prediction/words";
import { formatProbability } from "./diagnosis";

/** What the answer rests on, to the digit. */
export function AnswerNumbers({ prediction }: { prediction: Placed<UnsavedPrediction> }) {
  const { probability, diagnosis, threshold, uncertain, range, modelName, modelVersion, backend, latencyMs } =
    prediction;
  const facts = [
    [`Probability of ${POSITIVE.word}`, String(probability)],
    ["Log-odds", signed(Math.log(probability / (1 - probability)), 3)],
    ["Cut-off", threshold === null ? "not reported" : String(threshold)],
    ["By the cut-off alone", answerOf(diagnosis).word],
    [
      "Uncertain",
      uncertain === null ? "never" : `${uncertain.from.toFixed(3)} to ${uncertain.to.toFixed(3)}`,
    ],
    ...(range === null
      ? []
      : [
          [
            "Range that the training cases allow",
            `${formatProbability(range.low)} to ${formatProbability(range.high)}`,
          ],
        ]),
    ["Model", `${modelName} ${modelVersion}`],
    ["Path", `${backend}, ${latencyMs.toFixed(latencyMs < 10 ? 2 : 0)} ms`],
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div
          key={name}
          className="flex flex-wrap justify-between gap-x-3 border-line border-t py-1.5 first:border-t-0"
        >
          <dt className="text-ink-2">{name}</dt>
          <dd className="break-all text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
