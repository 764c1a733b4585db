import { predictionId } from "@/lib/history-query";
import { resultText } from "@/lib/result-text";
import { findPrediction } from "@/lib/server/predictions";

/** One saved prediction as plain text. */
export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = predictionId.safeParse((await params).id);
  const found = id.success ? await findPrediction(id.data) : null;
  if (found !== null && !found.ok)
    return answer("This prediction cannot be read at the moment. Try again.\n", 503);
  if (found === null || found.value === null) return answer("No saved prediction has this address.\n", 404);
  return answer(resultText(found.value), 200);
}

const answer = (text: string, status: number) =>
  new Response(text, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
