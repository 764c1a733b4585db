import "server-only";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDataset } from "@/model/dataset";
import { table } from "@/tables/current";

/** server/serve.mjs makes the project's folder the current one. */
const FILE = join(/* turbopackIgnore: true */ process.cwd(), table.dataFile);

/** The cases that the model was trained on. */
// Next would otherwise take a path that it cannot work out for one to any file of the project.
export const TRAINING_DATA = parseDataset(readFileSync(FILE, "utf8"));

/** Their file as it is. */
export const readTrainingFile = (): AsyncIterable<Uint8Array> => createReadStream(FILE);
