import { Notice } from "@/components/ui/notice";
import type { Typicality } from "@/lib/contract";
import { describeUnusual } from "@/lib/prediction/unusual";

const NAMED = 5;

/** A caution where the case lies outside the training cloud; nothing where it does not or nobody knows. */
export function AtypicalNotice({ typicality }: { typicality: Typicality | null }) {
  if (!typicality?.atypical) return null;
  const { unusual } = typicality;
  const more = unusual.length > NAMED ? `; and ${unusual.length - NAMED} more` : "";
  return (
    <Notice kind="warning" title="Unlike the cases the model has learnt from">
      <p className="text-sm">
        Take the probability with caution: it may be off by more than it says.
        {unusual.length > 0 &&
          ` What stands out: ${unusual.slice(0, NAMED).map(describeUnusual).join("; ")}${more}.`}
      </p>
    </Notice>
  );
}
