import { createHash } from "node:crypto";
import type { TableFile } from "../../tables/table-file";
import type { Draft, Options } from "./describe-file";

/** What a table's folder says beyond the file: how it is to be trained, and its samples. */
export type Plan = {
  options: Options;
  level: number | null;
  threshold: number;
  samples: TableFile["samples"];
  /** Unknown until the model is trained. */
  shown?: readonly string[];
};

/** The texts of a table's folder by file name. Those that `isPersons` names are written once and then left alone. */
export function folderOf(draft: Draft, plan: Plan): Record<string, string> {
  return { ...machineFiles(draft, plan), ...personFiles(draft, plan.options) };
}

/** Whether a file of a table's folder is a person's to write, so that adopting again leaves it as it is. */
export const isPersons = (file: string) =>
  ["words.ts", "rules.ts", "card.ts", "drawing.ts", "measure", "README.md"].includes(file);

function machineFiles(draft: Draft, plan: Plan): Record<string, string> {
  const data = dataFile(draft, plan.options.label);
  return {
    "data.csv": data,
    "table.json": tableJson(draft, plan, data),
    "keys.ts": keysFile(draft),
    "index.ts": INDEX,
    "model.ts": MODEL,
  };
}

const line = (cells: readonly string[]) => cells.map(quoted).join(",");
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function dataFile({ columns, cells, truths }: Draft, label: string): string {
  const rows = cells.map((row, i) => line([truths[i] as string, ...row]));
  return `${[line([label, ...columns.map(({ key }) => key)]), ...rows].join("\n")}\n`;
}

/** A row's values as table.json has those of samples: the place of a level, null where one is not known. */
export const valuesOf = ({ columns, cells }: Draft, row: number): (number | null)[] =>
  columns.map(({ levels }, at) => {
    const cell = cells[row]?.[at] ?? "";
    if (cell === "") return null;
    return levels === undefined ? Number(cell) : levels.indexOf(cell);
  });

function tableJson({ columns, classes, cells }: Draft, plan: Plan, data: string): string {
  const { options, level, threshold, samples, shown } = plan;
  const head = {
    format: 1,
    name: options.name,
    file: "data.csv",
    sha256: createHash("sha256").update(data).digest("hex"),
    rows: cells.length,
    label: options.label,
    classes,
  };
  const tail = {
    ...(shown !== undefined && { shown }),
    settings: null,
    ...(level !== null && { level }),
    threshold,
    adopted: {
      headers: Object.fromEntries(
        columns.flatMap(({ key, header }) => (key === header ? [] : [[key, header]])),
      ),
      groups: options.groups.map(([group, pattern]) => `${group}=${pattern}`),
      zeroMissing: [...options.zeroMissing],
      category: [...options.category],
      drop: [...options.drop],
      keep: [...options.keep],
    },
  };
  const lines = (items: readonly unknown[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(",\n");
  const bare = columns.map(({ header: _, ...column }) => column);
  const inside = (object: object) => JSON.stringify(object, null, 2).slice(2, -2);
  return `{\n${inside(head)},\n  "columns": [\n${lines(bare)}\n  ],\n  "samples": [\n${lines(samples)}\n  ],\n${inside(tail)}\n}\n`;
}

const keysFile = ({ columns }: Draft) => `/** Written by \`npm run adopt\`: the keys of table.json. */
export type FeatureKey =
${columns.map(({ key }) => `  | ${JSON.stringify(key)}`).join("\n")};
`;

const MODEL = `// Written by \`npm run adopt\`: its model, apart from the description, so that no browser is sent it.

export { default as artifactJson } from "./artifact.json" with { type: "json" };
export { default as evaluationJson } from "./evaluation.json" with { type: "json" };
export { default as goldenJson } from "./golden.json" with { type: "json" };
`;

const INDEX = `// Written by \`npm run adopt\`, and anew by \`npm run adopt -- --again\`: change the files beside it.

import { assembleTable } from "../assemble-table";
import { limits, patterns, rules, scales } from "./rules";
import description from "./table.json" with { type: "json" };
import { words } from "./words";

export { countNotWritten, NOT_WRITTEN } from "../table";
export { about, card, measuring, site } from "./card";
export { drawing } from "./drawing";
export type { FeatureKey } from "./keys";
export { patterns, scales, words };

export const {
  table,
  FEATURES,
  FEATURE_KEYS,
  FAMILIES,
  GROUPS,
  PROPERTIES,
  SAMPLES,
  CAUTIONS,
  oneCase,
  notice,
} = assembleTable(description, words, { rules, limits, scales, patterns });

export type ClassCode = (typeof table.classes)["positive"];
export type Feature = (typeof FEATURES)[number];
export type Sample = (typeof SAMPLES)[number];
`;

function personFiles(draft: Draft, options: Options): Record<string, string> {
  return {
    "words.ts": wordsFile(draft, options),
    "rules.ts": RULES,
    "card.ts": cardFile(draft, options),
    "drawing.ts": DRAWING,
    "README.md": readme(draft, options),
  };
}

/** "body_mass" as "Body mass". */
function labelOf(header: string): string {
  const words = header.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const isBare = (code: string) => /^(?:yes|no|y|n|true|false|t|f|pos|neg|positive|negative|[01])$/i.test(code);

/** What the two classes are called: by their codes, or by the label where these say no more than yes and no. */
function classWords({ classes: { positive, negative } }: Draft, label: string): [string, string] {
  const word = (text: string) => text.replaceAll("_", " ");
  if (isBare(positive) && isBare(negative)) return [word(label), `no ${word(label)}`];
  return [word(positive), word(negative)];
}

const SAMPLE_ABOUT: Record<string, (positive: string, negative: string) => [label: string, about: string]> = {
  positive: (positive) => [labelOf(positive), `a clear case of ${positive}`],
  negative: (_, negative) => [labelOf(negative), `a clear case of ${negative}`],
  borderline: () => ["Borderline", "close to the cut-off"],
  hard: () => ["Missed", "missed by models that had not seen it"],
};
export const SAMPLE_KEYS = Object.keys(SAMPLE_ABOUT);

const string = (text: string) => JSON.stringify(text);
const property = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : string(key));

function wordsFile(draft: Draft, { label, name }: Options): string {
  const { columns, classes } = draft;
  const [positive, negative] = classWords(draft, label);
  const distinct = (keys: (string | undefined)[]) => [...new Set(keys.filter((key) => key !== undefined))];
  const groups = distinct(columns.map(({ group }) => group));
  const properties = distinct(columns.map((column) => column.property));
  return `import ${properties.length > 0 ? "{ todo, type Words }" : "type { Words }"} from "../table";
import type { FeatureKey } from "./keys";

// What pages say of this table. Written once by \`npm run adopt\`, and yours from then on.
// With \`nouns: { value: "measurement", values: "measurements", person: "customer" }\` pages say these words for "value" and "person".
// A column may have \`unit: "mm"\`, and \`levels: { code: "word" }\` where a level's code is not its word.

export const words = {
  app: { name: ${string(labelOf(name))}, slug: ${string(slugOf(name))} },
  // What every page says: ["For …", "Not …", ": do not …"].
  notice: null,
  classes: {
    ${property(classes.positive)}: { word: ${string(positive)}, shape: "▲" },
    ${property(classes.negative)}: { word: ${string(negative)}, shape: "●" },
  },
  // What confirms an outcome later.
  outcome: { test: "check", aTest: "a check", tested: "checked" },
  grid: { heading: "", units: "" },
  groups: {${groups.map((key) => `\n    ${property(key)}: { label: ${string(labelOf(key))} },`).join("")}${groups.length > 0 ? "\n  " : ""}},
  properties: {${properties.map((key) => `\n    ${property(key)}: { label: ${string(labelOf(key))}, measures: todo("what does ${key} measure?") },`).join("")}${properties.length > 0 ? "\n  " : ""}},
  columns: {
${columns.map((column) => `    ${columnWords(column)}`).join("\n")}
  },
  samples: {
${SAMPLE_KEYS.map((key) => `    ${sampleWords(key, positive, negative)}`).join("\n")}
  },
} satisfies Words<FeatureKey>;
`;
}

/** Short enough for what AWS allows a job that is named after it and a batch. */
const slugOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 20)
    .replace(/^-+|-+$/g, "");

/** A name that ends with its unit: "body_mass_g", "Size (mm)". */
const WITH_UNIT = /^(.*[^_ (])[_ ]+\(?(mm|cm|km|kg|mg|ml|ms|g|%)\)?$/;

/** A column's line in words.ts; `alias` is its header where that is not its key. */
function columnWords({ key, header, group, property: of, type }: Draft["columns"][number]): string {
  const isGrouped = group !== undefined && of !== undefined;
  const [, name, unit] = (isGrouped || type !== "number" ? null : WITH_UNIT.exec(header)) ?? [];
  const label = isGrouped ? `${labelOf(of)}, ${group}` : labelOf(name ?? header);
  return `${property(key)}: { label: ${string(label)}${unit === undefined ? "" : `, unit: ${string(unit)}`}${key === header ? "" : `, alias: ${string(header)}`} },`;
}

function sampleWords(key: string, positive: string, negative: string): string {
  const [label, about] = SAMPLE_ABOUT[key]?.(positive, negative) ?? ["", ""];
  return `${key}: { label: ${string(label)}, about: ${string(about)} },`;
}

/** words.ts with a line for each column that it does not name yet; null where it has lost the place for them. */
export function withNewColumns(words: string, draft: Draft, named: readonly string[]): string | null {
  const place = "\n  columns: {\n";
  const missing = draft.columns.filter(({ key }) => !named.includes(key));
  if (missing.length === 0) return words;
  if (!words.includes(place)) return null;
  return words.replace(
    place,
    () => `${place}${missing.map((column) => `    ${columnWords(column)}\n`).join("")}`,
  );
}

const RULES = `import type { Pattern, Rule, Scale } from "../table";
import type { FeatureKey } from "./keys";

// What values of one case keep, in the terms of ../table.ts. Written once by \`npm run adopt\`; it may stay empty.

export const rules: readonly Rule<FeatureKey>[] = [];
/** From so many values outside every training case, or so many broken rules, on, values cannot be one case's. */
export const limits = { outside: Number.POSITIVE_INFINITY, broken: Number.POSITIVE_INFINITY };
export const scales: readonly Scale<FeatureKey>[] = [];
export const patterns: readonly Pattern<FeatureKey>[] = [];
`;

const DRAWING = `import type { Drawing } from "../table";

/** A case drawn from its numbers, by the functions that ../table.ts names; null for none. */
export const drawing: Drawing | null = null;
`;

function cardFile(draft: Draft, { label, name }: Options): string {
  const [positive, negative] = classWords(draft, label);
  const count = draft.columns.length;
  return `// Apart from the words, so that no browser is sent it. Written once by \`npm run adopt\`: replace each todo("…").

import { type About, type Card, type Measuring, type Site, todo } from "../table";

export const site: Site = {
  description: ${string(`Predict ${positive} or ${negative} from ${count} values.`)},
  lead: ${string(`from ${count} values`)},
  data: todo("where is the data from, and under which licence?"),
  welcome: {
    title: ${string(labelOf(name))},
    text: [
      ${string(`It reads ${count} values of a case and answers ${positive}, ${negative} or uncertain, with a probability and the reasons for it.`)},
      ${string(`It learnt from ${draft.cells.length} cases.`)},
    ],
    measured: (found, positives, alarms, negatives) =>
      \`Of the cases it had not seen it called \${found} of \${positives} rightly “${positive.replace(/[`$\\]/g, "")}”, and \${alarms} of \${negatives} others wrongly.\`,
  },
  order: ${string(`${draft.columns[0]?.key} first, ${draft.columns.at(-1)?.key} last`)},
};

export const card: Card = {
  use: todo("what is it meant for?"),
  not: { strong: todo("what is it not meant for?"), rest: "" },
  // caution: { title: "…", text: "what the figures do not show" },
  data: {
    source: (cases, positives) => \`\${cases} cases, \${positives} of them ${positive.replace(/[`$\\]/g, "")}; source:\`,
    // link: { href: "https://…", text: "…" },
    rest: todo("where is the data from, and under which licence?"),
  },
  groups: todo("whom does the data speak for, and whom not?"),
};

/** What is known of the values, for a page about them; null for none. */
export const about: About | null = null;

/** How the values are measured on an image, for a page where a person does that; null where they are not. */
export const measuring: Measuring | null = null;
`;
}

const readme = ({ cells, columns, classes }: Draft, { label }: Options) => `# Data

\`data.csv\`: ${cells.length} rows; \`${label}\` (${classes.positive} or ${classes.negative}), then ${columns.length} columns. Rows are
referred to by their 0-based number, the header not counted.

Source and licence: not written yet.
`;
