"use client";

import { Button } from "@/components/ui/button";
import { SmallTable } from "@/components/ui/small-table";
import { type Guessed, type Tally, tallyOf } from "@/lib/prediction/guesses";
import { useGuesses } from "./kept-guesses";

/** The guesses that this browser keeps, beside the model's answers, and a way to begin anew. */
export function GuessTally() {
  const { guesses, forget } = useGuesses();
  if (guesses.length === 0) return <p className="text-ink-2">You have not guessed yet.</p>;
  return (
    <>
      <TallyTable guesses={guesses} />
      <p>
        <Button onClick={forget}>Begin again</Button>
      </p>
    </>
  );
}

/** How guesses and the model fared, in sentences and a table. */
export function TallyTable({ guesses }: { guesses: readonly Guessed[] }) {
  const tally = tallyOf(guesses);
  const row = (who: string, { right, wrong, left }: Tally["you"]) => [who, right, wrong, left];
  return (
    <>
      <p className="text-ink-2">{describeTally(tally)}</p>
      {tally.known > 0 && (
        <SmallTable
          caption="Guesses beside the model's answers, where the truth is known"
          heads={["Who", "Right", "Wrong", "Left to a person"]}
          rows={[row("You", tally.you), row("The model", tally.model)]}
        />
      )}
    </>
  );
}

function describeTally({ cases, agreed, known }: Tally): string {
  const made =
    cases === 1
      ? `You have guessed 1 case, and ${agreed === 1 ? "said" : "did not say"} what the model says.`
      : `You have guessed ${cases} cases. The model says the same of ${agreed}.`;
  if (known === 0) return `${made} The truth of none is known.`;
  return known === cases ? made : `${made} The truth of ${known} is known.`;
}
