import { predictionId } from "@/lib/history/query";
import { NOT_ALLOWED } from "@/lib/not-allowed";
import { refusalOf } from "@/lib/server/database/store";
import { BUSY, takePlace } from "@/lib/server/limits/at-once";
import { sayBusy, sayPlainly } from "@/lib/server/plain-answer";
import { findImage, type KeptImage, keepImage } from "@/lib/server/prediction/measurements";
import { readAtMost } from "@/lib/server/read-at-most";

type Context = { params: Promise<{ id: string }> };

const MAX_BYTES = 25_000_000;

/** The image that a prediction was measured on, where it was kept. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  const id = predictionId.safeParse((await params).id);
  if (!id.success) return sayPlainly(404, "No saved prediction has this address.");
  const found = await findImage(id.data);
  if (!found.ok) return sayPlainly(503, "This image cannot be read at the moment. Try again.");
  if (found.value === null) return sayPlainly(404, "No image was kept with this prediction.");
  const { bytes, type } = found.value;
  // As every record: no copy of it outlives its erasing or the session.
  const headers = { "content-type": type, "cache-control": "private, no-store" };
  return new Response(bytes, { headers: { ...headers, "content-disposition": "inline" } });
}

const ANSWERS: Record<KeptImage, readonly [status: number, sentence: string]> = {
  kept: [201, "The image is kept."],
  not_measured: [404, "There is no such prediction that was measured on an image."],
  there_already: [409, "An image is kept with this prediction already."],
  another_file: [422, "This is not the image that the prediction was measured on."],
};

/** Keeps the image that a prediction was measured on: the body is the file. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const id = predictionId.safeParse((await params).id);
  if (!id.success) return sayPlainly(...ANSWERS.not_measured);
  // Before the body is read.
  if (refusalOf("predict") !== null) return sayPlainly(403, NOT_ALLOWED.predict);
  const end = takePlace("image");
  if (end === null) return sayBusy(BUSY.image);
  try {
    const isTold = Number(request.headers.get("content-length") ?? 0) > MAX_BYTES;
    const bytes = isTold ? null : await readAtMost(request.body, MAX_BYTES);
    if (bytes === null)
      return sayPlainly(413, `An image that is kept can have ${MAX_BYTES.toLocaleString("en")} bytes.`);
    const kept = await keepImage(id.data, bytes);
    return kept.ok
      ? sayPlainly(...ANSWERS[kept.value])
      : sayPlainly(503, "The image could not be saved. Try again.");
  } finally {
    end();
  }
}
