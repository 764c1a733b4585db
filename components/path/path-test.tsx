"use client";

import { useActionState, useEffect, useState } from "react";
import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import { type BackendKind, formatMs, type PathTest, stopsOf } from "@/lib/path/path-status";
import { words } from "@/tables/current";
import { PathLine, ShareBar } from "./path-line";
import { RINGS } from "./rings";

/** The line is filled so much slower than the request was, and each stretch within these milliseconds. */
const SLOWER = 4;
const [SHORTEST, LONGEST] = [120, 1_200];

type Props = {
  backend: BackendKind;
  /** What is sent, with its article, and where to. */
  sample: string;
  where: string;
  test: (last: PathTest | null) => Promise<PathTest>;
};

/** The path to the model, and a test of it that fills the line; a form, so that it needs no script. */
export function PathTestForm({ backend, sample, where, test }: Props) {
  // How many stops the last answer has filled; all of them where no script fills them one by one.
  const [filled, setFilled] = useState(Number.POSITIVE_INFINITY);
  const {
    answer: result,
    refusal,
    isSending,
    form,
  } = useAnswer(test, useActionState(test, null), () =>
    setFilled(matchMedia("(prefers-reduced-motion: reduce)").matches ? Number.POSITIVE_INFINITY : 1),
  );
  const rings = RINGS[backend];
  const all = stopsOf(
    rings.map(({ parts }) => parts),
    isSending ? null : result,
  );
  const isFilled = filled >= rings.length;
  const next = all[filled];

  useEffect(() => {
    if (isFilled || isSending) return;
    const wait = Math.min(Math.max(SLOWER * (next?.ms ?? 0), SHORTEST), LONGEST);
    const timer = setTimeout(() => setFilled(filled + 1), wait);
    return () => clearTimeout(timer);
  }, [filled, isFilled, isSending, next?.ms]);

  const stops = rings.map((ring, at) => ({
    ...ring,
    ...(all[at] ?? { ms: null, share: null }),
    state: at < filled ? (all[at]?.state ?? "not asked") : ("not asked" as const),
  }));
  return (
    <>
      <form {...form} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="text-ink-2 text-xs">
          {where} A test sends {sample} through every stop and back. Nothing is saved.
        </p>
        <Button type="submit" kind="primary" disabled={isSending}>
          {isSending ? "Sending …" : "Send a test"}
        </Button>
      </form>
      {refusal !== null && <RefusalNotice refusal={refusal} />}
      <PathLine stops={stops} />
      <div className="min-h-36 max-sm:min-h-48">
        {result?.ok && !isSending && isFilled && <ShareBar stops={stops} />}
        <div role="status" className="mt-4">
          {isSending ? (
            <p>Waiting for the model's answer …</p>
          ) : result === null ? (
            <p className="text-ink-2">No test has been sent from this page yet.</p>
          ) : (
            isFilled && <Outcome result={result} sample={sample} />
          )}
        </div>
      </div>
    </>
  );
}

function Outcome({ result, sample }: { result: PathTest; sample: string }) {
  const request = (
    <p className="text-ink-2 text-xs">
      Request id <span className="break-all font-mono">{result.requestId}</span>
      {result.ok && ", in the log of every stop"}
    </p>
  );
  if (!result.ok) {
    const rings = RINGS[result.backend];
    const at = rings.findIndex(({ parts }) => parts.includes(result.failedAt));
    return (
      <Notice kind="error" title="The model did not answer.">
        <p>{result.message}</p>
        {at < rings.length - 1 && (
          <p>It got no further than {rings[at]?.name}. The stops behind it were not asked.</p>
        )}
        {request}
      </Notice>
    );
  }
  const { totalMs, hops, model, diagnosis, probability, asExpected } = result;
  return (
    <div className="grid gap-1 border-line border-t pt-4">
      <p className="flex flex-wrap items-baseline gap-x-3.5 gap-y-1">
        <span className="font-semibold">{formatMs(totalMs)}</span>
        <DiagnosisMark diagnosis={diagnosis} label={null} />
        <span>
          {formatProbability(probability)} for {sample}, from {model.name} {model.version}
        </span>
        <span>
          {asExpected === null
            ? `That is another model than ${words.app.name}'s own copy, so the answer cannot be compared.`
            : asExpected
              ? `✓ Exactly what ${words.app.name}'s own copy of the model says.`
              : `✕ Not what ${words.app.name}'s own copy of the model says, though it should be the same. Do not rely on it.`}
        </span>
      </p>
      {hops === null && (
        <p className="text-ink-2 text-xs">This path does not tell how long each stop took.</p>
      )}
      {request}
    </div>
  );
}
