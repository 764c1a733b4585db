import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { exchange } from "./load";

export type ScriptSize = { path: string; gzipBytes: number };

/** The scripts that a page's HTML loads, with their size after gzip; those for browsers without modules left out. */
export async function pageScripts(port: number, path: string): Promise<ScriptSize[]> {
  const html = (await exchange(port, false, { method: "GET", path })).body.toString("utf8");
  const sources = [...html.matchAll(/<script\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .flatMap((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []);
  return Promise.all(
    [...new Set(sources)].map(async (source) => {
      const { status, body } = await exchange(port, false, { method: "GET", path: source });
      if (status !== 200) throw new Error(`${source}, a script of ${path}, answers ${status}`);
      return { path: source, gzipBytes: gzipSync(body).length };
    }),
  );
}

/** What Next loads on every page of this build, an empty one too: the build manifest's root files. */
export function frameworkScripts(): ScriptSize[] {
  const build = new URL("../.next/", import.meta.url);
  const manifest = JSON.parse(readFileSync(new URL("build-manifest.json", build), "utf8")) as {
    rootMainFiles: string[];
  };
  return manifest.rootMainFiles.map((file) => ({
    path: `/_next/${file}`,
    gzipBytes: gzipSync(readFileSync(new URL(file, build))).length,
  }));
}

export const totalBytes = (scripts: readonly ScriptSize[]): number =>
  scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
