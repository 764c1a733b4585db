import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { words } from "../../tables/current";
import { imageBuilder, inProject } from "../cdk/project";
import { parseSettings, type Settings } from "../cdk/settings";
import {
  type Account,
  checkBootstrap,
  findAccount,
  findStacks,
  inRemovalOrder,
  nameOf,
  outputOf,
  removeStacks,
} from "./account";
import { findRollback, rollBack } from "./models";
import { trainInCloud } from "./train";

/** `npm run aws:synth|diff|deploy|train|rollback|destroy`. Every command that changes something says so and asks first. */

const USAGE = `npm run aws:synth|diff|deploy|train|rollback|destroy -- [-c name=value] [--yes]
  train takes  --train FILE --validation FILE  (default: data/split/, from npm run train -- --split)
               --force  to serve a model that is worse than the served one`;

type Options = {
  context: string[];
  settings: Settings;
  yes: boolean;
  force: boolean;
  train: string;
  validation: string;
};

const say = (line = "") => process.stdout.write(`${line}\n`);

function readOptions(args: readonly string[]): Result<Options, string> {
  let values: { context?: string[]; yes?: boolean; force?: boolean; train?: string; validation?: string };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        context: { type: "string", short: "c", multiple: true },
        yes: { type: "boolean", short: "y" },
        force: { type: "boolean" },
        train: { type: "string" },
        validation: { type: "string" },
      },
    }));
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
  const context = values.context ?? [];
  const given = new Map(
    context.map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const settings = parseSettings((name) => given.get(name));
  if (!settings.ok) return settings;
  return ok({
    context,
    settings: settings.value,
    yes: values.yes ?? false,
    force: values.force ?? false,
    train: values.train ?? inProject("data/split/train.csv"),
    validation: values.validation ?? inProject("data/split/validation.csv"),
  });
}

/** Bundles what goes into the cloud and runs the CDK's command line on it; false where that failed. */
function cdk(command: readonly string[], { context }: Options): boolean {
  bundle();
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
      ...context.flatMap((pair) => ["--context", pair]),
    ],
    {
      cwd: inProject(""),
      stdio: "inherit",
      // SageMaker refuses an OCI manifest, which is what buildah and podman make unless told.
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true", BUILDAH_FORMAT: "docker" },
    },
  );
  return status === 0;
}

function bundle(): void {
  for (const name of ["lambda", "container"]) {
    execFileSync("npm", ["run", "--silent", `bundle:${name}`, "--", "--log-level=warning"], {
      cwd: inProject(""),
      stdio: ["ignore", "inherit", "inherit"],
    });
  }
}

/** Writes the templates to cdk.out without the CDK's command line: it needs no network and no credentials. */
async function synth({ context }: Options): Promise<Result<void, string>> {
  const started = performance.now();
  bundle();
  const given = Object.fromEntries(context.map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
  const { status } = spawnSync(process.execPath, ["--import", "tsx", "aws/cdk/app.ts"], {
    cwd: inProject(""),
    stdio: "inherit",
    env: { ...process.env, CDK_OUTDIR: "cdk.out", CDK_CONTEXT_JSON: JSON.stringify(given) },
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
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

function reportAccount({ id, region, caller }: Account): void {
  say(`Account ${id}, region ${region}, as ${caller}`);
}

async function diff(options: Options, account: Account): Promise<Result<void, string>> {
  reportAccount(account);
  return cdk(["diff", "--all"], options) ? ok(undefined) : fail("The CDK did not finish.");
}

/** What costs money for as long as it is deployed, with the settings' own choices first. */
function idleParts({ endpoint, instanceType, web }: Settings): string[] {
  return [
    ...(endpoint === "serverless" ? [] : [`the endpoint: one ${instanceType} at all times, and two alarms`]),
    ...(web === "ec2"
      ? ["the web application: a t4g.small, a t4g.nano, a public address, 28 GB of disk"]
      : []),
    "six alarms, five metrics, and what is stored of logs, image and data",
  ];
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
  say("\nPaid for even while nobody predicts:");
  for (const what of idleParts(options.settings)) say(`  ${what}`);
  say("Every prediction is paid for besides. What that comes to: https://calculator.aws\n");
  if (!(await agreed("Deploy?", options))) return fail("Nothing was deployed.");
  const file = "cdk.out/outputs.json";
  if (!cdk(["deploy", "--all", "--require-approval", "never", "--outputs-file", file], options)) {
    return fail("The deployment did not finish; what it says above tells why. It can be run again.");
  }
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
};

/** What training and going back work on, as the stacks tell it. */
async function findDeployed(account: Account): Promise<Result<Deployed, string>> {
  const stacks = await findStacks(account);
  const bucket = outputOf(stacks, account, "BucketName");
  const stateMachineArn = outputOf(stacks, account, "StateMachineArn");
  const modelPackageGroup = outputOf(stacks, account, "ModelPackageGroup", "Training");
  const endpointStack = stacks.find(
    ({ StackName }) =>
      StackName === account.names.stack("Endpoint-serverless") ||
      StackName === account.names.stack("Endpoint-instance"),
  )?.StackName;
  return bucket === undefined || stateMachineArn === undefined || endpointStack === undefined
    ? fail(`${words.app.name} is not deployed in ${account.region}: run npm run aws:deploy first.`)
    : ok({ bucket, stateMachineArn, modelPackageGroup, endpointStack });
}

async function train(options: Options, account: Account): Promise<Result<void, string>> {
  const deployed = await findDeployed(account);
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
  return trained.ok ? deployEndpoint(options, deployed.value) : trained;
}

/** Serves the model before the served one. */
async function rollback(options: Options, account: Account): Promise<Result<void, string>> {
  const deployed = await findDeployed(account);
  if (!deployed.ok) return deployed;
  const store = { region: account.region, names: account.names, bucket: deployed.value.bucket };
  const found = await findRollback(store);
  if (!found.ok) return found;
  const { from, to, artifact } = found.value;
  reportAccount(account);
  say(`\nfrom  ${from}\nto    ${to}  (${artifact.name} ${artifact.version})\n`);
  if (!(await agreed("Serve the model before?", options))) return fail("Nothing was changed.");
  await rollBack(store, found.value);
  return deployEndpoint(options, deployed.value);
}

/** The template is the same; what changed is the value of the parameter, which only a forced deployment reads again. */
function deployEndpoint(options: Options, { endpointStack }: Deployed): Result<void, string> {
  const mode = endpointStack.endsWith("instance") ? "instance" : "serverless";
  const context = [...options.context.filter((pair) => !pair.startsWith("endpoint=")), `endpoint=${mode}`];
  return cdk(["deploy", endpointStack, "--exclusively", "--force", "--require-approval", "never"], {
    ...options,
    context,
  })
    ? ok(undefined)
    : fail("The model is chosen, but its endpoint was not deployed. npm run aws:deploy does so.");
}

async function destroy(options: Options, account: Account): Promise<Result<void, string>> {
  const stacks = await findStacks(account);
  const names = inRemovalOrder(stacks, account);
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
    return ok(undefined);
  } catch (error) {
    return fail(
      `Not all was removed (${nameOf(error)}): CloudFormation's console tells why. It can be run again.`,
    );
  }
}

const COMMANDS = { diff, deploy, train, rollback, destroy };

async function main([command = "", ...args]: readonly string[]): Promise<Result<void, string>> {
  const options = readOptions(args);
  if (!options.ok) return options;
  if (command === "synth") return synth(options.value);
  const run = Object.entries(COMMANDS).find(([name]) => name === command)?.[1];
  if (run === undefined) return fail(USAGE);
  const account = await findAccount(options.value.settings.stage);
  return account.ok ? run(options.value, account.value) : account;
}

const done = await main(process.argv.slice(2));
if (!done.ok) {
  process.stderr.write(`${done.error}\n`);
  process.exitCode = 1;
}
