import "server-only";
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { actor, HOME } from "@/lib/server/access/actor";
import { type BatchPlace, env } from "@/lib/server/env";
import { log } from "@/lib/server/log";

/** Where the files of batches are kept: the upload, the bad rows, the parts. Names have slashes, as "<id>/part-00000.parquet". */
export type BatchStore = {
  /** A local file with what is kept under a name, which stays as it is; null where nothing is. */
  fetch(name: string): Promise<string | null>;
  /** Keeps a local file, which it takes, under a name: whole, or not at all. */
  keep(name: string, file: string): Promise<void>;
  /** The names that begin so, in order. */
  names(prefix: string): Promise<string[]>;
  /** Removes what is kept of a batch, or of a file or folder of it, and this machine's copies. */
  remove(folder: string): Promise<void>;
  /** Removes this machine's copies of all batches but these, which other machines may have removed. */
  forgetAllBut(ids: ReadonlySet<string>): Promise<void>;
  /** A folder of this machine for what can be made again. */
  workFolder(id: string): Promise<string>;
};

/** Where the batches of the team that asks are: where BATCH_URL says, and for teams but the home team in a folder there. */
export function batchPlace(): BatchPlace & { cache: string } {
  const { BATCH_URL: place, BATCH_CACHE: cache } = env();
  const { team } = actor();
  if (team === HOME) return { ...place, cache };
  const folder = `teams/${team}`;
  const own = { cache: join(cache, folder) };
  return place.kind === "folder"
    ? { ...own, kind: "folder", path: `${place.path.replace(/\/+$/, "")}/${folder}` }
    : { ...own, ...place, prefix: `${place.prefix}${folder}/` };
}

/** The store of the team that asks. */
export function batchStore(): BatchStore {
  const place = batchPlace();
  return place.kind === "folder" ? folderStore(place.path) : bucketStore(place);
}

/** Writes are on the disk before they have their name. */
async function settle(file: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await syncFile(file);
  await rename(file, path);
  await syncFile(dirname(path));
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makeFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}

function folderStore(root: string): BatchStore {
  return {
    async fetch(name) {
      const path = join(root, name);
      return existsSync(path) ? path : null;
    },
    keep: (name, file) => settle(file, join(root, name)),
    async names(prefix) {
      const folder = dirname(prefix);
      const found = await readdir(join(root, folder)).catch(() => []);
      return found
        .map((name) => `${folder}/${name}`)
        .filter((name) => name.startsWith(prefix))
        .sort();
    },
    remove: (folder) => rm(join(root, folder), { recursive: true, force: true }),
    // What is here is no copy.
    forgetAllBut: async () => {},
    workFolder: (id) => makeFolder(join(root, id, "work")),
  };
}

/** Streams cannot be sent twice, so that the SDK gives up at the first failure; a new one is made for each attempt. */
const insist = retry(
  handleWhen((error) => !isRefusal(error)),
  { maxAttempts: 4, backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 5_000 }) },
);
insist.onRetry((attempt) =>
  log(
    "warn",
    "bucket_asked_again",
    { attempt: attempt.attempt },
    "error" in attempt ? attempt.error : undefined,
  ),
);
const nothing = () => {};
/** The SDK would tell on the console what is in the log already. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Whether asking again would end the same: the bucket says no, or this machine's disk is full. */
function isRefusal(error: Error & { code?: unknown; $metadata?: { httpStatusCode?: number } }): boolean {
  if (error.code === "ENOSPC" || error.code === "EDQUOT") return true;
  const status = error.$metadata?.httpStatusCode ?? 500;
  return status >= 300 && status < 500 && status !== 429;
}

/**
 * A server of one's own has no host name for each bucket, and may be older than the checksums that S3 takes at the end of
 * a stream: it would keep them as part of the file. AWS_REQUEST_CHECKSUM_CALCULATION says otherwise.
 */
const OTHER_SERVER: S3ClientConfig = {
  forcePathStyle: true,
  ...(process.env.AWS_REQUEST_CHECKSUM_CALCULATION === undefined && {
    requestChecksumCalculation: "WHEN_REQUIRED",
  }),
};

/** A copy of a batch that nobody knows is removed only when this old: an upload is on the disk before its batch is known. */
const ORPHAN_MS = 24 * 60 * 60 * 1000;

// On globalThis, because Next may load a module once for each of its bundles.
const shared = globalThis as { cytodeskS3?: Promise<S3Client> };

/**
 * `cache`: a folder of this machine. It holds what has come from the bucket and never changes there: uploads, and parts
 * that a batch's row counts. A part that was only just written may be written again by another machine, so it is no copy
 * yet; the list of bad rows changes with each check.
 */
export function bucketStore({
  bucket,
  prefix,
  cache,
}: {
  bucket: string;
  prefix: string;
  cache: string;
}): BatchStore {
  const key = (name: string) => `${prefix}${name}`;
  const client = () => {
    shared.cytodeskS3 ??= import("@aws-sdk/client-s3").then(
      ({ S3Client }) =>
        new S3Client({
          region: env().AWS_REGION,
          logger: SILENT,
          ...(process.env.AWS_ENDPOINT_URL_S3 !== undefined && OTHER_SERVER),
        }),
    );
    return shared.cytodeskS3;
  };

  async function download(name: string): Promise<string | null> {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const path = join(cache, name);
    const arriving = `${path}.${randomUUID()}.arriving`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await insist.execute(async () => {
        const { Body } = await (await client()).send(
          new GetObjectCommand({ Bucket: bucket, Key: key(name) }),
        );
        await pipeline(Body as Readable, createWriteStream(arriving));
      });
      await rename(arriving, path);
      return path;
    } catch (error) {
      await rm(arriving, { force: true });
      if (error instanceof Error && error.name === "NoSuchKey") return null;
      throw error;
    }
  }

  return {
    async fetch(name) {
      const path = join(cache, name);
      return isFixed(name) && existsSync(path) ? path : download(name);
    },
    async keep(name, file) {
      const { PutObjectCommand } = await import("@aws-sdk/client-s3");
      const { size } = await stat(file);
      await insist.execute(async () => {
        await (await client()).send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key(name),
            Body: createReadStream(file),
            ContentLength: size,
          }),
        );
      });
      if (isUpload(name)) await settle(file, join(cache, name));
      else await Promise.all([rm(file), rm(join(cache, name), { force: true })]);
    },
    async names(begin) {
      const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
      const found: string[] = [];
      for (let token: string | undefined; ; ) {
        const page = await (await client()).send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: key(begin), ContinuationToken: token }),
        );
        for (const { Key } of page.Contents ?? []) found.push((Key ?? "").slice(prefix.length));
        token = page.NextContinuationToken;
        if (token === undefined) return found.sort();
      }
    },
    async remove(folder) {
      const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
      for (const name of [folder, ...(await this.names(`${folder}/`))]) {
        await (await client()).send(new DeleteObjectCommand({ Bucket: bucket, Key: key(name) }));
      }
      await rm(join(cache, folder), { recursive: true, force: true });
    },
    async forgetAllBut(ids) {
      for (const id of await readdir(cache).catch(() => [])) {
        const path = join(cache, id);
        const { mtimeMs } = await stat(path);
        if (ids.has(id) || !BATCH_ID.test(id) || Date.now() - mtimeMs < ORPHAN_MS) continue;
        await rm(path, { recursive: true, force: true });
      }
    },
    workFolder: (id) => makeFolder(join(cache, id, "work")),
  };
}

const BATCH_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isUpload = (name: string) => name.endsWith("/upload");
const isFixed = (name: string) => isUpload(name) || name.endsWith(".parquet");

/** What a batch has of a job elsewhere: its input, its output, and which jobs are over. */
export const transformFolder = (id: string) => `${id}/transform`;
export const uploadName = (id: string) => `${id}/upload`;
export const badRowsName = (id: string) => `${id}/bad-rows.csv`;
const partsOf = (id: string) => `${id}/part-`;
export const partName = (id: string, part: number) =>
  `${partsOf(id)}${String(part).padStart(5, "0")}.parquet`;
