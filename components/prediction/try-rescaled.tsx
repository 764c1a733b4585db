"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { type Refusal, RefusalNotice, refusalOf } from "@/components/ui/refusal";
import type { Placed, Typicality, UnsavedPrediction } from "@/lib/contract";
import { rescale } from "@/lib/prediction/rescale";
import type { Result } from "@/lib/result";
import { Answer } from "./answer";

/** Asks the model for values that are not saved; the error is a sentence. */
export type AskTried = (
  values: readonly number[],
) => Promise<Result<Placed<UnsavedPrediction>, { message: string }>>;

/** A button that shows what the model says where the values are divided by the factor by which they look multiplied. */
export function TryRescaled({
  scale,
  values,
  typicality,
  ask,
  onUse,
}: {
  /** One of the table's scales; nothing is shown without it. */
  scale: string | undefined;
  values: readonly number[];
  typicality: Typicality | null;
  ask: AskTried;
  /** Where there is a form that can take the values. */
  onUse?: (values: readonly number[], message: string) => void;
}) {
  const [tried, setTried] = useState<Awaited<ReturnType<AskTried>> | Refusal | "asking" | null>(null);
  const factor = typicality?.scales.find(({ key }) => key === scale)?.factor;
  if (scale === undefined || factor === undefined) return null;
  const { values: rescaled, change } = rescale(values, scale, factor);
  const asking = tried === "asking";
  return (
    <div className="mt-2 grid gap-2 print:hidden" aria-live="polite" aria-busy={asking}>
      {tried === null || asking ? (
        <div>
          <Button
            aria-disabled={asking}
            onClick={async () => {
              if (asking) return;
              setTried("asking");
              setTried(await ask(rescaled).catch(refusalOf));
            }}
          >
            Try with {change}
          </Button>
        </div>
      ) : "why" in tried ? (
        <RefusalNotice refusal={tried} kept="values" />
      ) : tried.ok ? (
        <>
          <p className="text-sm">With {change}, not saved:</p>
          <Answer prediction={tried.value} />
          {onUse !== undefined && (
            <div>
              <Button onClick={() => onUse(rescaled, `The values with ${change}.`)}>
                Put these values into the form
              </Button>
            </div>
          )}
        </>
      ) : (
        <p className="text-sm">{tried.error.message}</p>
      )}
    </div>
  );
}
