import { existsSync, readFileSync } from "node:fs";
import { parseDataset } from "../model/dataset";
import { table } from "../tables/current";

// `npm run --silent facts` prints what the table's own numbers prove of how they were made, each with its figures.

const facts = new URL(`../tables/${table.name}/facts.ts`, import.meta.url);
if (!existsSync(facts)) {
  console.error(
    `Of the table ${table.name} nothing is said to be proven: tables/${table.name}/facts.ts is not there.`,
  );
  process.exit(1);
}
const { factsOf } = await import(facts.href);
const { features } = parseDataset(readFileSync(new URL(`../${table.dataFile}`, import.meta.url), "utf8"));
for (const [fact, figures] of Object.entries<Record<string, unknown>>(factsOf(features))) {
  console.log(
    `${fact}\n${Object.entries(figures)
      .map(([name, figure]) => `  ${name}: ${[figure].flat().join(", ")}\n`)
      .join("")}`,
  );
}
