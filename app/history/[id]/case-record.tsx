import { saveAnnotationAction } from "@/app/history/[id]/actions";
import { AnnotationForm } from "@/components/notes/annotation-form";
import { EditHistory } from "@/components/notes/edit-history";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { readLocale } from "@/lib/server/locale";
import { findAnnotation } from "@/lib/server/notes/annotations";

/** What a person wrote beside a prediction, to be edited, and how it came to be so. */
export async function CaseRecord({ id }: { id: string }) {
  const found = await findAnnotation(id);
  if (!found.ok) return <NotRead what="What was noted of this prediction" />;
  const { annotation, edits } = found.value;
  const { caseCode, note } = annotation;
  return (
    <>
      <Card title="Notes" className={caseCode === null && note === null ? "print:hidden" : ""}>
        <AnnotationForm id={id} annotation={annotation} save={saveAnnotationAction} />
        <div className="hidden print:block">
          {caseCode !== null && <p>Case code: {caseCode}</p>}
          {note !== null && <p className="whitespace-pre-wrap break-words">{note}</p>}
        </div>
      </Card>
      <Card title="Changes" className="print:hidden">
        <EditHistory edits={edits} locale={await readLocale()} />
      </Card>
    </>
  );
}
