import { describeCase } from "../one-case";
import { type Drawing, describeTable } from "../table";
import { drawing as nucleus } from "./nucleus";
import { limits, patterns, rules, scales } from "./rules";
import description from "./table.json" with { type: "json" };
import { words } from "./words";

export { about } from "./about";
export { card, site } from "./card";
export type { FeatureKey } from "./words";
export { patterns, scales, words };

/** Null where a table has no drawing of its cases. */
export const drawing: Drawing | null = nucleus;

/** `table`: what table.json says of the table as a whole; the rest is in its order. */
export const {
  features: FEATURES,
  families: FAMILIES,
  groups: GROUPS,
  properties: PROPERTIES,
  samples: SAMPLES,
  ...table
} = describeTable(description, words);

/** A class as files, wires and the database have it. */
export type ClassCode = (typeof table.classes)["positive"];

/** What the values of one case keep. */
export const oneCase = describeCase(FEATURES, rules, limits);

/** Every code of a caution, the most serious first. */
export const CAUTIONS = [
  "impossible",
  ...scales.map(({ caution }) => caution),
  ...patterns.map(({ key }) => key),
  "atypical",
];

/** One measurement; `index` is its position on every wire. */
export type Feature = (typeof FEATURES)[number];
export type Sample = (typeof SAMPLES)[number];
export const FEATURE_KEYS = FEATURES.map(({ key }) => key);
