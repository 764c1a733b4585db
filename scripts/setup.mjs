import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SCHEMA_PATH, schemaFor } from "../prisma/schema-for.mjs";

/**
 * Brings a checkout to where it can run: packages, generated clients, migrated database, production build; each only
 * where it is missing or out of date. Plain JavaScript, because it runs before anything is installed.
 */

export const root = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";

/** Runs a program in the project's folder, its output shown; throws where it fails. */
export function run(command, args, extraEnv = {}) {
  execFileSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...extraEnv },
    shell: isWindows,
  });
}

/** Runs the JavaScript entry of an installed package, which needs no shell and no PATH. */
export function runPackage(entry, args, extraEnv = {}) {
  run(process.execPath, [join(root, "node_modules", entry), ...args], extraEnv);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  console.error(`Cytodesk needs Node 22.18 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Serving needs a third of the packages; what was installed whole stays whole. */
function installPackages(forServing) {
  const stamp = join(root, "node_modules", ".cytodesk-lock");
  const hash = () =>
    createHash("sha256")
      .update(readFileSync(join(root, "package-lock.json")))
      .digest("hex");
  const [installed, extent] = existsSync(stamp) ? readFileSync(stamp, "utf8").split(" ") : [];
  const partly = forServing && extent !== "all";
  if (installed === hash() && (partly || extent === "all")) return;
  console.error("Installing packages (a minute or two; one of them is compiled) …");
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", ...(partly ? ["--omit=dev"] : [])];
  // Exactly what the lock file says; where packages are already, `install` adds what is missing and compiles nothing again.
  run("npm", [installed === undefined ? "ci" : "install", ...flags]);
  writeFileSync(stamp, `${hash()} ${partly ? "serving" : "all"}`);
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
const isUpToDate = (made, sources) => newest(made) > Math.max(...sources.map(newest));

/** One client for each kind of database; which of them is used, DATABASE_URL says at run time. */
function generateClients() {
  const generated = at("lib", "server", "generated");
  const stamp = join(generated, "postgresql", "client.ts");
  const sources = [SCHEMA_PATH, at("prisma", "schema-for.mjs"), at("node_modules", ".cytodesk-lock")];
  if (isUpToDate(stamp, sources)) return;
  console.error("Generating the database clients …");
  mkdirSync(generated, { recursive: true });
  const derived = join(generated, "postgresql.prisma");
  writeFileSync(derived, schemaFor("postgresql"));
  for (const schema of [SCHEMA_PATH, derived]) {
    // The generator needs no engine, and the one it would fetch is not to be had everywhere.
    runPackage("prisma/build/index.js", ["generate", `--schema=${schema}`], {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
    });
  }
}

const BUILT_FROM = [
  "app",
  "aws/lambda",
  "components",
  "lib",
  "model",
  "public",
  "instrumentation.ts",
  "next.config.js",
  "node_modules/.cytodesk-lock",
  "package.json",
  "postcss.config.mjs",
  "tsconfig.json",
];

function build() {
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

/** A thread is started from a file of its own, and not from what Next compiles. */
function bundleThreads() {
  const sources = ["lib", "model", "package.json", "tsconfig.json", "node_modules/.cytodesk-lock"];
  if (
    isUpToDate(
      at("dist", "read-worker.cjs"),
      sources.map((path) => at(path)),
    )
  )
    return;
  run("npm", ["run", "--silent", "bundle:threads"]);
}

/** Takes the settings of `.env`, where there is one; what the environment already says stands. */
export function loadDotEnv() {
  if (existsSync(at(".env"))) process.loadEnvFile(at(".env"));
}

/** Applies pending migrations to DATABASE_URL, or to the default database. */
export function migrate() {
  run(process.execPath, ["--import", "tsx", at("prisma", "migrate.ts"), "deploy"]);
}

/** Packages, clients, build; `forServing` leaves out the packages that only development and tests need. */
export function setup({ withBuild = true, forServing = false } = {}) {
  checkNode();
  installPackages(forServing);
  generateClients();
  bundleThreads();
  if (withBuild) build();
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  setup({ withBuild: !process.argv.includes("--no-build") });
