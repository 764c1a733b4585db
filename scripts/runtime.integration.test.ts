import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isBrief } from "../test/brief";
import { fetchNode, isSupported, versionOf } from "./runtime.mjs";

const folder = mkdtempSync(join(tmpdir(), "cytodesk-node-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(isBrief)("fetches a Node that Cytodesk runs on, keeps it, and fetches again what is broken", () => {
  const path = fetchNode("24", folder);
  expect(versionOf(path)).toMatch(/^24\./);
  const { ino, mtimeMs } = statSync(path);
  expect(fetchNode("24", folder)).toBe(path);
  expect(statSync(path)).toMatchObject({ ino, mtimeMs });
  writeFileSync(path, "");
  expect(isSupported(versionOf(fetchNode("24", folder)) ?? "")).toBe(true);
});

it.skipIf(isBrief)(
  "collects statements as garbage without ending the process, which better-sqlite3 12 did on Node 24.19",
  () => {
    const loop = `
    const database = new (require("better-sqlite3"))(":memory:");
    for (let i = 0; i < 50000; i++) database.prepare("SELECT " + i).get();
    console.log("whole");`;
    expect(execFileSync(process.execPath, ["-e", loop], { encoding: "utf8" })).toBe("whole\n");
  },
);
