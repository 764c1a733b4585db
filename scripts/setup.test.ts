import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { loadDotEnv } from "./setup.mjs";

const folder = mkdtempSync(join(tmpdir(), "cytodesk-env-"));
const NAMES = ["CYTODESK_FIRST", "CYTODESK_SECOND", "CYTODESK_GIVEN"];
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const name of NAMES) delete process.env[name];
});

it("takes every setting of a file as Notepad writes it, and none that the environment has", () => {
  const path = join(folder, ".env");
  writeFileSync(path, '\uFEFFCYTODESK_FIRST=1\r\nCYTODESK_SECOND="two words"\r\nCYTODESK_GIVEN=file\r\n');
  process.env.CYTODESK_GIVEN = "environment";
  loadDotEnv(path);
  expect(NAMES.map((name) => process.env[name])).toEqual(["1", "two words", "environment"]);
});
