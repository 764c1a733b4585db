"use client";

import { useActionState } from "react";
import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import { formatMs, type PathTest } from "@/lib/path/path-status";

const HERE = { gateway: "passing it on in this process", Lambda: "the Lambda's code, in this process" };
const SAGEMAKER = { endpoint: "SageMaker's runtime, and the network to it", model: "the model's container" };
const HOPS = {
  embedded: { ...HERE, endpoint: "the model, in this process", model: "the model" },
  sagemaker: { ...HERE, ...SAGEMAKER },
  https: { gateway: "API Gateway, and the network to it", Lambda: "Lambda", ...SAGEMAKER },
} as const;

/** The button that tests the path, and what came of it; a form, so that it needs no script. */
export function PathTestForm({ test }: { test: (last: PathTest | null) => Promise<PathTest> }) {
  const { answer: result, refusal, isSending: isRunning, form } = useAnswer(test, useActionState(test, null));
  return (
    <>
      <form {...form}>
        <Button type="submit" disabled={isRunning}>
          {isRunning ? "Testing …" : "Test the path"}
        </Button>
      </form>
      {refusal !== null && <RefusalNotice refusal={refusal} />}
      <div role="status">
        {isRunning ? <p>Waiting for the model's answer…</p> : result !== null && <Outcome result={result} />}
      </div>
    </>
  );
}

function Outcome({ result }: { result: PathTest }) {
  if (!result.ok) {
    return (
      <Notice kind="error" title="The model did not answer.">
        <p>{result.message}</p>
        <p className="text-sm">
          Request id <span className="break-all font-mono">{result.requestId}</span>
        </p>
      </Notice>
    );
  }
  const { backend, totalMs, hops, model, diagnosis, probability, asExpected, requestId } = result;
  return (
    <div className="grid gap-3">
      <p>
        <DiagnosisMark diagnosis={diagnosis} label={null} /> {formatProbability(probability)} from{" "}
        {model.name} {model.version} in {formatMs(totalMs)}.{" "}
        {asExpected === null
          ? "It is another model than the one kept here, so the answer cannot be compared."
          : asExpected
            ? "✓ Exactly what the model kept here says."
            : "✕ Not what the model kept here says, though it claims to be the same: do not rely on it."}
      </p>
      {hops === null ? (
        <p className="text-ink-2 text-sm">This path does not tell how long each hop took.</p>
      ) : (
        <table className="w-full border-collapse text-sm">
          <caption className="pb-1 text-left text-ink-2">Where the time of its answer went</caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">Hop</th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {hops.map(({ name, ms: own }) => (
              <tr key={name} className="border-line border-b last:border-b-0">
                <th scope="row" className="py-1 pr-4 text-left font-normal">
                  {HOPS[backend][name]}
                </th>
                <td className="py-1 text-right font-mono tabular-nums">{formatMs(own)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="text-ink-2 text-sm">
        Request id <span className="break-all font-mono">{requestId}</span>, in the log of every hop
      </p>
    </div>
  );
}
