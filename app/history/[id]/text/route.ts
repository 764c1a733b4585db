import { predictionId } from "@/lib/history/query";
import { resultText } from "@/lib/prediction/result-text";
import { trainingRowOf } from "@/lib/server/model/training-rows";
import { findOutcome } from "@/lib/server/monitoring/outcomes";
import { findAnnotation } from "@/lib/server/notes/annotations";
import { findPrediction } from "@/lib/server/prediction/predictions";

/** One saved prediction as plain text. */
export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = predictionId.safeParse((await params).id);
  if (!id.success) return notFound();
  const found = await findPrediction(id.data);
  if (!found.ok) return notRead();
  if (found.value === null) return notFound();
  const outcome = await findOutcome(id.data);
  const annotated = await findAnnotation(id.data);
  if (!outcome.ok || !annotated.ok) return notRead();
  const { caseCode } = annotated.value.annotation;
  return answer(
    resultText(found.value, {
      outcome: outcome.value,
      caseCode,
      trainingRow: trainingRowOf(found.value.values),
    }),
    200,
  );
}

const notFound = () => answer("No saved prediction has this address.\n", 404);
const notRead = () => answer("This prediction cannot be read at the moment. Try again.\n", 503);

const answer = (text: string, status: number) =>
  new Response(text, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
