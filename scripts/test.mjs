import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tryTables } from "./adopt/try-tables.mjs";
import { ensurePostgres } from "./database/postgres.mjs";
import { tablePath } from "./database/schema-for.mjs";
import { ensureBuildTools, ensureChromium } from "./debian.mjs";
import { installLambdaRuntime } from "./lambda-runtime.mjs";
import { ensureNode } from "./runtime.mjs";
import { capture, root, runPackage, setup } from "./setup.mjs";

/**
 * `npm test`: everything that must hold, from a fresh clone; ends with a line that counts the tests. With `--check`, for
 * `npm run check`, only what needs no build and no browser.
 */

const USAGE = "npm test -- [--only unit|integration|e2e|adopt] [--node 22|24|26]";

const given = process.argv.slice(2).flatMap((argument) => argument.split("="));

function refuse(problem) {
  console.error(`${problem}\n${USAGE}`);
  process.exit(1);
}

/** Takes an option and its value, which must be one of `allowed`; undefined where it is not given. */
function take(option, allowed) {
  const at = given.indexOf(option);
  if (at < 0) return undefined;
  const [, value] = given.splice(at, 2);
  if (!allowed.includes(value)) refuse(`${option} takes ${allowed.join(", ")}; not ${value ?? "nothing"}.`);
  return value;
}

const only = take("--only", ["unit", "integration", "e2e", "adopt"]);
const major = take("--node", ["22", "24", "26"]);
const checkOnly = given[0] === "--check" && given.shift() !== undefined;
/** `npm run check -- --strict`: a text of the table that nobody has written yet is a failure too. */
const strict = checkOnly && given[0] === "--strict" ? [given.shift()] : [];
if (given.length > 0) refuse(`Not understood: ${given.join(" ")}.`);

await ensureNode(major);

/** Another Node is tried on its unit tests and one journey, unless something else is asked for. */
const isTrial = major !== undefined && only === undefined && !checkOnly;
const isWhole = !checkOnly && !isTrial && only === undefined;
const runsIntegration = isWhole || only === "integration";
const runsBrowser = isWhole || only === "e2e";
const needsServers = runsIntegration || runsBrowser;
// All of it has to end within ten minutes: what takes longest for what it shows runs where its part is asked for.
if (isWhole) process.env.TEST_BRIEF = "1";
// What Node has compiled of packages, it need not compile again for each of the many processes.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "node");

/** A prediction by the form, and its page. */
const JOURNEY = ["e2e/form.spec.ts", "--grep", "predicts both samples"];

/**
 * Where another table is adopted, what is built is tried with what holds for any table; the sources are tried with the
 * first table (vitest.config.ts). Tests name its columns, so that their types are not looked at.
 */
const isAdopted = "adopted" in JSON.parse(readFileSync(tablePath(), "utf8"));
const ANY_TABLE = isAdopted ? ["any-table"] : [];

const CHECKS = [
  ["lint and format", ...installed("@biomejs/biome/bin/biome"), "ci", "--colors=off", "."],
  [
    "types",
    ...installed("typescript/bin/tsc"),
    "--noEmit",
    ...(isAdopted ? ["--project", "tsconfig.sources.json"] : []),
  ],
  ["dead code", ...installed("knip/bin/knip.js")],
  ["texts", ...installed("tsx/dist/cli.mjs"), "scripts/adopt/list-not-written.ts", ...strict],
];
/** What the AWS path on loopback runs. */
const AWS_PATH = [
  ["AWS templates and bundles", ...installed("tsx/dist/cli.mjs"), "aws/commands/cli.ts", "synth"],
];

function installed(entry) {
  return [process.execPath, join(root, "node_modules", entry)];
}

const counted = { passed: 0, failed: 0 };
const broken = [];

function step(name, act) {
  console.error(`\n── ${name}`);
  try {
    act();
  } catch {
    broken.push(name);
  }
}

/** Runs programs side by side, each a name and a command, and prints all that each said once it has ended. */
async function sideBySide(programs) {
  await Promise.all(
    programs.map(async ([name, ...command]) => {
      const { failed, output } = await capture(...command);
      console.error(`\n── ${name}${failed ? ": broken" : ""}\n${output.trimEnd()}`);
      if (failed) broken.push(name);
    }),
  );
}

const reportPath = (file) => join(root, "test-results", file);

/** Adds a test runner's own counts, from the report that it writes while `act` runs; a missing one is a failure. */
function count(name, file, read, act) {
  // An earlier run's would be counted for it.
  rmSync(reportPath(file), { force: true });
  step(name, act);
  try {
    const { passed, failed, names } = read(JSON.parse(readFileSync(reportPath(file), "utf8")));
    counted.passed += passed;
    counted.failed += failed;
    // Named at the end too, which is what is looked at first.
    broken.push(...names.map((one) => `"${one}"`));
  } catch {
    broken.push(`${file}, which was not written`);
  }
}

const vitestCounts = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  names: report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
  ),
});
const playwrightCounts = ({ stats, suites }) => ({
  passed: stats.expected,
  failed: stats.unexpected + stats.flaky + stats.skipped,
  names: suites.flatMap(namesOfFailed),
});

/** A suite of Playwright's report holds suites and tests. */
function namesOfFailed({ suites = [], specs = [] }) {
  return [...suites.flatMap(namesOfFailed), ...specs.filter(({ ok }) => !ok).map(({ title }) => title)];
}

function runVitest(project, database, ...folders) {
  const report = `${project}-${database}.json`;
  const name = project === "unit" ? "unit tests" : `integration tests on ${database}`;
  count(name, report, vitestCounts, () =>
    runPackage(
      "vitest/vitest.mjs",
      [
        ...[
          "run",
          "--project",
          project,
          ...(project === "unit" ? ["--project", "any-table"] : []),
          ...folders,
        ],
        ...["--reporter=default", "--reporter=json", `--outputFile.json=test-results/${report}`],
      ],
      { TEST_DATABASE: database },
    ),
  );
}

function runPlaywright(database, ...which) {
  count(`end-to-end tests on ${database}`, `e2e-${database}.json`, playwrightCounts, () =>
    runPackage("@playwright/test/cli.js", ["test", ...which], { TEST_DATABASE: database }),
  );
}

/** What needs AWS's runtime client, both kinds of database and a browser. */
function runServers() {
  const lackingPostgres = ensurePostgres();
  const databases = lackingPostgres === null ? ["sqlite", "postgresql"] : ["sqlite"];
  if (runsIntegration) {
    runVitest("integration", "sqlite", ...ANY_TABLE);
    // What does not open a database cannot differ.
    if (lackingPostgres === null && !isAdopted)
      runVitest("integration", "postgresql", "lib/server", "scripts/database");
  }
  if (runsBrowser) {
    // The journeys on PostgreSQL run where the browser's tests are asked for.
    for (const database of isWhole || isAdopted ? ["sqlite"] : databases)
      runPlaywright(database, ...ANY_TABLE);
  }
  if (lackingPostgres !== null) {
    console.log(`\nThe tests on PostgreSQL were skipped: ${lackingPostgres}.`);
    if (process.env.CI) broken.push("the tests on PostgreSQL, which must run where CI is set");
  }
}

/** AWS's client is compiled by one core, for a minute, beside an installation that leaves the other idle. */
function startLambdaRuntime() {
  ensureBuildTools();
  return installLambdaRuntime();
}

const lambdaRuntime = needsServers ? startLambdaRuntime() : null;
setup({ withBuild: needsServers || isTrial });
if (needsServers) ensureChromium();
mkdirSync(reportPath(""), { recursive: true });
await sideBySide([...(isWhole || checkOnly ? CHECKS : []), ...(needsServers ? AWS_PATH : [])]);
if (only === undefined || only === "unit") runVitest("unit", "sqlite");
if (isTrial) {
  ensureChromium();
  runPlaywright("sqlite", ...JOURNEY);
}
// The tests say so where it is missing.
await lambdaRuntime;
if (needsServers) runServers();
if (only === "adopt") {
  const { passed, failed, broken: notHeld } = await tryTables();
  counted.passed += passed;
  counted.failed += failed;
  broken.push(...notHeld);
}

if (broken.length > 0) console.log(`\nBroken: ${broken.join("; ")}.`);
console.log(`\n${counted.passed} passed, ${counted.failed} failed`);
process.exit(broken.length > 0 || counted.failed > 0 ? 1 : 0);
