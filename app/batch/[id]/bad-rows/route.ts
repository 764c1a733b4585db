import { answerWithFile } from "@/app/batch/[id]/file-answer";
import { exportBadRows } from "@/lib/server/batch/export";

/** The rows of a batch's file that cannot be read, with why, as CSV. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  return answerWithFile(request, (await params).id, exportBadRows);
}
