import { type ChildProcess, spawn } from "node:child_process";
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
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { tableFile } from "../../tables/table-file";
import { tablePath } from "../database/schema-for.mjs";
import { root } from "../setup.mjs";
import { type Draft, describeFile, type Options } from "./describe-file";
import { folderOf, isPersons, withNewColumns } from "./folder";
import { findTodos } from "./not-written";
import { openWorkshop, putInPlace, takeBack } from "./put-in-place.mjs";
import { readTable } from "./read-table";
import { chooseSamples, divideIntoFolds, firstSamples, middleSamples } from "./samples";

/** `npm run adopt`: makes this application one for another table. Nothing of the project changes until all is made. */

const USAGE = `Usage:
  npm run adopt -- FILE --label COLUMN [--positive CODE] [--name NAME] [options]   adopt a CSV file of rows
  npm run adopt -- --again [FILE]     take the present table's data.csv, or FILE, with its options; your words stay
  npm run adopt -- --use NAME         go back to a table of tables/
Options:
  --check                   only say what would be done
  --yes                     ask nothing
  --drop A,B                leave columns out
  --keep A,B                keep columns that would be refused
  --category A,B            take numbers as codes
  --zero-missing A,B        take 0 as not measured
  --group "mean=*_mean,se=*_se"   put columns into groups
  --level 0.9               how sure a certain answer is; otherwise the table decides
  --threshold 0.5           from which probability on a case counts as positive
  --no-samples              show no row of the file; the middle value of every column instead
  --no-data                 keep data.csv out of git`;

/** A sentence for the person, and no bug. */
class Refusal extends Error {}

type Job = {
  options: Options;
  level: number | null;
  threshold: number;
  hasSamples: boolean;
  hasData: boolean;
  isAgain: boolean;
};

/** The table that this application is one for as the command begins. */
const PREVIOUS = basename(dirname(tablePath()));
const inRoot = (path: string) => join(root, path);
const listed = (text: string | undefined) =>
  (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** Where the table is made, until all is done. */
let workshop: string | null = null;
/** What runs there, or checks what came of it. */
let running: ChildProcess | null = null;

/** Deletes the workshop, with what was in place before. */
function clear(): void {
  if (workshop !== null) rmSync(workshop, { recursive: true, force: true });
  workshop = null;
}

process.on("exit", () => {
  running?.kill();
  clear();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);

/** The checks are the last step that can be stopped: the table is out of its place again after it. */
function stop(): never {
  if (workshop !== null) takeBack(root, workshop);
  console.error("\nStopped. All is as it was before.");
  process.exit(130);
}

async function main(): Promise<void> {
  const { values: given, positionals } = readArguments();
  const [file, ...more] = positionals;
  if (more.length > 0) throw new Refusal(`Give one file; ${more.length + 1} are given.\n${USAGE}`);
  if (given.use !== undefined) {
    const { use: name, yes: _, ...others } = given;
    if (file !== undefined || Object.values(others).some((value) => value !== undefined && value !== false))
      throw new Refusal("--use NAME takes neither a file nor another option.");
    return use(name);
  }
  const job = given.again ? jobAgain(given) : newJob(file, given);
  const path = file ?? inRoot(`tables/${job.options.name}/data.csv`);
  if (file === undefined && !existsSync(path)) {
    throw new Refusal(
      `tables/${job.options.name}/data.csv is not here; it may be kept out of git. Give the file: npm run adopt -- --again FILE.`,
    );
  }
  const raw = readTable(readFile(path));
  if (!raw.ok) throw new Refusal(raw.error);
  // The folder's own data.csv has keys in place of headers, and 0 that meant missing is empty there.
  const options = file === undefined ? inKeys(job.options) : job.options;
  const { refusals, notes, draft } = describeFile(raw.value, options);
  for (const note of notes) console.log(`- ${note}`);
  if (draft === null) {
    throw new Refusal(`\nNot adopted:\n${refusals.map((one) => `- ${one}`).join("\n")}`);
  }
  report(draft, job);
  if (given.check) return;
  if (!given.yes) await ask(`Adopt it as tables/${job.options.name}? [y/N] `);
  await make(draft, job);
}

function readFile(path: string): Buffer {
  if (!existsSync(path)) throw new Refusal(`There is no file ${path}.`);
  if (!statSync(path).isFile()) throw new Refusal(`${path} is no file. Give a CSV file.`);
  return readFileSync(path);
}

function readArguments() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...{ label: text, positive: text, name: text, group: text, "zero-missing": text, category: text },
        ...{ drop: text, keep: text, level: text, threshold: text, use: text },
        ...{ again: flag, yes: flag, check: flag, "no-samples": flag, "no-data": flag },
      },
    });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

type Given = ReturnType<typeof readArguments>["values"];

function newJob(file: string | undefined, given: Given): Job {
  if (file === undefined) throw new Refusal(USAGE);
  if (given.label === undefined)
    throw new Refusal(
      "Say which column is the outcome: --label COLUMN. npm run adopt alone lists all options.",
    );
  const name = given.name ?? nameOf(file);
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(name)) {
    throw new Refusal(
      `"${name}" cannot name a table. Give --name with up to 30 of a-z, 0-9 and -, a letter first.`,
    );
  }
  const folder = inRoot(`tables/${name}`);
  if (existsSync(folder)) {
    const isOwn = existsSync(join(folder, "keys.ts"));
    throw new Refusal(
      `tables/${name} is there already. ${isOwn ? "To read its rows anew: npm run adopt -- --again. Otherwise give" : "Give"} another --name.`,
    );
  }
  return {
    options: {
      label: given.label,
      positive: given.positive,
      name,
      groups: groupsOf(listed(given.group)),
      zeroMissing: listed(given["zero-missing"]),
      category: listed(given.category),
      drop: listed(given.drop),
      keep: listed(given.keep),
    },
    level: numberBetween("--level", given.level, 0.5, 0.999),
    threshold: numberBetween("--threshold", given.threshold, 0.01, 0.99) ?? 0.5,
    hasSamples: !given["no-samples"],
    hasData: !given["no-data"],
    isAgain: false,
  };
}

const nameOf = (file: string) =>
  (file.split(/[\\/]/).at(-1) ?? "")
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

function groupsOf(texts: readonly string[]): (readonly [string, string])[] {
  return texts.map((text) => {
    const [, group, pattern] = /^([\w-]+)=(.*\*.*)$/.exec(text) ?? [];
    if (group === undefined || pattern === undefined)
      throw new Refusal(`--group cannot read "${text}". It takes NAME=PATTERN, such as "mean=*_mean".`);
    return [group, pattern] as const;
  });
}

function numberBetween(option: string, text: string | undefined, low: number, high: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value >= low && value <= high))
    throw new Refusal(`${option} takes a number from ${low} to ${high}; not ${text}.`);
  return value;
}

/** What the present table was adopted with, unless it is said anew. */
function jobAgain(given: Given): Job {
  const name = given.name ?? PREVIOUS;
  const path = inRoot(`tables/${name}/table.json`);
  const table = existsSync(path) ? tableFile.safeParse(JSON.parse(readFileSync(path, "utf8"))) : null;
  if (table?.data?.adopted === undefined)
    throw new Refusal(`tables/${name} was not adopted, so there is nothing to do again.`);
  const { adopted, label, classes, threshold, samples, columns, ...facts } = table.data;
  for (const [option, before] of [
    ["label", label],
    ["positive", classes.positive],
  ] as const) {
    if ((given[option] ?? before) !== before)
      throw new Refusal(
        `tables/${name} was adopted with --${option} ${before}. For another, adopt the file with another --name.`,
      );
  }
  const again = (text: string | undefined, before: readonly string[]) =>
    text === undefined ? before : listed(text);
  return {
    options: {
      ...{ label, positive: classes.positive, name },
      groups: groupsOf(again(given.group, adopted.groups)),
      zeroMissing: again(given["zero-missing"], adopted.zeroMissing),
      category: again(given.category, adopted.category),
      drop: again(given.drop, adopted.drop),
      keep: again(given.keep, adopted.keep),
      levels: Object.fromEntries(columns.flatMap(({ key, levels }) => (levels ? [[key, levels]] : []))),
    },
    level: numberBetween("--level", given.level, 0.5, 0.999) ?? levelOf(facts),
    threshold: numberBetween("--threshold", given.threshold, 0.01, 0.99) ?? threshold,
    hasSamples: !given["no-samples"] && samples.every(({ row }) => row >= 0),
    hasData: !existsSync(inRoot(`tables/${name}/.gitignore`)) && !given["no-data"],
    isAgain: true,
  };
}

/** What was asked for; what the table decided, it decides anew. */
const levelOf = (facts: object) => ("level" in facts && typeof facts.level === "number" ? facts.level : null);

/** Options for a data.csv of tables/, whose headers are the keys, and which has the columns that stayed alone. */
function inKeys(options: Options): Options {
  const path = inRoot(`tables/${options.name}/table.json`);
  const { adopted, columns } = tableFile.parse(JSON.parse(readFileSync(path, "utf8")));
  const keyBy = new Map(Object.entries(adopted?.headers ?? {}).map(([key, header]) => [header, key]));
  const keys = new Set(columns.map(({ key }) => key));
  const here = (headers: readonly string[]) =>
    headers.map((header) => keyBy.get(header) ?? header).filter((key) => keys.has(key));
  return {
    ...options,
    zeroMissing: here(options.zeroMissing),
    category: here(options.category),
    drop: here(options.drop),
    keep: here(options.keep),
  };
}

function report({ columns, truths, classes }: Draft, { options, hasSamples }: Job): void {
  const count = (type: string) => columns.filter((column) => column.type === type).length;
  const positives = truths.filter((code) => code === classes.positive).length;
  const kinds = [
    [count("number"), "number", "numbers"],
    [count("category"), "category", "categories"],
    [count("yes-no"), "yes-no", "yes-no"],
  ].flatMap(([n, one, more]) => (n === 0 ? [] : `${n} ${n === 1 ? one : more}`));
  console.log(
    `${truths.length} rows, ${positives} of them ${options.label} = ${classes.positive}; ${columns.length} ${columns.length === 1 ? "column" : "columns"}: ${kinds.join(", ")}.`,
  );
  if (hasSamples) {
    console.log(
      "As samples up to four rows of the file become visible to everybody who opens the application; --no-samples shows none.",
    );
  }
}

async function ask(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Refusal("Nobody is there to ask. Add --yes to go ahead.");
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  // The prompt takes Ctrl-C for itself, and at Ctrl-D would wait for ever.
  prompt.once("SIGINT", stop);
  const answer = await Promise.race([
    prompt.question(question),
    new Promise<string>((resolve) => prompt.once("close", () => resolve(""))),
  ]);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Refusal("Not adopted.");
}

/** Writes, trains and evaluates the table in a folder of its own, and puts it in its place at the end. */
async function make(draft: Draft, job: Job): Promise<void> {
  const { options, level, threshold } = job;
  const { name } = options;
  const shop = openWorkshop(root, name, [
    "tables",
    "model",
    "scripts/adopt/strongest.ts",
    "package.json",
    "tsconfig.json",
  ]);
  workshop = shop;
  const folder = join(shop, "tables", name);
  const before = inRoot(`tables/${name}`);
  let samples = job.hasSamples ? firstSamples(draft) : middleSamples(draft);
  const write = (shown?: readonly string[]) => {
    const plan = { options, level, threshold, samples, shown };
    for (const [file, text] of Object.entries(folderOf(draft, plan))) {
      if (!isPersons(file) || !existsSync(join(folder, file))) writeFileSync(join(folder, file), text);
    }
  };
  mkdirSync(folder, { recursive: true });
  if (job.isAgain) await bringPersonsFiles(before, folder, draft);
  if (!job.hasData) writeFileSync(join(folder, ".gitignore"), "data.csv\n");
  write();
  const folds = divideIntoFolds(draft);
  writeFileSync(join(folder, "folds.json"), `${JSON.stringify(folds)}\n`);
  const took = await evaluate(shop, join(folder, "folds.json"), join(folder, "evaluation.json"));
  if (job.hasSamples) {
    const { heldOut } = JSON.parse(readFileSync(join(folder, "evaluation.json"), "utf8")) as {
      heldOut: (number | null)[];
    };
    samples = chooseSamples(draft, heldOut, threshold);
    write();
  }
  // As long as one fold took, of which each core had one at a time.
  await runModel("Training", shop, (took * availableParallelism()) / folds.test_rows.length, "train");
  write(await strongestColumns(shop));
  // They may have been changed since.
  if (job.isAgain) await bringPersonsFiles(before, folder, draft);
  putInPlace(root, shop, [`tables/${name}`]);
  await format(`tables/${name}`);
  const todos = findTodos(inRoot(`tables/${name}`), `tables/${name}`);
  console.log(
    name === PREVIOUS
      ? `\ntables/${name} is made anew.`
      : `\nThis application is one for ${name} now. To go back: npm run adopt -- --use ${PREVIOUS}.`,
  );
  if (!job.hasData) {
    console.log(
      `tables/${name}/data.csv stays out of git. Whoever builds a clone needs the file in its place; without it nothing can be built, checked or adopted again.`,
    );
  }
  if (todos.length > 0) {
    console.log(`\n${todos.length} texts are still to be written, and say "not written yet" until then:`);
    for (const { place, question } of todos) console.log(`  ${place}: ${question}`);
  }
  console.log("\nChecking types and tests (npm run check, about a minute) …");
  const code = await runProgram([inRoot("scripts/test.mjs"), "--check"], root, () => undefined, "inherit");
  if (code !== 0) {
    console.error("npm run check found something; it is said above. The table is in place all the same.");
    process.exitCode = 1;
  }
}

/** Copies what a person wrote of a table to where it is made anew; its words get a line for each new column. */
async function bringPersonsFiles(from: string, to: string, draft: Draft): Promise<void> {
  for (const file of readdirSync(from).filter(isPersons)) {
    cpSync(join(from, file), join(to, file), { recursive: true });
  }
  const path = join(from, "words.ts");
  // Its own address each time, so that it is read anew.
  const { words } = (await import(`${pathToFileURL(path)}?${Date.now()}`)) as {
    words: { columns: Record<string, unknown> };
  };
  const text = withNewColumns(readFileSync(path, "utf8"), draft, Object.keys(words.columns));
  if (text === null)
    throw new Refusal(
      `The file has columns that ${path} does not name, and it has no line "  columns: {" to add them below.`,
    );
  writeFileSync(join(to, "words.ts"), text);
}

/** A line that a long header made too long is none of the person's concern. */
const format = (path: string) =>
  runProgram(
    [inRoot("node_modules/@biomejs/biome/bin/biome"), "format", "--write", path],
    root,
    () => undefined,
  );

/** Goes back to a table that is there, with its model. */
function use(name: string): void {
  const isTable = (one: string) => existsSync(inRoot(`tables/${one}/index.ts`));
  if (!isTable(name)) {
    const names = readdirSync(inRoot("tables")).filter(isTable);
    throw new Refusal(`There is no tables/${name}. There are ${names.join(", ")}.`);
  }
  if (name === PREVIOUS) throw new Refusal(`This application is one for ${name} already.`);
  workshop = openWorkshop(root, name);
  putInPlace(root, workshop);
  console.log(`This application is one for ${name} again.`);
}

const evaluate = (shop: string, folds: string, report: string) =>
  runModel("Evaluating", shop, null, "evaluate", "--nested", "--folds", folds, "--json", report);

/** Runs a command of the model in the workshop, and says how far it is; `expected` milliseconds, where that is known. */
async function runModel(
  what: string,
  shop: string,
  expected: number | null,
  ...args: string[]
): Promise<number> {
  const started = Date.now();
  const isSeen = process.stderr.isTTY;
  const show = (text: string) => process.stderr.write(isSeen ? `\r\u001b[K${text}` : `${text}\n`);
  let said = "";
  let tenth = -1;
  let end = expected === null ? null : started + expected;
  const tick = () => {
    const now = Date.now();
    const left = end === null ? duration(now - started) : `about ${duration(Math.max(1000, end - now))} left`;
    show(`${what}${tenth < 0 ? " …" : `: ${10 * tenth} %,`} ${left}`);
  };
  show(`${what} …`);
  const ticking = isSeen ? setInterval(tick, 1000) : undefined;
  const code = await runProgram(["--import", "tsx", join(shop, "model/cli.ts"), ...args], shop, (text) => {
    said = (said + text).slice(-4000);
    const [, done, total] = /.*fold (\d+) of (\d+)/s.exec(text) ?? [];
    if (done === undefined || total === undefined) return;
    const now = Date.now();
    end = now + ((now - started) / Number(done)) * (Number(total) - Number(done));
    const before = tenth;
    tenth = Math.floor((10 * Number(done)) / Number(total));
    if (isSeen || tenth > before) tick();
  });
  clearInterval(ticking);
  if (code !== 0) throw new Refusal(`\n${what} failed, and nothing was changed. It said:\n${said.trim()}`);
  const took = Date.now() - started;
  show(`${what}: done in ${duration(took)}`);
  if (isSeen) process.stderr.write("\n");
  return took;
}

/** The columns whose reasons are the largest, of the table that is made in the workshop. */
async function strongestColumns(shop: string): Promise<string[]> {
  let said = "";
  const code = await runProgram(
    ["--import", "tsx", join(shop, "scripts/adopt/strongest.ts")],
    shop,
    (text) => {
      said += text;
    },
  );
  if (code !== 0)
    throw new Refusal(`\nThe reasons cannot be told, and nothing was changed. It said:\n${said.trim()}`);
  return JSON.parse(said) as string[];
}

const duration = (ms: number) =>
  ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} minutes`;

function runProgram(
  args: readonly string[],
  cwd: string,
  hear: (text: string) => void,
  output: "pipe" | "inherit" = "pipe",
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", output, output] });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", hear);
    child.on("error", reject);
    running = child;
    child.on("close", resolve);
  });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}
