"use server";

import { refresh } from "next/cache";
import { predictionId } from "@/lib/history/query";
import type { AnnotationState } from "@/lib/notes/annotation";
import { annotationForm } from "@/lib/notes/annotation-form";
import { saveAnnotation } from "@/lib/server/notes/annotations";

/** Keeps case code and note of the form's `id`; an answer that is not saved gives back what was typed. */
export async function saveAnnotationAction(_: AnnotationState, form: FormData): Promise<AnnotationState> {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const typed = { caseCode: text("caseCode"), note: text("note").replaceAll("\r\n", "\n") };
  const id = predictionId.safeParse(form.get("id"));
  if (!id.success) return { saved: false, message: "This form cannot be read. Reload the page.", typed };
  const given = annotationForm.safeParse(typed);
  if (!given.success) {
    const fields: NonNullable<AnnotationState>["fields"] = {};
    for (const { path, message } of given.error.issues) {
      if (path[0] === "caseCode" || path[0] === "note") fields[path[0]] ??= message;
    }
    return { saved: false, message: "It was not saved: see above.", fields, typed };
  }
  const saved = await saveAnnotation(id.data, given.data);
  if (!saved.ok) {
    return {
      saved: false,
      message: "The database could not be written to, and nothing has changed. Try again.",
      typed,
    };
  }
  if (saved.value === null) {
    return { saved: false, message: "This prediction does not exist any more.", typed };
  }
  refresh();
  return { saved: true, message: saved.value === 0 ? "Nothing had changed." : "Saved.", typed };
}
