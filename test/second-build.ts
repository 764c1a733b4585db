import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a build is not made from. */
const LEFT_OUT = [".env", ".git", ".next", ".node", "cdk.out", "data", "node_modules", "test-results"];

/**
 * Builds the sources a second time, in a copy, as an update of the application does, with what the first build left in
 * Turbopack's cache; that makes it ten seconds. Next derives the ids of server actions from a key, which it makes anew
 * where it finds none, or one of two weeks ago.
 */
export function buildAgain(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-update-"));
  const copy = (flags: string, names: string[], to = folder) =>
    execFileSync("cp", [flags, ...names.map((name) => join(root, name)), to], { stdio: "ignore" });
  copy(
    "-a",
    readdirSync(root).filter((name) => !LEFT_OUT.includes(name)),
  );
  try {
    copy("-al", ["node_modules"]);
  } catch {
    // Another file system.
    copy("-a", ["node_modules"]);
  }
  mkdirSync(join(folder, ".next"));
  copy("-a", [".next/cache"], join(folder, ".next"));
  rmSync(join(folder, ".next", "cache", ".rscinfo"), { force: true });
  execFileSync(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
