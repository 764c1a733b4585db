import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePostgres } from "./database/postgres.mjs";
import { ensureBuildTools, ensureChromium } from "./debian.mjs";
import { installLambdaRuntime } from "./lambda-runtime.mjs";
import { ensureNode } from "./runtime.mjs";
import { root, run, runPackage, setup } from "./setup.mjs";

/**
 * `npm test`: everything that must hold, from a fresh clone; ends with a line that counts the tests. With `--check`, for
 * `npm run check`, only what needs no build and no browser.
 */

await ensureNode();
const checkOnly = process.argv.includes("--check");

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

/** Adds a test runner's own counts, from the report it wrote; a report that is missing is a failure. */
function count(file, read) {
  try {
    const { passed, failed } = read(JSON.parse(readFileSync(join(root, "test-results", file), "utf8")));
    counted.passed += passed;
    counted.failed += failed;
  } catch {
    broken.push(`${file}, which was not written`);
  }
}

const vitestCounts = (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests });
const playwrightCounts = ({ stats }) => ({
  passed: stats.expected,
  failed: stats.unexpected + stats.flaky + stats.skipped,
});

function runVitest(project, database, ...folders) {
  const report = `${project}-${database}.json`;
  const name = project === "unit" ? "unit tests" : `integration tests on ${database}`;
  step(name, () =>
    runPackage(
      "vitest/vitest.mjs",
      [
        ...["run", "--project", project, ...folders],
        ...["--reporter=default", "--reporter=json", `--outputFile.json=test-results/${report}`],
      ],
      { TEST_DATABASE: database },
    ),
  );
  count(report, vitestCounts);
}

function runPlaywright(database) {
  step(`end-to-end tests on ${database}`, () =>
    runPackage("@playwright/test/cli.js", ["test"], { TEST_DATABASE: database }),
  );
  count(`e2e-${database}.json`, playwrightCounts);
}

/** What needs AWS's runtime client, both kinds of database and a browser. */
async function runServers(lambdaRuntime) {
  step("AWS templates", () => runPackage("tsx/dist/cli.mjs", ["aws/commands/cli.ts", "synth"]));
  step("container bundle", () => run("npm", ["run", "--silent", "bundle:container"]));
  // The tests say so where it is missing.
  await lambdaRuntime;
  const lackingPostgres = ensurePostgres();
  const databases = lackingPostgres === null ? ["sqlite", "postgresql"] : ["sqlite"];
  runVitest("integration", "sqlite");
  // What does not open a database cannot differ.
  if (lackingPostgres === null) runVitest("integration", "postgresql", "lib/server", "scripts/database");
  for (const database of databases) runPlaywright(database);
  if (lackingPostgres !== null) {
    console.log(`\nThe tests on PostgreSQL were skipped: ${lackingPostgres}.`);
    if (process.env.CI) broken.push("the tests on PostgreSQL, which must run where CI is set");
  }
}

/** Installs what the servers' tests need; compiling AWS's client takes longer than the steps before it is needed. */
function prepareServers() {
  ensureChromium();
  ensureBuildTools();
  return installLambdaRuntime();
}

setup({ withBuild: !checkOnly });
const lambdaRuntime = checkOnly ? null : prepareServers();
mkdirSync(join(root, "test-results"), { recursive: true });
step("lint and format", () => runPackage("@biomejs/biome/bin/biome", ["ci", "."]));
step("types", () => runPackage("typescript/bin/tsc", ["--noEmit"]));
step("dead code", () => runPackage("knip/bin/knip.js", []));
runVitest("unit", "sqlite");
if (lambdaRuntime !== null) await runServers(lambdaRuntime);

if (broken.length > 0) console.log(`\nBroken: ${broken.join("; ")}.`);
console.log(`\n${counted.passed} passed, ${counted.failed} failed`);
process.exit(broken.length > 0 || counted.failed > 0 ? 1 : 0);
