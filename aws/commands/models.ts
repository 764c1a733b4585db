import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import {
  type ParameterHistory,
  ParameterNotFound,
  PutParameterCommand,
  paginateGetParameterHistory,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { extract } from "tar";
import { fail, ok, type Result } from "../../lib/result";
import { type Artifact, parseArtifact } from "../../model/artifact";
import { table } from "../../tables/current";
import { inProject, type Names } from "../cdk/project";
import { readParameter } from "./account";

/** Where the models of a deployment are: in the bucket, and by its key the served one in a parameter. */
export type ModelStore = { region: string; bucket: string; names: Names };

const parameterOf = ({ names }: Pick<ModelStore, "names">) => names.parameter("model-key");

/** Begins the description of a version of the parameter that goes back instead of on. */
const ROLLED_BACK = "Rolled back";

/** The model in a model.tar.gz of the bucket; null where there is none that this code can read. */
export async function readModel({ region, bucket }: ModelStore, key: string): Promise<Artifact | null> {
  const folder = mkdtempSync(join(tmpdir(), "model-"));
  try {
    const { Body } = await new S3Client({ region }).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (Body === undefined) return null;
    const file = join(folder, "model.tar.gz");
    writeFileSync(file, await Body.transformToByteArray());
    try {
      await extract({ file, cwd: folder }, ["artifact.json"]);
      return parseArtifact(JSON.parse(readFileSync(join(folder, "artifact.json"), "utf8")));
    } catch {
      return null;
    }
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The model that the parameter names, or else the committed one, which the first deployment puts there; `origin` says which. */
export async function servedModel(store: ModelStore): Promise<{ artifact: Artifact; origin: string }> {
  const key = await servedKey(store);
  const artifact = key === null ? null : await readModel(store, key);
  if (key !== null && artifact !== null) return { artifact, origin: key };
  const file = `${dirname(table.dataFile)}/artifact.json`;
  return {
    artifact: parseArtifact(JSON.parse(readFileSync(inProject(file), "utf8"))),
    origin: `${file}, since ${key ?? parameterOf(store)} holds no model that can be read`,
  };
}

/** The key of the served model; null where nothing is deployed. */
export const servedKey = (store: Pick<ModelStore, "region" | "names">): Promise<string | null> =>
  readParameter(store.region, parameterOf(store));

/** Makes a model the one that the endpoint's next deployment serves. `reason` is kept beside the key in the parameter's history. */
export async function serveModel(store: ModelStore, key: string, reason: string): Promise<void> {
  await new SSMClient({ region: store.region }).send(
    new PutParameterCommand({ Name: parameterOf(store), Value: key, Description: reason, Overwrite: true }),
  );
}

/** The served model's key and that of the one before it, which is still in the bucket and can be read. */
export async function findRollback(
  store: ModelStore,
): Promise<Result<{ from: string; to: string; artifact: Artifact }, string>> {
  const keys = await promotedKeys(store);
  const [to, from] = keys.slice(-2);
  if (to === undefined || from === undefined) {
    return fail(
      `There is no model before ${keys.at(-1) ?? "it"}: the history of ${parameterOf(store)} holds no earlier one.`,
    );
  }
  const artifact = await readModel(store, to);
  if (artifact === null)
    return fail(`The model before is ${to}, and the bucket holds none there that can be read.`);
  return ok({ from, to, artifact });
}

export const rollBack = (store: ModelStore, { from, to }: { from: string; to: string }) =>
  serveModel(store, to, `${ROLLED_BACK} from ${from}`);

/** Keys as they were promoted, the served one last; what was rolled back is not among them. */
async function promotedKeys(store: ModelStore): Promise<string[]> {
  const client = new SSMClient({ region: store.region });
  const versions: ParameterHistory[] = [];
  try {
    for await (const page of paginateGetParameterHistory({ client }, { Name: parameterOf(store) }))
      versions.push(...(page.Parameters ?? []));
  } catch (error) {
    if (error instanceof ParameterNotFound) return [];
    throw error;
  }
  const keys: string[] = [];
  for (const { Value = "", Description = "" } of versions.sort(
    (a, b) => (a.Version ?? 0) - (b.Version ?? 0),
  )) {
    if (Description.startsWith(ROLLED_BACK) && keys.includes(Value)) keys.splice(keys.lastIndexOf(Value) + 1);
    else if (keys.at(-1) !== Value) keys.push(Value);
  }
  return keys;
}
