import "server-only";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDataset } from "@/model/dataset";
import { table } from "@/tables/current";

/** The cases that the model was trained on. server/serve.mjs makes the project's folder the current one. */
export const TRAINING_DATA = parseDataset(
  // Next would otherwise take a path that it cannot work out for one to any file of the project.
  readFileSync(join(/* turbopackIgnore: true */ process.cwd(), table.dataFile), "utf8"),
);
