import { parseArgs } from "node:util";

const SECTIONS = [
  "form",
  "predict",
  "sign-in",
  "history",
  "record",
  "model",
  "aws",
  "start",
  "scripts",
  "browser",
  "measure",
  "batch",
] as const;
export type SectionName = (typeof SECTIONS)[number];

export type Options = { only: readonly SectionName[]; rows: readonly number[]; seconds: number };

const USAGE = `npm run bench -- [--only ${SECTIONS.join(",")}] [--rows 1000,100000,1000000] [--seconds 1.5]`;

/** Reads the command line; throws an Error that says how it goes where it cannot. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: "string" }, rows: { type: "string" }, seconds: { type: "string" } },
  });
  const only = (values.only?.split(",") ?? SECTIONS).map((name) => {
    const found = SECTIONS.find((section) => section === name);
    if (found === undefined) throw new Error(`There is no part "${name}".\n${USAGE}`);
    return found;
  });
  const rows = (values.rows ?? "1000,100000,1000000").split(",").map(Number);
  const seconds = Number(values.seconds ?? "1.5");
  if (!rows.every((count) => Number.isSafeInteger(count) && count > 0) || !(seconds > 0 && seconds <= 60)) {
    throw new Error(`Rows are whole numbers, seconds more than 0 and at most 60.\n${USAGE}`);
  }
  return { only, rows: rows.sort((a, b) => a - b), seconds };
}
