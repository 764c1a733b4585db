import { unstable_isUnrecognizedActionError, unstable_rethrow } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { REFUSED } from "@/lib/refused";

/**
 * Why what was sent has no answer: the page is older than the server, which does not know its action; the server refused it
 * for its host or origin, and says why; the server broke down over it; or nothing came back that is an answer.
 */
export type Refusal =
  | { why: "updated" | "unanswered" }
  | { why: "refused"; message: string }
  | { why: "failed"; reference: string };

/** What an action's exception means. Where it is Next's own, a redirect or a missing page, it goes on to Next. */
export function refusalOf(error: unknown): Refusal {
  unstable_rethrow(error);
  if (unstable_isUnrecognizedActionError(error)) return { why: "updated" };
  if (!(error instanceof Error)) return { why: "unanswered" };
  if (error.message.startsWith(REFUSED)) return { why: "refused", message: error.message };
  return "digest" in error ? { why: "failed", reference: String(error.digest) } : { why: "unanswered" };
}

// Without the application's name: every page has this, and would be sent the table's whole description for it.
const TITLES = {
  updated: "The application was updated while this page was open.",
  refused: "The server refused what this page sent.",
  unanswered: "The server did not answer.",
  failed: "Something went wrong on the server.",
};

/** Says so, and what to do; `kept` names what was typed, where the page brings it back after it was loaded again. */
export function RefusalNotice({ refusal, kept }: { refusal: Refusal; kept?: string }) {
  const { why } = refusal;
  const isSettled = why === "updated" || why === "refused";
  return (
    <Notice kind="error" role="alert" title={TITLES[why]}>
      {why === "refused" && <p className="break-words">{refusal.message}</p>}
      {isSettled ? (
        <>
          <p>Nothing was done. Reload the page{kept === undefined ? "." : `: your ${kept} are kept.`}</p>
          <p className="mt-2">
            <Button onClick={() => window.location.reload()}>Reload</Button>
          </p>
        </>
      ) : (
        <p>
          It may or may not have been done.{kept !== undefined && ` Your ${kept} are still in the form.`}{" "}
          {why === "failed"
            ? `The log says why (reference ${refusal.reference}).`
            : "Check that it is running."}{" "}
          Then try again: nothing is done twice.
        </p>
      )}
    </Notice>
  );
}
