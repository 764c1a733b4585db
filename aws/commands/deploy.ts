import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@aws-sdk/client-cloudformation";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { fail, ok, type Result } from "../../lib/result";
import { partsOf } from "../cdk/idle";
import { type Settings, writeSettings } from "../cdk/settings";
import { committedModelKey, stage } from "../cdk/stage";
import { type Account, deployedParts, findStacks, outputOf, removeStacks } from "./account";
import { compareIdle, compareSettings, idleOf } from "./changes";
import { type CurrentSettings, checkSize, currentSettings, keepSettings } from "./kept-settings";
import { servedKey, serveModel } from "./models";
import { findShortages } from "./quotas";
import { awaitRelease } from "./web-release";

/** What stands between a deployment and whoever runs it. */
type Terminal = {
  say: (line?: string) => void;
  /** Whether something may be done. */
  agree: (question: string) => Promise<boolean>;
  /** What is typed; null where there is nobody. */
  ask: (question: string) => Promise<string | null>;
};

export type Deployment = {
  account: Account;
  given: Readonly<Record<string, string>>;
  /** Serves the model of this checkout, whatever was trained or gone back to since. */
  isCommittedModel: boolean;
  /** Removes the stacks that the settings no longer contain without asking. */
  removesOld: boolean;
  terminal: Terminal;
  /** Puts all stacks of a context into force; false where that failed. */
  cdk: (context: Record<string, string>) => Promise<boolean> | boolean;
  /** How often and how long is looked whether the web server runs the release. */
  patience?: { pollMs: number; patienceMs: number };
};

/** Deploys what the settings say, and keeps them. Everything that can be known before is said before anything is done. */
export async function deploy(deployment: Deployment): Promise<Result<void, string>> {
  const { account, terminal } = deployment;
  const { say, agree } = terminal;
  const given = { ...deployment.given };
  let current = await currentSettings(account, given);
  if (!current.ok) return current;
  if (current.value.settings.alarmEmail === undefined) {
    given.alarmEmail =
      (await terminal.ask("Who is told of alarms and of the budget? An e-mail address, or none:")) ?? "";
    if (given.alarmEmail === "")
      return fail(
        "Nobody would be told of alarms and of the budget: give -c alarmEmail=ADDRESS, or refuse with -c alarmEmail=none.",
      );
    current = await currentSettings(account, given);
    if (!current.ok) return current;
  }
  const { settings, kept } = current.value;
  const size = checkSize(settings);
  if (!size.ok) return size;
  const stacks = await findStacks(account);
  const sayable = sayQuotas(await findShortages(account.region, settings), say);
  if (!sayable.ok) return sayable;

  saySettings(settings, kept, stacks.length > 0, say);
  const old = stacksLeft(account, stacks, current.value);
  if (old.length > 0) {
    say("\nDeployed, but not in these settings; each goes on, and is paid for, until it is removed:");
    for (const { name, idle } of old) say(`  ${name}  ${idle}`);
  }
  const model = await chooseModel(deployment, outputOf(stacks, account, "BucketName"), say);
  if (!(await agree("Deploy?"))) return fail("Nothing was deployed.");

  const put = await model.put();
  if (!put.ok) return put;
  if (!(await deployment.cdk({ ...writeSettings(settings), modelKey: model.key })))
    return fail("The deployment did not finish; what it says above tells why. It can be run again.");
  await keepSettings(account, settings);
  const released =
    settings.web === "ec2" ? await awaitRelease(account, say, deployment.patience) : ok(undefined);
  if (old.length === 0 || !released.ok) return released;
  const names = old.map(({ name }) => name);
  if (
    !deployment.removesOld &&
    !(await agree(`\nRemove ${names.join(" and ")}, which the settings no longer contain?`))
  ) {
    say(`\nStill there, and paid for: ${names.join(", ")}. npm run aws:deploy -- --remove-old removes them.`);
    return ok(undefined);
  }
  try {
    await removeStacks(account, names, say);
    return ok(undefined);
  } catch (error) {
    return fail(`The new stacks are up, but not all old ones went: ${error}. It can be run again.`);
  }
}

function sayQuotas(
  found: Awaited<ReturnType<typeof findShortages>>,
  say: Terminal["say"],
): Result<void, string> {
  if (!found.ok) {
    say(`\nThe quotas were not checked. ${found.error}`);
    return ok(undefined);
  }
  for (const { name, value, least, why, command } of found.value) {
    say(`\nThe quota “${name}” is ${value}, and ${why} wants ${least}. To ask for more:\n  ${command}`);
  }
  const missing = found.value.filter(({ isNeeded, value }) => isNeeded && value < 1);
  return missing.length === 0
    ? ok(undefined)
    : fail(
        `Nothing was deployed: the quota “${missing.map(({ name }) => name).join("”, “")}” is 0, so that it would fail.`,
      );
}

function saySettings(
  settings: Settings,
  kept: Settings | null,
  isDeployed: boolean,
  say: Terminal["say"],
): void {
  if (kept === null && isDeployed) {
    say("\nAn earlier version deployed this and kept no settings: what is not given is now at its default.");
  }
  const changes = kept === null ? null : compareSettings(kept, settings);
  if (changes === null) {
    say("\nSettings:");
    for (const [name, value] of Object.entries(writeSettings(settings))) say(`  ${name}  ${value}`);
  } else if (changes.length === 0) say("\nSettings: as they were deployed.");
  else say("\nSettings that change:");
  for (const { name, from, to, weakens } of changes ?? []) {
    say(`  ${name}  ${from} -> ${to}${weakens === null ? "" : `\n    WEAKER: ${weakens}`}`);
  }
  say(`\nPaid for even while nobody predicts${kept === null ? "" : ", before (-) and after (+)"}:`);
  for (const line of compareIdle(kept, settings)) say(`  ${line}`);
  say("  and what is stored of logs, image and data");
  say(
    "In hours with requests: each prediction, API Gateway's detailed metrics, and the Lambda's: four, and one for each\n" +
      "kind of failure. What that comes to: https://calculator.aws",
  );
}

/** Deployed stacks that the settings do not contain, in the order of their removal. */
function stacksLeft(account: Account, stacks: readonly Stack[], { settings, kept }: CurrentSettings) {
  const contained = partsOf(settings);
  return deployedParts(stacks, account)
    .filter((part) => !contained.includes(part))
    .map((part) => ({
      name: account.names.stack(part),
      idle: idleOf(part, kept ?? settings) || "nothing when idle",
    }));
}

/** The model that is served afterwards: the present one, unless the committed one is asked for. */
async function chooseModel(
  { account, isCommittedModel }: Deployment,
  bucket: string | undefined,
  say: Terminal["say"],
) {
  const committed = committedModelKey();
  const nothing = async (): Promise<Result<void, string>> => ok(undefined);
  const served = bucket === undefined ? null : await servedKey(account);
  if (bucket === undefined || served === null || served === committed) {
    say(`\nModel: the committed one, ${committed}.\n`);
    return { key: committed, put: nothing };
  }
  if (!isCommittedModel) {
    say(
      `\nModel: ${served} stays served.\n  The committed one is ${committed}; --model committed serves it.\n`,
    );
    return { key: served, put: nothing };
  }
  say(`\nModel: the committed one, ${committed}, in the place of ${served}.\n`);
  return {
    key: committed,
    // CloudFormation sets a parameter only where its template has changed, which another value of it does not need.
    put: async (): Promise<Result<void, string>> => {
      const Body = readFileSync(join(stage().folder, committed));
      await new S3Client({ region: account.region }).send(
        new PutObjectCommand({ Bucket: bucket, Key: committed, Body }),
      );
      await serveModel(
        { ...account, bucket },
        committed,
        "The committed model, by aws:deploy --model committed",
      );
      return ok(undefined);
    },
  };
}
