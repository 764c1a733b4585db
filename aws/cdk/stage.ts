import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { create } from "tar";
import * as z from "zod";
import { table } from "../../tables/current";
import { inProject } from "./project";

const PARTS = ["train", "validation", "test"] as const;

/** A folder as it goes into the bucket, and the key of the model in it. */
export type Staged = { folder: string; modelKey: string };

const tableFolder = dirname(table.dataFile);
const artifactSchema = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** Where the bucket holds the model of this checkout. */
export function committedModelKey(): string {
  const { hash } = artifactSchema.parse(
    JSON.parse(readFileSync(inProject(`${tableFolder}/artifact.json`), "utf8")),
  );
  return `models/${hash}/model.tar.gz`;
}

/**
 * Writes dataset, split and model as the bucket holds them: `dataset/NAME.csv`, `split/<part>/<part>.csv`,
 * `models/<hash>/model.tar.gz`. The same files give the same bytes, so that a deployment uploads only what changed, and the
 * same folder below `parent`, which no other process takes away meanwhile.
 */
export function stage(parent: string = inProject("dist/cloud")): Staged {
  const split = PARTS.map((part) => inProject(`data/split/${part}.csv`));
  // What is older was split from another table, or from fewer rows.
  const sources = Math.max(
    ...["tables/current.ts", table.dataFile].map((file) => statSync(inProject(file)).mtimeMs),
  );
  if (!split.every((file) => existsSync(file) && statSync(file).mtimeMs > sources)) {
    const tsx = inProject("node_modules/tsx/dist/cli.mjs");
    // Standard output is the CDK's.
    execFileSync(process.execPath, [tsx, inProject("model/cli.ts"), "train", "--split"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  const modelKey = committedModelKey();
  mkdirSync(parent, { recursive: true });
  const unfinished = mkdtempSync(join(parent, "unfinished-"));
  const keys: string[] = [];
  const place = (key: string) => {
    mkdirSync(join(unfinished, key, ".."), { recursive: true });
    keys.push(key);
    return join(unfinished, key);
  };
  copyFileSync(inProject(table.dataFile), place(`dataset/${table.name}.csv`));
  for (const [i, part] of PARTS.entries()) {
    copyFileSync(split[i] as string, place(`split/${part}/${part}.csv`));
  }
  create(
    {
      sync: true,
      file: place(modelKey),
      cwd: inProject(tableFolder),
      gzip: true,
      // No user, group, inode or time of this machine.
      portable: true,
      mtime: new Date(0),
    },
    ["artifact.json"],
  );
  const contents = createHash("sha256");
  for (const key of keys) contents.update(`${key}\n`).update(readFileSync(join(unfinished, key)));
  const folder = join(parent, contents.digest("hex").slice(0, 16));
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // It is there already.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return { folder, modelKey };
}
