import { backWith, startWith } from "@/app/batch/upload-answer";

/** What is pasted is read into memory; a file is not. */
const MOST_BYTES = 20_000_000;
const FILE_NAME = "pasted.csv";

/** Takes the rows of the form as a file. */
export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get("content-length") ?? Number.POSITIVE_INFINITY) > MOST_BYTES) {
    return backWith("batch_too_large");
  }
  const form = await request.formData().catch(() => null);
  const rows = form?.get("rows");
  if (typeof rows !== "string" || rows.trim() === "") return backWith("batch_no_file");
  return startWith(bytesOf(rows), FILE_NAME);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
