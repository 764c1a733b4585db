import { saveAnnotationAction } from "@/app/history/[id]/annotation-action";
import { AnnotationForm } from "@/components/notes/annotation-form";
import { EditHistory } from "@/components/notes/edit-history";
import { Notice } from "@/components/ui/notice";
import { log } from "@/lib/server/log";
import { findAnnotation } from "@/lib/server/notes/annotations";

const CARD = "grid min-w-0 gap-3 rounded-md border border-line bg-surface p-3 sm:p-4 print:p-2";

/** What a person wrote beside a prediction, to be edited, and how it came to be so. */
export async function CaseRecord({ id }: { id: string }) {
  const found = await findAnnotation(id);
  if (!found.ok) {
    log("error", "annotation_not_read", { id, cause: String(found.error.cause) });
    return (
      <Notice kind="error" title="The notes of this prediction cannot be read at the moment.">
        <p>Nothing is lost by that. Reload the page; if it stays so, ask whoever runs Cytodesk.</p>
      </Notice>
    );
  }
  const { annotation, edits } = found.value;
  const { caseCode, note } = annotation;
  return (
    <>
      <section
        aria-label="Notes"
        className={`${CARD} ${caseCode === null && note === null ? "print:hidden" : ""}`}
      >
        <h2 className="font-semibold">Notes</h2>
        <AnnotationForm id={id} annotation={annotation} save={saveAnnotationAction} />
        <div className="hidden print:block">
          {caseCode !== null && <p>Case code: {caseCode}</p>}
          {note !== null && <p className="whitespace-pre-wrap break-words">{note}</p>}
        </div>
      </section>
      <section aria-label="Changes" className={`${CARD} print:hidden`}>
        <h2 className="font-semibold">Changes</h2>
        <EditHistory edits={edits} />
      </section>
    </>
  );
}
