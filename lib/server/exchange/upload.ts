import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { Busboy } from "@fastify/busboy";
import { fail, ok, type Result } from "@/lib/result";

export type UploadError = { code: "no_file" | "too_large" | "broken_off" };

class TooLarge extends Error {}

/**
 * Gives the one file of a multipart form to `use` as it arrives, so that no more than a piece of it is in memory.
 * `use` decides the pace; when it is done with the file before its end, the rest is passed over.
 */
export async function receiveFile<T>(
  request: Request,
  field: string,
  maxBytes: number,
  use: (bytes: AsyncIterable<Uint8Array>, fileName: string) => Promise<T>,
): Promise<Result<T, UploadError>> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!contentType.startsWith("multipart/form-data;") || request.body === null)
    return fail({ code: "no_file" });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return fail({ code: "too_large" });
  let received = 0;
  // The parser calls back whenever bytes come, in the name of nobody.
  const asAsked = AsyncLocalStorage.bind(use);
  const limit = new Transform({
    transform(chunk: Uint8Array, _, done) {
      received += chunk.length;
      if (received > maxBytes) done(new TooLarge());
      else done(null, chunk);
    },
  });
  const used: Promise<T>[] = [];
  try {
    const form = new Busboy({
      headers: { "content-type": contentType },
      limits: { files: 1, fields: 0, parts: 2 },
    });
    form.on("file", (name, file, fileName) => {
      if (name !== field || !fileName) {
        file.resume();
        return;
      }
      // The parser does not tell the file that its form broke off: this does, or `use` would wait for ever.
      const bytes = new PassThrough();
      file.on("error", (error) => bytes.destroy(error)).pipe(bytes);
      form.on("error", (error) => bytes.destroy(error instanceof Error ? error : new Error(String(error))));
      used.push(
        asAsked(bytes, fileName).finally(() => {
          file.unpipe(bytes);
          file.resume();
        }),
      );
    });
    // The types of the web streams of Node and of the browser differ in name only.
    const body = Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
    const sent = pipeline(body, limit, form);
    await sent.catch((error: unknown) => {
      form.emit("error", error);
    });
    const results = await Promise.all(used);
    await sent;
    const [result] = results;
    return result === undefined ? fail({ code: "no_file" }) : ok(result);
  } catch (error) {
    await Promise.allSettled(used);
    return fail({ code: error instanceof TooLarge ? "too_large" : "broken_off" });
  }
}
