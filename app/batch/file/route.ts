import { backWith, startWith } from "@/app/batch/upload-answer";
import { MOST_UPLOAD_BYTES } from "@/lib/server/batch/batches";
import { receiveFile } from "@/lib/server/exchange/upload";

const MAX_FILE_NAME = 200;

/** Keeps the file of the form while it arrives, and leads to the page of its batch. */
export async function POST(request: Request): Promise<Response> {
  const received = await receiveFile(request, "file", MOST_UPLOAD_BYTES, (bytes, fileName) =>
    startWith(bytes, fileName.slice(-MAX_FILE_NAME)),
  );
  return received.ok ? received.value : backWith(`batch_${received.error.code}`);
}
