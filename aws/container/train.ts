import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { canonicalJson, parseArtifact } from "../../model/artifact";
import { type Dataset, parseDataset } from "../../model/dataset";
import { measure } from "../../model/evaluate";
import { createPredictor } from "../../model/predict";
import { train } from "../../model/train";
import type { ContainerSettings } from "./container-env";

// SageMaker passes every hyperparameter as text.
const number = z
  .string()
  .regex(/^(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i, "expected a number")
  .transform(Number);
const hyperparametersSchema = z.strictObject({
  threshold: number.pipe(z.number().gt(0).lt(1)).optional(),
  certain_and_wrong: number.pipe(z.number().gt(0).lt(1)).optional(),
});

const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");

/**
 * Trains on the channel `train`, writes the artifact and prints what the channel `validation` gives, one
 * "name=figure" a line for SageMaker's metric definitions. Throws with the reason where that cannot be done.
 */
export function trainInContainer(settings: ContainerSettings): void {
  const { certain_and_wrong: certainAndWrong, ...others } = readHyperparameters(settings.hyperparametersFile);
  const channel = readChannel(settings.channel("train"));
  if (channel === null) throw new Error(`the channel train has no files in ${settings.channel("train")}`);
  const validation = readChannel(settings.channel("validation"));
  const given = Object.entries({ ...others, certainAndWrong }).filter(([, value]) => value !== undefined);
  const unsigned = train(channel.dataset, { trainingData: channel.hash, ...Object.fromEntries(given) });
  const artifact = parseArtifact({ ...unsigned, hash: sha256(canonicalJson(unsigned)) });
  mkdirSync(dirname(settings.modelFile), { recursive: true });
  writeFileSync(settings.modelFile, `${JSON.stringify(artifact, null, 2)}\n`);
  console.log(`${artifact.name} ${artifact.version} ${artifact.hash}`);
  if (validation === null) return;
  const { features, positive } = validation.dataset;
  const predictor = createPredictor(artifact);
  const figures = measure(
    features.map((row) => predictor.predict(row).probability),
    positive,
    artifact.threshold,
  );
  // Without an exponent, which the metrics' pattern does not read; of a single class some are not defined.
  for (const [name, figure] of Object.entries(figures)) {
    if (Number.isFinite(figure)) console.log(`validation:${name}=${figure.toFixed(6)}`);
  }
}

function readHyperparameters(file: string): z.infer<typeof hyperparametersSchema> {
  if (!existsSync(file)) return {};
  const json: unknown = JSON.parse(readFileSync(file, "utf8"));
  const own = Object.entries(z.record(z.string(), z.string()).parse(json)).filter(
    ([name]) => !name.startsWith("sagemaker_"),
  );
  const parsed = hyperparametersSchema.safeParse(Object.fromEntries(own));
  if (!parsed.success) throw new Error(`hyperparameters: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What other programs leave beside their data: `_SUCCESS`, `.part-0.csv.crc`, a list of the files. */
const NO_DATA = /^[._]|(?:^|[._-])manifest(?:\.json)?$/i;

/** All files of a channel as one dataset, in the order of their names: headerless, label first; null where there are none. */
function readChannel(folder: string): { dataset: Dataset; hash: string } | null {
  const files = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && !NO_DATA.test(entry.name))
        .map(({ name }) => name)
        .sort()
    : [];
  if (files.length === 0) return null;
  const texts = files.map((name) => readFileSync(join(folder, name), "utf8"));
  const datasets = texts.map((text, i) => {
    try {
      return parseDataset(text, { header: false });
    } catch (error) {
      throw new Error(`${files[i]}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  return {
    dataset: {
      features: datasets.flatMap(({ features }) => features),
      positive: datasets.flatMap(({ positive }) => positive),
    },
    hash: sha256(texts.join("")),
  };
}
