import { assembleTable } from "../assemble-table";
import type { About, Card, Drawing, Measuring, Site } from "../table";
import { about as measurements } from "./about";
import { site as application, card as modelCard } from "./card";
import { measuring as outlines } from "./measuring";
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
/** Null where a table has no drawing of its cases. */
export const drawing: Drawing | null = nucleus;
/** Null where a table's values are not measured on outlines in an image. */
export const measuring: Measuring | null = outlines;

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

/** A class as files, wires and the database have it. */
export type ClassCode = (typeof table.classes)["positive"];
/** One measurement; `index` is its position on every wire. */
export type Feature = (typeof FEATURES)[number];
export type Sample = (typeof SAMPLES)[number];
