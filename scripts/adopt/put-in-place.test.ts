import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openWorkshop, putInPlace, repairTables, takeBack } from "./put-in-place.mjs";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "in-place-"));
  write("tables/first/table.json", "first");
  write("tables/current.ts", 'export * from "./first/index";\n');
  write("tables/current-model.ts", 'export * from "./first/model";\n');
});
afterEach(() => rmSync(project, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

/** The texts of all files by path. */
const tree = () =>
  Object.fromEntries(
    readdirSync(project, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [
        join(parentPath, name).slice(project.length + 1),
        readFileSync(join(parentPath, name), "utf8"),
      ]),
  );

/** A workshop with the table `name` in it, ready to be put in its place. */
function make(name: string): string {
  const shop = openWorkshop(project, name, ["tables"]);
  mkdirSync(join(shop, `tables/${name}`), { recursive: true });
  writeFileSync(join(shop, `tables/${name}/table.json`), "made");
  return shop;
}

/** Does it until it would rename once more than so often: from there on nothing can be moved, as after a kill. */
function killAfter(renames: number, act: () => void): void {
  const { renameSync } = fs;
  let left = renames;
  fs.renameSync = (from, to) => {
    if (left-- <= 0) throw new Error("killed");
    renameSync(from, to);
  };
  syncBuiltinESMExports();
  try {
    act();
  } catch (error) {
    expect(error).toEqual(new Error("killed"));
  } finally {
    fs.renameSync = renameSync;
    syncBuiltinESMExports();
  }
}

describe.each([
  ["a new table", "second", 5],
  ["a table that is made anew", "first", 6],
])("%s", (_, name, renames) => {
  it("comes into its place with the files that pick it, and goes back", () => {
    const before = tree();
    const shop = make(name);
    putInPlace(project, shop, [`tables/${name}`]);
    expect(tree()).toMatchObject({
      [`tables/${name}/table.json`]: "made",
      "tables/current.ts": `export * from "./${name}/index";\n`,
      "tables/current-model.ts": `export * from "./${name}/model";\n`,
    });
    takeBack(project, shop);
    rmSync(shop, { recursive: true });
    expect(tree()).toEqual(before);
  });

  it.each(Array.from({ length: renames }, (_, count) => count))(
    "is out of it again after a kill before rename %i, also where the repair is killed",
    (count) => {
      vi.spyOn(console, "error").mockReturnValue();
      const before = tree();
      const shop = make(name);
      killAfter(count, () => putInPlace(project, shop, [`tables/${name}`]));
      expect(tree()).not.toEqual(before);
      killAfter(1, () => repairTables(project));
      repairTables(project);
      expect(tree()).toEqual(before);
    },
  );

  it("stays after a kill once all of it is there", () => {
    putInPlace(project, make(name), [`tables/${name}`]);
    repairTables(project);
    const after = tree();
    expect(after[`tables/${name}/table.json`]).toBe("made");
    expect(after["tables/current.ts"]).toContain(name);
    // What is left of it goes when the next one is made.
    make("third");
    expect(Object.keys(tree()).filter((path) => path.includes("before"))).toEqual([]);
  });
});

it("is taken back where a part of it cannot be moved", () => {
  const before = tree();
  const shop = make("second");
  rmSync(join(shop, "tables/current.ts"));
  expect(() => putInPlace(project, shop, ["tables/second"])).toThrow("ENOENT");
  rmSync(shop, { recursive: true });
  expect(tree()).toEqual(before);
});
