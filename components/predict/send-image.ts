import type { Measured } from "@/components/prediction/form-draft";

/**
 * What is left to do with the image once its prediction is saved: it is sent where it is to be kept, then this browser's draft
 * goes where it is not to stay. Why it was not kept, as a sentence; null where all is done. Loaded when it is needed.
 */
export async function settleImage(
  id: string,
  { keepImage, keepDraft, at }: Measured,
): Promise<string | null> {
  const { forgetMeasureDraft, keptMeasureDraft } = await import("@/components/prediction/measure-draft");
  if (keepImage) {
    const draft = await keptMeasureDraft();
    if (draft === null) return "The image is not in this browser any more. Measure it again to keep it.";
    const failure = await send(id, draft.file);
    if (failure !== null) return failure;
  }
  // What was opened or drawn since is another's.
  if (!keepDraft) await forgetMeasureDraft(at);
  return null;
}

const THERE_ALREADY = 409;

async function send(id: string, file: Blob): Promise<string | null> {
  try {
    const response = await fetch(`/history/${id}/image`, { method: "POST", body: file });
    if (response.ok || response.status === THERE_ALREADY) return null;
    const says = (await response.text()).trim();
    return says === "" || says.startsWith("<") ? `The server answered with ${response.status}.` : says;
  } catch {
    return "The image could not be sent: the server was not reached. Try again.";
  }
}
