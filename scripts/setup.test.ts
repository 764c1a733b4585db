import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { loadDotEnv, showImages } from "./setup.mjs";

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

it("shows the images of the present table, and of no other", () => {
  const at = (...parts: string[]) => join(folder, ...parts);
  const show = (table: string) => {
    // Whoever picks a table touches the file that says which.
    writeFileSync(at("current.ts"), table);
    showImages(at(table), at("shown"), at("current.ts"));
  };
  for (const [table, image] of [
    ["first", "calm.png"],
    ["second", "wild.png"],
  ] as const) {
    mkdirSync(at(table, "measure"), { recursive: true });
    writeFileSync(at(table, "measure", image), table);
  }
  mkdirSync(at("without"));

  show("first");
  expect(readdirSync(at("shown"))).toEqual(["calm.png"]);
  show("second");
  expect(readdirSync(at("shown"))).toEqual(["wild.png"]);
  show("without");
  expect(existsSync(at("shown"))).toBe(false);
  show("first");
  expect(readdirSync(at("shown"))).toEqual(["calm.png"]);
});

it("leaves images that are there as they are, or each start would build anew", () => {
  const at = (path: string) => join(folder, path);
  mkdirSync(at("table/measure"), { recursive: true });
  for (const [path, time] of [
    ["table/measure/calm.png", 1000],
    ["picked.ts", 2000],
  ] as const) {
    writeFileSync(at(path), "made");
    utimesSync(at(path), time, time);
  }
  const show = () => showImages(at("table"), at("left"), at("picked.ts"));
  show();
  writeFileSync(at("left/mark"), "");
  show();
  expect(readdirSync(at("left"))).toContain("mark");
});
