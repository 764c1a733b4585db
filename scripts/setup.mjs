import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseEnv } from "node:util";
import { repairTables } from "./adopt/put-in-place.mjs";
import { CURRENT_PATH, clientSchemaFor, SCHEMA_PATH, tablePath } from "./database/schema-for.mjs";

/**
 * Brings a checkout to where it can run: packages, generated clients, migrated database, production build; each only
 * where it is missing or out of date. Plain JavaScript, because it runs before anything is installed.
 */

export const root = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";

/** Runs a program in the project's folder, its output shown; throws where it fails. */
function run(command, args, extraEnv = {}) {
  execFileSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...extraEnv },
    shell: isWindows,
  });
}

/** Runs a program in the project's folder beside others; resolves to whether it failed, and all that it printed. */
export async function capture(command, ...args) {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], shell: isWindows });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const [code] = await once(child, "close");
  return { failed: code !== 0, output };
}

/** Runs the JavaScript entry of an installed package, which needs no shell and no PATH. */
export function runPackage(entry, args, extraEnv = {}) {
  run(process.execPath, [join(root, "node_modules", entry), ...args], extraEnv);
}

/** Serving needs a third of the packages; what was installed whole stays whole. */
function installPackages(forServing) {
  const stamp = join(root, "node_modules", ".cytodesk-lock");
  // What was installed for one version of Node, system or processor may not fit another.
  const platform = [process.platform, process.arch, process.versions.modules].join("-");
  const lock = () =>
    createHash("sha256")
      .update(readFileSync(join(root, "package-lock.json")))
      .digest("hex");
  const [installed, extent, installedFor] = existsSync(stamp) ? readFileSync(stamp, "utf8").split(" ") : [];
  const partly = forServing && extent !== "all";
  const fits = installedFor === platform;
  if (fits && installed === lock() && (partly || extent === "all")) return;
  console.error("Installing packages (about a minute) …");
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", ...(partly ? ["--omit=dev"] : [])];
  // Exactly what the lock file says; where fitting packages are already, `install` only adds what is missing.
  run("npm", [fits ? "install" : "ci", ...flags]);
  writeFileSync(stamp, `${lock()} ${partly ? "serving" : "all"} ${platform}`);
}

/** The time of the newest file at or below a path; 0 where there is none. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const at = (...parts) => join(root, ...parts);

/** Whether what was made is newer than all that it is made from. */
export const isUpToDate = (made, sources) => newest(made) > Math.max(...sources.map(newest));

/** One client for each kind of database; which of them is used, DATABASE_URL says at run time. */
function generateClients() {
  const generated = at("lib", "server", "generated");
  const stamp = join(generated, "postgresql", "client.ts");
  const sources = [
    SCHEMA_PATH,
    CURRENT_PATH,
    tablePath(),
    at("scripts", "database", "schema-for.mjs"),
    at("node_modules", ".cytodesk-lock"),
  ];
  if (isUpToDate(stamp, sources)) return;
  console.error("Generating the database clients …");
  mkdirSync(generated, { recursive: true });
  for (const kind of ["sqlite", "postgresql"]) {
    const schema = join(generated, `${kind}.prisma`);
    writeFileSync(schema, clientSchemaFor(kind));
    // The generator needs no engine, and the one it would fetch is not to be had everywhere.
    runPackage("prisma/build/index.js", ["generate", `--schema=${schema}`], {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
    });
  }
}

/**
 * The images of the present table's folder `measure`, where browsers find them; those of the table before go.
 * @param {string} table its folder
 * @param {string} shown the folder that is served
 * @param {string} picked the file that picks the table
 */
export function showImages(table, shown, picked) {
  const images = join(table, "measure");
  if (existsSync(images) && isUpToDate(shown, [images, picked])) return;
  rmSync(shown, { recursive: true, force: true });
  if (existsSync(images)) cpSync(images, shown, { recursive: true });
}

const BUILT_FROM = [
  "app",
  "components",
  "lib",
  "model",
  "public",
  "instrumentation.ts",
  "next.config.js",
  "node_modules/.cytodesk-lock",
  "package.json",
  "postcss.config.mjs",
  "tables",
  "tsconfig.json",
];

/** Throws where the rows of the present table were kept out of git and are not here: pages are made from them. */
function requireRows() {
  const path = join(dirname(tablePath()), "data.csv");
  if (existsSync(path)) return;
  const shown = relative(root, path);
  throw new Error(`${shown} is not here, and nothing can be built without it. Put the file in its place.`);
}

/** Next's production build. */
export function build() {
  requireRows();
  if (
    isUpToDate(
      at(".next", "BUILD_ID"),
      BUILT_FROM.map((path) => at(path)),
    )
  )
    return;
  console.error("Building (about a minute) …");
  runPackage("next/dist/bin/next", ["build"]);
}

/** Threads, and what runs before Next does, start from files of their own and not from what Next compiles. */
function bundleServer() {
  const sources = [
    "lib",
    "model",
    "scripts/database",
    "server",
    "tables",
    "package.json",
    "tsconfig.json",
    "node_modules/.cytodesk-lock",
  ];
  if (
    isUpToDate(
      at("dist", "preflight.cjs"),
      sources.map((path) => at(path)),
    )
  )
    return;
  run("npm", ["run", "--silent", "bundle:server"]);
}

/**
 * Takes the settings of `.env`, where there is one; what the environment already says stands. Windows' Notepad puts a
 * byte order mark before the first, which Node would take for a part of its name.
 */
export function loadDotEnv(path = at(".env")) {
  if (!existsSync(path)) return;
  const settings = parseEnv(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value;
}

/** Applies pending migrations to DATABASE_URL, or to the default database. */
export function migrate() {
  run(process.execPath, [at("dist", "database", "migrate.mjs"), "deploy"]);
}

/** What lib/server and the database say before anything is served: `dist/preflight.cjs`, of server/preflight.ts. */
export const loadPreflight = () => import(pathToFileURL(at("dist", "preflight.cjs")).href);

/** What answers programs: `dist/api.mjs`, of server/api.ts. */
export const loadApi = () => import(pathToFileURL(at("dist", "api.mjs")).href);

/** Who comes in where people sign in: `dist/access.mjs`, of server/access.ts. */
export const loadAccess = () => import(pathToFileURL(at("dist", "access.mjs")).href);

/** Packages, clients, build; `forServing` leaves out the packages that only development and tests need. */
export function setup({ withBuild = true, forServing = false, onlyPackages = false } = {}) {
  repairTables(root);
  installPackages(forServing);
  if (onlyPackages) return;
  generateClients();
  showImages(dirname(tablePath()), at("public", "measure"), CURRENT_PATH);
  bundleServer();
  if (withBuild) build();
}
