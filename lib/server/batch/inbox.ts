import "server-only";
import { createReadStream } from "node:fs";
import { realpath, rm, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { requireRight } from "@/lib/server/access/actor";
import { batchPlace, batchStore } from "./store";

/** Files that somebody has put where batches are kept, below `inbox/`, so that they need not be sent. */

const FOLDER = "inbox";

/** Names one below the other, none of which begins with a dot: no other way leads out of a folder. */
const BELOW = /^[\p{L}\p{N}_-][\p{L}\p{N} ._()+=-]*(?:\/[\p{L}\p{N}_-][\p{L}\p{N} ._()+=-]*)*$/u;
const LONGEST = 500;

type InboxFile = { bytes: AsyncIterable<Uint8Array>; name: string };

/** A file by its address, which is that of the team's batches with `/inbox/` and its name; null where it is none, or not there. */
export async function openInbox(url: string): Promise<InboxFile | null> {
  requireRight("predict");
  const place = batchPlace();
  const root =
    place.kind === "folder"
      ? `file:${place.path.replace(/\/+$/, "")}/`
      : `s3://${place.bucket}/${place.prefix}`;
  const start = `${root}${FOLDER}/`;
  const below = url.slice(start.length);
  if (!url.startsWith(start) || below.length > LONGEST || !BELOW.test(below)) return null;
  const name = basename(below);
  if (place.kind === "folder") {
    const path = await findBelow(join(place.path, FOLDER), below);
    return path === null ? null : { bytes: createReadStream(path), name };
  }
  const copy = await batchStore().fetch(`${FOLDER}/${below}`);
  return copy === null ? null : { bytes: readOnce(copy), name };
}

/** The path of a file below a folder; null where there is none, or a link leads out. */
async function findBelow(folder: string, below: string): Promise<string | null> {
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, below))]);
    return path.startsWith(root + sep) && (await stat(path)).isFile() ? path : null;
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code))) {
      return null;
    }
    throw error;
  }
}

async function* readOnce(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } finally {
    await rm(path, { force: true });
  }
}
