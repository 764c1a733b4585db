import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * Versions of Next and React that are known to be dangerous: neither a build nor a server starts with one (next.config.js).
 * docs/dependencies.md
 */

/** @type {{ id: string, what: string, package: string, ranges: [from: string, before: string][] }[]} */
const KNOWN_BAD = JSON.parse(readFileSync(new URL("known-bad.json", import.meta.url), "utf8"));

/** A version's three numbers; what is before a release counts as the release. */
const numbersOf = (version) => version.split(/[-+]/)[0].split(".").map(Number);

function isBefore(one, other) {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  const at = [0, 1, 2].find((place) => a[place] !== b[place]);
  return at !== undefined && a[at] < b[at];
}

/** Whether a version is in a range that has its first and lacks its last; a version before the release of the last has the fault. */
const isIn = (version, [from, before]) =>
  !isBefore(version, from) &&
  (isBefore(version, before) || (version.includes("-") && !isBefore(before, version)));

/**
 * What is known of installed versions, as sentences.
 * @param {Record<string, string>} installed versions by package
 */
export const knownFaults = (installed) =>
  KNOWN_BAD.filter(({ package: name, ranges }) =>
    ranges.some((range) => installed[name] !== undefined && isIn(installed[name], range)),
  ).map(({ id, what, package: name }) => `${name} ${installed[name]} has ${id}: ${what}.`);

/** Throws where an installed version is known to be dangerous. */
export function requireSafeVersions() {
  const require = createRequire(import.meta.url);
  const versionOf = (name) => [name, require(`${name}/package.json`).version];
  const faults = knownFaults(Object.fromEntries(["next", "react"].map(versionOf)));
  if (faults.length > 0) {
    throw new Error(
      `${faults.join("\n")}\nInstall a later version; scripts/supply/known-bad.json says which.`,
    );
  }
}
