/**
 * The bytes of a body as it arrives, since its content-length may lie or be missing; null where there are more than `most`, of
 * which no more is then read: leaving the loop cancels the stream, and with it the connection.
 */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> | null,
  most: number,
): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
