import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * A table is made in a workshop, a folder in the project's `data/`, and comes into its place by renaming. The workshop
 * keeps what was there before until all is done, so that whatever stops it can be undone from what is on disk. Plain
 * JavaScript: it also runs before anything is installed.
 */

const CURRENT = "tables/current.ts";
/** The paths that are moved, in their order: there from before the first is moved. */
const MOVES = "moves.json";
/** What was in their place. */
const BEFORE = "before";

/**
 * The two files that pick a table.
 * @param {string} name
 * @returns {Record<string, string>}
 */
const currentFiles = (name) => ({
  "tables/current-model.ts": `export * from "./${name}/model";\n`,
  // Last, so that a table is chosen only when all of it is there.
  [CURRENT]: `export * from "./${name}/index";\n`,
});

/**
 * A workshop with a copy of `parts` of the project and the two files that pick a table; what an earlier one left is deleted.
 * @param {string} project
 * @param {string} name
 * @param {readonly string[]} parts
 */
export function openWorkshop(project, name, parts = []) {
  repairTables(project);
  mkdirSync(join(project, "data"), { recursive: true });
  for (const left of workshops(project)) rmSync(left, { recursive: true, force: true });
  const shop = mkdtempSync(join(project, "data", "adopting-"));
  mkdirSync(join(shop, "tables"));
  for (const part of parts) cpSync(join(project, part), join(shop, part), { recursive: true });
  for (const [path, text] of Object.entries(currentFiles(name))) writeFileSync(join(shop, path), text);
  return shop;
}

/** @param {string} project */
function workshops(project) {
  const data = join(project, "data");
  if (!existsSync(data)) return [];
  return readdirSync(data)
    .filter((name) => name.startsWith("adopting-"))
    .map((name) => join(data, name));
}

/**
 * Moves folders, and then what picks the table, from the workshop into the project. What fails is undone,
 * and thrown.
 * @param {string} project
 * @param {string} shop
 * @param {readonly string[]} [folders] from the project's folder
 */
export function putInPlace(project, shop, folders = []) {
  const paths = [...folders, ...Object.keys(currentFiles(""))];
  for (const path of paths) mkdirSync(dirname(join(shop, BEFORE, path)), { recursive: true });
  writeFileSync(join(shop, MOVES), JSON.stringify(paths));
  try {
    for (const path of paths) {
      if (existsSync(join(project, path))) renameSync(join(project, path), join(shop, BEFORE, path));
      renameSync(join(shop, path), join(project, path));
    }
  } catch (error) {
    takeBack(project, shop);
    throw error;
  }
  touchCurrent(project);
}

/**
 * Puts back what was there before, however far `putInPlace` came; it may be stopped and called again.
 * @param {string} project
 * @param {string} shop
 */
export function takeBack(project, shop) {
  for (const path of movesOf(shop).toReversed()) {
    const [here, made, before] = [join(project, path), join(shop, path), join(shop, BEFORE, path)];
    // What was made is in its place once it is no longer in the workshop.
    if (existsSync(here) && !existsSync(made)) renameSync(here, made);
    if (existsSync(before)) renameSync(before, here);
  }
  touchCurrent(project);
}

/**
 * Takes back what a program that was killed had put in its place only in part; says so. What it had finished stays.
 * @param {string} project
 */
export function repairTables(project) {
  for (const shop of workshops(project)) {
    if (!movesOf(shop).some((path) => existsSync(join(shop, path)))) continue;
    takeBack(project, shop);
    rmSync(shop, { recursive: true, force: true });
    console.error("Adopting a table was stopped while it was put in its place. All is as it was before.");
  }
}

/**
 * @param {string} shop
 * @returns {string[]}
 */
function movesOf(shop) {
  try {
    return JSON.parse(readFileSync(join(shop, MOVES), "utf8"));
  } catch {
    // Nothing was moved yet.
    return [];
  }
}

/**
 * What is generated and built for a table is made anew where the file that picks it is newer.
 * @param {string} project
 */
function touchCurrent(project) {
  const now = new Date();
  utimesSync(join(project, CURRENT), now, now);
}
