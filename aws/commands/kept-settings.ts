import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { TAG } from "../cdk/project";
import { parseSettings, type Settings, writeSettings } from "../cdk/settings";
import { type Account, readParameter } from "./account";

/** What Parameter Store takes of a parameter without a price. */
const MOST_CHARACTERS = 4096;

const keptSettings = z.record(z.string(), z.string());

/** `kept`: the settings of the last deployment of this stage, null where it was never deployed or kept none. */
export type CurrentSettings = { settings: Settings; kept: Settings | null };

/** The settings that a command works with: those that are kept, and over them those that are given. */
export async function currentSettings(
  account: Account,
  given: Readonly<Record<string, string>>,
): Promise<Result<CurrentSettings, string>> {
  const stored = await readKept(account);
  if (!stored.ok) return stored;
  const texts = stored.value ?? {};
  const settings = parseSettings((name) => given[name] ?? texts[name]);
  if (!settings.ok) return settings;
  if (stored.value === null) return ok({ settings: settings.value, kept: null });
  const kept = parseSettings((name) => texts[name] ?? (name === "stage" ? given[name] : undefined));
  if (!kept.ok)
    return fail(`What ${parameterOf(account)} keeps are no settings of this version: ${kept.error}`);
  return ok({ settings: settings.value, kept: kept.value });
}

async function readKept(account: Account): Promise<Result<Record<string, string> | null, string>> {
  const Name = parameterOf(account);
  try {
    const text = await readParameter(account.region, Name);
    return ok(text === null ? null : keptSettings.parse(JSON.parse(text)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      return fail(`What the parameter ${Name} holds are no settings. Mend or delete it; it is JSON.`);
    return fail(`The settings that are kept in ${Name} cannot be read: ${error}`);
  }
}

/** Whether settings fit into where they are kept. */
export function checkSize(settings: Settings): Result<void, string> {
  return JSON.stringify(withoutStage(settings)).length <= MOST_CHARACTERS
    ? ok(undefined)
    : fail(`Together the settings are longer than ${MOST_CHARACTERS} characters; name fewer invokers.`);
}

/** Keeps the settings of a deployment that has succeeded. */
export async function keepSettings(account: Account, settings: Settings): Promise<void> {
  const client = new SSMClient({ region: account.region });
  const one = {
    Name: parameterOf(account),
    Value: JSON.stringify(withoutStage(settings)),
    Type: "String",
  } as const;
  try {
    // Tags are taken only where a parameter is made.
    await client.send(
      new PutParameterCommand({
        ...one,
        Description: "Settings of the last deployment, from which the next one starts",
        Tags: [{ Key: TAG, Value: account.names.id }],
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ParameterAlreadyExists") throw error;
    await client.send(new PutParameterCommand({ ...one, Overwrite: true }));
  }
}

/** Its name says which stage it is. */
function withoutStage(settings: Settings): Record<string, string> {
  const { stage: _, ...rest } = writeSettings(settings);
  return rest;
}

const parameterOf = ({ names }: Account) => names.parameter("settings");
