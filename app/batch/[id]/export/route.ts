import * as z from "zod";
import { answerWithFile } from "@/app/batch/[id]/file-answer";
import { BATCH_FORMATS, exportRows } from "@/lib/server/batch/export";
import { sayPlainly } from "@/lib/server/plain-answer";

const format = z.enum(BATCH_FORMATS);

/** The answered rows of a batch with all columns of its file, in the format that the address names. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const asked = format.safeParse(new URL(request.url).searchParams.get("format") ?? "csv");
  return answerWithFile(request, (await params).id, async (batch) =>
    asked.success
      ? exportRows(batch, asked.data)
      : sayPlainly(400, `"format" can be ${format.options.join(", ")}.`),
  );
}
