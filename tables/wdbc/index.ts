import { describeCase } from "../one-case";
import {
  type About,
  type Card,
  type Drawing,
  describeTable,
  everyCaution,
  type Site,
  type Words,
} from "../table";
import { about as measurements } from "./about";
import { site as application, card as modelCard } from "./card";
import { drawing as nucleus } from "./nucleus";
import { limits, patterns, rules, scales } from "./rules";
import description from "./table.json" with { type: "json" };
import { words } from "./words";

export { countNotWritten, NOT_WRITTEN } from "../table";
export type { FeatureKey } from "./words";
export { patterns, scales, words };

export const site: Site = application;
export const card: Card = modelCard;
/** Null where a table says nothing of its measurements. */
export const about: About | null = measurements;
/** Null where the pages need not say what the application is not for. */
export const notice: Words["notice"] = words.notice;

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

export const CAUTIONS = everyCaution(scales, patterns);

/** One measurement; `index` is its position on every wire. */
export type Feature = (typeof FEATURES)[number];
export type Sample = (typeof SAMPLES)[number];
export const FEATURE_KEYS = FEATURES.map(({ key }) => key);
