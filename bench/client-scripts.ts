import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { exchange } from "./load";

export type ScriptSize = { path: string; gzipBytes: number };

/** The scripts that a page's HTML loads, with their size after gzip. */
export async function pageScripts(port: number, path: string): Promise<ScriptSize[]> {
  const html = (await exchange(port, false, { method: "GET", path })).body.toString("utf8");
  return Promise.all(
    scriptSources(html).map(async (source) => {
      const { status, body } = await exchange(port, false, { method: "GET", path: source });
      if (status !== 200) throw new Error(`${source}, a script of ${path}, answers ${status}`);
      return { path: source, gzipBytes: gzipSync(body).length };
    }),
  );
}

/**
 * What an empty page of this build loads: Next prerenders one of its own, for errors outside of the layout. Throws
 * where the build has none.
 */
export function frameworkScripts(): ScriptSize[] {
  const build = new URL("../.next/", import.meta.url);
  const html = readFileSync(new URL("server/app/_global-error.html", build), "utf8");
  return scriptSources(html).map((path) => ({
    path,
    gzipBytes: gzipSync(readFileSync(new URL(path.replace(/^\/_next\//, ""), build))).length,
  }));
}

/** Where a page's scripts are; those for browsers without modules left out. */
function scriptSources(html: string): string[] {
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  const modern = tags.filter((tag) => !/\bnomodule\b/i.test(tag));
  return [...new Set(modern.flatMap((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []))];
}

export const totalBytes = (scripts: readonly ScriptSize[]): number =>
  scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
