import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { type Draft, describeFile, type Options } from "./describe-file";
import { folderOf } from "./folder";
import { firstSamples } from "./samples";

const root = fileURLToPath(new URL("../..", import.meta.url));
const clone = mkdtempSync(join(tmpdir(), "merge-"));
afterAll(() => rmSync(clone, { recursive: true }));

const PERSON = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.org" };
const env = {
  ...process.env,
  ...PERSON,
  ...{ GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.org", GIT_INDEX_FILE: join(clone, "index") },
};
const git = (args: readonly string[], input?: string) =>
  execFileSync("git", args, { cwd: clone, env, input, encoding: "utf8" }).trim();

/** The files that adopting a table writes or changes; its model's are new ones in the same folder. */
function adoptedFiles(): Record<string, string> {
  const options: Options = {
    ...{ label: "y", positive: undefined, name: "trial", drop: [], keep: [], category: [], zeroMissing: [] },
    groups: [],
  };
  const rows = Array.from({ length: 60 }, (_, row) => [row % 2 ? "yes" : "no", String((row * 7) % 31)]);
  const { draft } = describeFile({ headers: ["y", "size"], rows, hasDecimalComma: false }, options);
  const samples = firstSamples(draft as Draft);
  const folder = folderOf(draft as Draft, { options, level: null, threshold: 0.5, samples });
  return {
    ...Object.fromEntries(Object.entries(folder).map(([file, text]) => [`tables/trial/${file}`, text])),
    "tables/current.ts": 'export * from "./trial/index";\n',
    "tables/current-model.ts": 'export * from "./trial/model";\n',
  };
}

function commit(tree: string, parent: string): string {
  return git(["commit-tree", tree, "-p", parent, "-m", "adopt"]);
}

it("the next version merges into an application that adopted a table at the one before", () => {
  execFileSync("git", ["clone", "--quiet", "--shared", "--bare", root, join(clone, ".git")], {
    stdio: "pipe",
  });
  const next = git(["rev-parse", "HEAD"]);
  const before = spawnSync("git", ["rev-parse", "--verify", "--quiet", "HEAD~1"], { cwd: clone, env }).status;
  const base = before === 0 ? git(["rev-parse", "HEAD~1"]) : next;
  git(["read-tree", base]);
  for (const [path, text] of Object.entries(adoptedFiles())) {
    const blob = git(["hash-object", "-w", "--stdin"], text);
    git(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`]);
  }
  const mine = commit(git(["write-tree"]), base);
  const merged = spawnSync("git", ["merge-tree", "--write-tree", "--name-only", mine, next], {
    ...{ cwd: clone, env, encoding: "utf8" },
  });
  expect(merged.stderr).toBe("");
  expect([merged.status, merged.stdout.split("\n").slice(1).join("\n").trim()]).toEqual([0, ""]);
});

it("has two lines that pick the table, which stay as they are", () => {
  for (const [file, of] of [
    ["current", "index"],
    ["current-model", "model"],
  ]) {
    const line = readFileSync(join(root, `tables/${file}.ts`), "utf8");
    expect(line).toMatch(new RegExp(`^export \\* from "\\./[a-z][a-z0-9-]*/${of}";\n$`));
  }
});
