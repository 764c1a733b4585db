import "server-only";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { env } from "@/lib/server/env";

/** Where the files of batches are kept: the upload, the bad rows, the parts. Names have slashes, as "<id>/part-00000.parquet". */
export type BatchStore = {
  /** A local file with what is kept under a name; null where nothing is. */
  fetch(name: string): Promise<string | null>;
  /** Keeps a local file, which it takes, under a name: whole, or not at all. */
  keep(name: string, file: string): Promise<void>;
  /** The names that begin so, in order. */
  names(prefix: string): Promise<string[]>;
  /** Removes what is kept of a batch, and this machine's copies. */
  remove(id: string): Promise<void>;
  /** A folder of this machine for what can be made again. */
  workFolder(id: string): Promise<string>;
};

/** The store that BATCH_URL names. */
export function batchStore(): BatchStore {
  const place = env().BATCH_URL;
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
    remove: (id) => rm(join(root, id), { recursive: true, force: true }),
    workFolder: (id) => makeFolder(join(root, id, "work")),
  };
}

// On globalThis, because Next may load a module once for each of its bundles.
const shared = globalThis as { cytodeskS3?: Promise<S3Client> };

function bucketStore({
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
          // A server on loopback has no name for each bucket.
          ...(process.env.AWS_ENDPOINT_URL_S3 !== undefined && { forcePathStyle: true }),
        }),
    );
    return shared.cytodeskS3;
  };
  return {
    async fetch(name) {
      const path = join(cache, name);
      if (existsSync(path)) return path;
      const { GetObjectCommand } = await import("@aws-sdk/client-s3");
      try {
        const { Body } = await (await client()).send(
          new GetObjectCommand({ Bucket: bucket, Key: key(name) }),
        );
        await mkdir(dirname(path), { recursive: true });
        const part = `${path}.${process.pid}.arriving`;
        await pipeline(Body as Readable, createWriteStream(part));
        await rename(part, path);
        return path;
      } catch (error) {
        if (error instanceof Error && error.name === "NoSuchKey") return null;
        throw error;
      }
    },
    async keep(name, file) {
      const { PutObjectCommand } = await import("@aws-sdk/client-s3");
      const { size } = await stat(file);
      await (await client()).send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key(name),
          Body: createReadStream(file),
          ContentLength: size,
        }),
      );
      await settle(file, join(cache, name));
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
    async remove(id) {
      const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
      for (const name of await this.names(`${id}/`)) {
        await (await client()).send(new DeleteObjectCommand({ Bucket: bucket, Key: key(name) }));
      }
      await rm(join(cache, id), { recursive: true, force: true });
    },
    workFolder: (id) => makeFolder(join(cache, id, "work")),
  };
}

export const uploadName = (id: string) => `${id}/upload`;
export const badRowsName = (id: string) => `${id}/bad-rows.csv`;
const partsOf = (id: string) => `${id}/part-`;
export const partName = (id: string, part: number) =>
  `${partsOf(id)}${String(part).padStart(5, "0")}.parquet`;
