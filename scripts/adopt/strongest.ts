import { readFileSync } from "node:fs";
import { parseArtifact } from "../../model/artifact";
import { parseDataset } from "../../model/dataset";
import { explain } from "../../model/explain";
import { FEATURES, table } from "../../tables/current";

// Prints the keys of the three columns whose reasons are the largest on average over the training rows, in the table's order. Run where the table is made.

const SHOWN = 3;

const inRoot = (path: string) => new URL(`../../${path}`, import.meta.url);
const artifact = parseArtifact(
  JSON.parse(readFileSync(inRoot(`tables/${table.name}/artifact.json`), "utf8")),
);
const { features } = parseDataset(readFileSync(inRoot(table.dataFile), "utf8"));
const sums = FEATURES.map(() => 0);
for (const row of features) {
  for (const [at, term] of explain(artifact, row).contributions.entries())
    sums[at] = (sums[at] as number) + Math.abs(term);
}
const strongest = FEATURES.toSorted((a, b) => (sums[b.index] as number) - (sums[a.index] as number)).slice(
  0,
  SHOWN,
);
process.stdout.write(JSON.stringify(strongest.toSorted((a, b) => a.index - b.index).map(({ key }) => key)));
