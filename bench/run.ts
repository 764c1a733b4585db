import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { loadCases } from "./cases";
import { parseOptions, type SectionName } from "./options";
import { formatTable, type Section } from "./report";
import { measureAwsPath } from "./sections/aws-path";
import { measureBatch } from "./sections/batch";
import { measureClientJavaScript } from "./sections/client-javascript";
import { measureFormPage } from "./sections/form-page";
import { measureHistory } from "./sections/history";
import { measureInBrowser } from "./sections/in-browser";
import { measureModel } from "./sections/in-process";
import { measureMeasuring } from "./sections/measure";
import { measurePredict } from "./sections/predict";
import { measureSignIn } from "./sections/sign-in";
import { measureStartUp } from "./sections/start-up";
import { measureWorkingRecord } from "./sections/working-record";
import { findDjango, Workshop } from "./servers";

/**
 * `npm run bench`: the application beside a plain Node server, which is the limit, and a Django application that does
 * the original's job, in turns in one run. Read the ratios; the absolute numbers are this machine's at this hour.
 */

const ROUNDS = 3;
/** Files of fewer rows are answered in the time that a process takes to start. */
const LEAST_BATCH = 1_000_000;

const begun = performance.now();
const log = (text: string) =>
  console.error(`[${((performance.now() - begun) / 1000).toFixed(0).padStart(3)} s] ${text}`);

async function main(args: readonly string[]): Promise<number> {
  const { only, rows: sizes, seconds } = parseOptions(args);
  const found = findDjango();
  const django = typeof found === "string" ? null : found;
  if (typeof found === "string") log(`The Django peer is left out: ${found}.`);
  else if (found.gunicorn === null)
    log("gunicorn is left out: this Python has none (Debian: apt install gunicorn).");

  const cases = await loadCases();
  const shop = new Workshop();
  const plan = { seconds, rounds: ROUNDS };
  const measure: Record<SectionName, () => Promise<Section>> = {
    form: () => measureFormPage(shop, django, plan),
    predict: () => measurePredict(shop, django, cases, plan),
    "sign-in": () => measureSignIn(shop, cases),
    history: () => measureHistory(shop, django, cases, { ...plan, sizes, log }),
    record: () => measureWorkingRecord(shop, cases, { sizes, log }),
    model: () => measureModel(cases),
    aws: () => measureAwsPath(cases),
    start: () => measureStartUp(shop, django, plan),
    scripts: () => measureClientJavaScript(shop),
    browser: () => measureInBrowser(shop, cases),
    measure: () => measureMeasuring(shop),
    batch: () => measureBatch(shop, cases, { sizes: sizes.filter((size) => size >= LEAST_BATCH), log }),
  };
  const sections: [SectionName, Section][] = [];
  try {
    for (const name of only) {
      log(name);
      sections.push([name, await measure[name]()]);
    }
  } finally {
    await shop.close();
  }

  const processor = cpus();
  const machine = `Node ${process.versions.node}, ${processor.length} x ${processor[0]?.model ?? "processor"}`;
  console.log(`\n${machine}, ${typeof found === "string" ? "no Django" : `Django ${found.version}`}`);
  for (const [, { title, header, rows, notes, errors }] of sections) {
    console.log(`\n${title}\n\n${formatTable(header, rows)}`);
    for (const note of notes) console.log(`\n${note}`);
    for (const error of errors.slice(0, 3)) console.log(`\nERROR ${error}`);
  }
  const errors = sections.flatMap(([, section]) => section.errors);
  writeFileSync(
    fileURLToPath(new URL("./results.json", import.meta.url)),
    `${JSON.stringify(
      {
        finishedAt: new Date().toISOString(),
        machine,
        django: found,
        options: { only, rows: sizes, seconds, rounds: ROUNDS },
        sections: Object.fromEntries(sections.map(([name, { data }]) => [name, data])),
        errors,
      },
      null,
      2,
    )}\n`,
  );
  log("wrote bench/results.json");
  return errors.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
