import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { words } from "../../tables/current";
import { imageBuilder, inProject } from "../cdk/project";
import { checkGiven, parseSettings, type Settings, writeSettings } from "../cdk/settings";
import {
  type Account,
  checkBootstrap,
  deployedParts,
  findAccount,
  findStacks,
  nameOf,
  outputOf,
  removeStacks,
} from "./account";
import { backUp } from "./backup";
import { deploy as deployStacks } from "./deploy";
import { currentSettings } from "./kept-settings";
import { parseSpan, sayLogs } from "./logs";
import { findRollback, rollBack, servedKey } from "./models";
import { forgetSettings, sayRemains } from "./remains";
import { sayStatus } from "./status";
import { trainInCloud } from "./train";

/**
 * `npm run aws:synth|diff|deploy|status|logs|backup|train|rollback|destroy`. Every command that changes something says so and
 * asks first.
 */

const USAGE = `npm run aws:synth|diff|deploy|status|logs|backup|train|rollback|destroy -- [-c name=value] [--yes]
  deploy takes --model committed  to serve the model of this checkout instead of the served one
               --remove-old       to remove stacks that the settings no longer contain
  status takes --cost             to ask for this month's cost, at $0.01
  logs takes   --group PART --since 30m|2h|7d --filter PATTERN --follow
  train takes  --train FILE --validation FILE  (default: data/split/, from npm run train -- --split)
               --force  to serve a model that is worse than the served one`;

type Given = Readonly<Record<string, string>>;
type Options = {
  given: Given;
  yes: boolean;
  force: boolean;
  train: string;
  validation: string;
  isCommittedModel: boolean;
  removesOld: boolean;
  asksCost: boolean;
  group: string | undefined;
  sinceMs: number;
  filter: string | undefined;
  follows: boolean;
};

const say = (line = "") => void process.stdout.write(`${line}\n`);

function readArguments(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      context: { type: "string", short: "c", multiple: true },
      yes: { type: "boolean", short: "y" },
      force: { type: "boolean" },
      train: { type: "string" },
      validation: { type: "string" },
      model: { type: "string" },
      "remove-old": { type: "boolean" },
      cost: { type: "boolean" },
      group: { type: "string" },
      since: { type: "string" },
      filter: { type: "string" },
      follow: { type: "boolean" },
    },
  }).values;
}

function readOptions(args: readonly string[]): Result<Options, string> {
  let values: ReturnType<typeof readArguments>;
  try {
    values = readArguments(args);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
  const given = Object.fromEntries(
    (values.context ?? []).map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const checked = checkGiven(given);
  if (!checked.ok) return checked;
  if (values.model !== undefined && values.model !== "committed")
    return fail(`--model takes committed.\n${USAGE}`);
  const sinceMs = parseSpan(values.since ?? "1h");
  if (!sinceMs.ok) return sinceMs;
  return ok({
    given,
    yes: values.yes ?? false,
    force: values.force ?? false,
    train: values.train ?? inProject("data/split/train.csv"),
    validation: values.validation ?? inProject("data/split/validation.csv"),
    isCommittedModel: values.model === "committed",
    removesOld: values["remove-old"] ?? false,
    asksCost: values.cost ?? false,
    group: values.group,
    sinceMs: sinceMs.value,
    filter: values.filter,
    follows: values.follow ?? false,
  });
}

/** Bundles what goes into the cloud and runs the CDK's command line on it; false where that failed. */
function cdk(command: readonly string[], { region }: Account, context: Given): boolean {
  prepare();
  if (context.web !== "none" && context.release !== "none") packRelease();
  const { status } = spawnSync(
    process.execPath,
    [
      inProject("node_modules/aws-cdk/bin/cdk"),
      ...command,
      "--app",
      `"${process.execPath}" --import tsx aws/cdk/app.ts`,
      "--output",
      "cdk.out",
      "--no-notices",
      ...Object.entries(context).flatMap(([name, value]) => ["--context", `${name}=${value}`]),
    ],
    {
      cwd: inProject(""),
      stdio: "inherit",
      // SageMaker refuses an OCI manifest, which is what buildah and podman make unless told.
      env: {
        ...process.env,
        AWS_REGION: region,
        CDK_DISABLE_CLI_TELEMETRY: "true",
        BUILDAH_FORMAT: "docker",
      },
    },
  );
  return status === 0;
}

/** Makes the bundles anew, and room for templates: else those of earlier settings would stay beside them. */
function prepare(): void {
  rmSync(inProject("cdk.out"), { recursive: true, force: true });
  for (const name of ["lambda", "container"]) {
    execFileSync("npm", ["run", "--silent", `bundle:${name}`, "--", "--log-level=warning"], {
      cwd: inProject(""),
      stdio: ["ignore", "inherit", "inherit"],
    });
  }
}

/** Packs the web application for the processor that it runs on in the cloud. */
function packRelease(): void {
  execFileSync("npm", ["run", "--silent", "release", "--", "--arch", "arm64"], {
    cwd: inProject(""),
    stdio: "inherit",
  });
}

/** Writes the templates to cdk.out without the CDK's command line: it needs no network and no credentials. */
function synth({ given }: Options): Result<void, string> {
  const started = performance.now();
  const settings = parseSettings((name) => given[name]);
  if (!settings.ok) return settings;
  prepare();
  const { status } = spawnSync(process.execPath, ["--import", "tsx", "aws/cdk/app.ts"], {
    cwd: inProject(""),
    stdio: "inherit",
    env: {
      ...process.env,
      CDK_OUTDIR: "cdk.out",
      CDK_CONTEXT_JSON: JSON.stringify({ ...given, release: "none" }),
    },
  });
  if (status !== 0) return fail("Nothing was synthesised.");
  say(`cdk.out holds the templates; the rules of AwsSolutions and CloudFormation were met.`);
  say(`It took ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return ok(undefined);
}

async function agreed(question: string, { yes }: Options): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    say(`${question} There is nobody to ask here; --yes says yes.`);
    return false;
  }
  return /^y(es)?$/i.test((await ask(`${question} [y/N]`)) ?? "");
}

async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${question} `);
  lines.close();
  return answer.trim();
}

function reportAccount({ id, region, caller }: Account): void {
  say(`Account ${id}, region ${region}, as ${caller}`);
}

async function diff({ given }: Options, account: Account): Promise<Result<void, string>> {
  reportAccount(account);
  const current = await currentSettings(account, given);
  if (!current.ok) return current;
  const modelKey = await servedKey(account);
  const context = { ...writeSettings(current.value.settings), ...(modelKey !== null && { modelKey }) };
  return cdk(["diff", "--all"], account, context) ? ok(undefined) : fail("The CDK did not finish.");
}

const outputs = z.record(z.string(), z.object({ ModelUrl: z.string().optional() }));

async function deploy(options: Options, account: Account): Promise<Result<void, string>> {
  const bootstrapped = await checkBootstrap(account);
  if (!bootstrapped.ok) return bootstrapped;
  if (spawnSync(imageBuilder(), ["info"], { stdio: "ignore" }).status !== 0) {
    return fail(
      `${imageBuilder()} does not run here; the CDK needs it to build the model's image. CDK_DOCKER names another: podman, finch or buildah.`,
    );
  }
  reportAccount(account);
  const file = "cdk.out/outputs.json";
  const deployed = await deployStacks({
    account,
    given: options.given,
    isCommittedModel: options.isCommittedModel,
    removesOld: options.removesOld,
    terminal: { say, ask, agree: (question) => agreed(question, options) },
    cdk: (context) =>
      cdk(["deploy", "--all", "--require-approval", "never", "--outputs-file", file], account, context),
  });
  if (!deployed.ok) return deployed;
  const ModelUrl = outputs.parse(JSON.parse(readFileSync(inProject(file), "utf8")))[
    account.names.stack("Api")
  ]?.ModelUrl;
  say(`\nDeployed to ${account.region}. The web application on it:\n\n  MODEL_URL=${ModelUrl} npm start\n`);
  return ok(undefined);
}

type Deployed = {
  bucket: string;
  stateMachineArn: string;
  modelPackageGroup: string | undefined;
  endpointStack: string;
  /** What the endpoint's stack is deployed with. */
  context: Given;
};

/** What training and going back work on, as the stacks tell it. */
async function findDeployed({ given }: Options, account: Account): Promise<Result<Deployed, string>> {
  const current = await currentSettings(account, given);
  if (!current.ok) return current;
  const stacks = await findStacks(account);
  const bucket = outputOf(stacks, account, "BucketName");
  const stateMachineArn = outputOf(stacks, account, "StateMachineArn");
  const modelPackageGroup = outputOf(stacks, account, "ModelPackageGroup", "Training");
  const { settings, kept } = current.value;
  const has = (mode: Settings["endpoint"]) =>
    stacks.some(({ StackName }) => StackName === account.names.stack(`Endpoint-${mode}`));
  // Where none is kept, an earlier version deployed it.
  const modes = kept === null ? (["serverless", "instance"] as const) : [settings.endpoint];
  const endpoint = modes.find(has);
  return bucket === undefined || stateMachineArn === undefined || endpoint === undefined
    ? fail(`${words.app.name} is not deployed in ${account.region}: run npm run aws:deploy first.`)
    : ok({
        ...{ bucket, stateMachineArn, modelPackageGroup },
        endpointStack: account.names.stack(`Endpoint-${endpoint}`),
        context: writeSettings({ ...settings, endpoint }),
      });
}

async function train(options: Options, account: Account): Promise<Result<void, string>> {
  const deployed = await findDeployed(options, account);
  if (!deployed.ok) return deployed;
  if (!existsSync(options.train) || !existsSync(options.validation)) {
    return fail(
      `There is no ${existsSync(options.train) ? options.validation : options.train}: run npm run train -- --split, or give --train and --validation.`,
    );
  }
  reportAccount(account);
  if (
    !(await agreed(
      "Upload the data, train (a few cents) and serve the new model if it is no worse?",
      options,
    ))
  ) {
    return fail("Nothing was trained.");
  }
  const trained = await trainInCloud({
    region: account.region,
    names: account.names,
    ...deployed.value,
    files: { train: options.train, validation: options.validation },
    isForced: options.force,
    report: say,
  });
  return trained.ok ? deployEndpoint(account, deployed.value) : trained;
}

/** Serves the model before the served one. */
async function rollback(options: Options, account: Account): Promise<Result<void, string>> {
  const deployed = await findDeployed(options, account);
  if (!deployed.ok) return deployed;
  const store = { region: account.region, names: account.names, bucket: deployed.value.bucket };
  const found = await findRollback(store);
  if (!found.ok) return found;
  const { from, to, artifact } = found.value;
  reportAccount(account);
  say(`\nfrom  ${from}\nto    ${to}  (${artifact.name} ${artifact.version})\n`);
  if (!(await agreed("Serve the model before?", options))) return fail("Nothing was changed.");
  await rollBack(store, found.value);
  return deployEndpoint(account, deployed.value);
}

/** The template is the same; what changed is the value of the parameter, which only a forced deployment reads again. */
function deployEndpoint(account: Account, { endpointStack, context }: Deployed): Result<void, string> {
  const command = ["deploy", endpointStack, "--exclusively", "--force", "--require-approval", "never"];
  // None of the web application's, which is in another stack.
  return cdk(command, account, { ...context, release: "none" })
    ? ok(undefined)
    : fail("The model is chosen, but its endpoint was not deployed. npm run aws:deploy does so.");
}

async function status({ asksCost }: Options, account: Account): Promise<Result<void, string>> {
  reportAccount(account);
  await sayStatus({ account, asksCost, say });
  return ok(undefined);
}

const logs = ({ group, sinceMs, filter, follows }: Options, account: Account) =>
  sayLogs({
    ...{ account, group, sinceMs, say },
    pattern: filter,
    // Ctrl-C ends it.
    follow: follows ? new AbortController().signal : undefined,
  });

async function destroy(options: Options, account: Account): Promise<Result<void, string>> {
  const stacks = await findStacks(account);
  const names = deployedParts(stacks, account).map(account.names.stack);
  if (names.length === 0) return fail(`There is nothing of ${words.app.name} in ${account.region}.`);
  reportAccount(account);
  say("\nThis removes:");
  for (const name of names) {
    say(`  ${name}  ${stacks.find(({ StackName }) => StackName === name)?.Description ?? ""}`);
  }
  say(
    "\nThe bucket with dataset, models and training output stays, and with it the web server's disk,\n" +
      "unless they were last deployed with -c destroyData=true.",
  );
  if (!(await agreed("Remove all of it?", options))) return fail("Nothing was removed.");
  try {
    await removeStacks(account, names, say);
    await forgetSettings(account);
    await sayRemains(account, outputOf(stacks, account, "ModelUrl"), say);
    return ok(undefined);
  } catch (error) {
    return fail(
      `Not all was removed (${nameOf(error)}): CloudFormation's console tells why. It can be run again.`,
    );
  }
}

const backup = (_: Options, account: Account) => backUp({ account, say });

const COMMANDS = { diff, deploy, status, logs, backup, train, rollback, destroy };

async function main([command = "", ...args]: readonly string[]): Promise<Result<void, string>> {
  const options = readOptions(args);
  if (!options.ok) return options;
  if (command === "synth") return synth(options.value);
  const run = Object.entries(COMMANDS).find(([name]) => name === command)?.[1];
  if (run === undefined) return fail(USAGE);
  const account = await findAccount(options.value.given.stage || undefined);
  return account.ok ? run(options.value, account.value) : account;
}

const done = await main(process.argv.slice(2));
if (!done.ok) {
  process.stderr.write(`${done.error}\n`);
  process.exitCode = 1;
}
