import "server-only";
import type { HistoryFilters } from "@/lib/history/filters";
import type { LevelFilter } from "@/lib/level-filters";
import type { Range } from "@/lib/list-address";
import { minIdAt } from "@/lib/min-id";
import { NO_CAUTIONS } from "@/lib/prediction/cautions";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import type { FeatureKey } from "@/tables/current";

/** The history's filters as SQL. */

/** That the answer was certain, and the outcome is another; a certain label is the diagnosis. */
export const DISAGREES = Prisma.sql`(outcome <> diagnosis AND coalesce(label, diagnosis) = diagnosis)`;

/** The condition on `prediction` that a row is not deleted and passes the filters. */
export function whereClause(filters: HistoryFilters): Prisma.Sql {
  const { labels, probability, sources, model, outcome, caution, measurements, text } = filters;
  const conditions = [
    Prisma.sql`deleted_at IS NULL`,
    ...daysOf(filters),
    labels.length > 0 && Prisma.sql`coalesce(label, diagnosis) IN (${Prisma.join([...labels])})`,
    probability !== null && within("probability", probability),
    sources.length > 0 && Prisma.sql`source IN (${Prisma.join([...sources])})`,
    model !== null && Prisma.sql`model_version = ${model}`,
    outcome === "known" && Prisma.sql`outcome IS NOT NULL`,
    outcome === "unknown" && Prisma.sql`outcome IS NULL`,
    outcome === "disagrees" && DISAGREES,
    caution !== null && cautioned(caution),
    ...measurements.map(({ key, ...range }) => within(key, range)),
    ...filters.levels.map(isAmong),
    text !== null &&
      Prisma.sql`id IN (SELECT prediction_id FROM annotation WHERE ${contains("case_code", text)} OR ${contains("note", text)})`,
  ];
  return Prisma.join(
    conditions.filter((condition) => condition !== false),
    " AND ",
  );
}

/** The condition that an answer has a caution, any or none; one that tells none has none. */
function cautioned(caution: string): Prisma.Sql {
  if (caution === "any") return Prisma.sql`cautions <> ${NO_CAUTIONS}`;
  if (caution === "none") return Prisma.sql`coalesce(cautions, ${NO_CAUTIONS}) = ${NO_CAUTIONS}`;
  // A code cannot be part of another: each ends at a space.
  return Prisma.sql`' ' || cautions || ' ' LIKE ${`% ${caution} %`}`;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The conditions that a row was made on the days asked for; its id says when. */
export const daysOf = ({ from, to }: HistoryFilters): Prisma.Sql[] => [
  ...(from === null ? [] : [Prisma.sql`id >= ${minIdAt(new Date(`${from}T00:00:00Z`))}`]),
  ...(to === null ? [] : [Prisma.sql`id < ${minIdAt(new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS))}`]),
];

function within(column: FeatureKey | "probability", { min, max }: Range): Prisma.Sql {
  const name = Prisma.raw(column);
  if (min === null) return Prisma.sql`${name} <= ${max}`;
  return max === null ? Prisma.sql`${name} >= ${min}` : Prisma.sql`${name} BETWEEN ${min} AND ${max}`;
}

/** The condition that a column has one of these levels, or is not known. */
function isAmong({ key, places }: LevelFilter): Prisma.Sql {
  const name = Prisma.raw(key);
  const known = places.filter((place) => !Number.isNaN(place));
  const conditions = [
    ...(known.length > 0 ? [Prisma.sql`${name} IN (${Prisma.join(known)})`] : []),
    ...(known.length < places.length ? [Prisma.sql`${name} IS NULL`] : []),
  ];
  return Prisma.sql`(${Prisma.join(conditions, " OR ")})`;
}

/** Whatever its case, and taken as it is: a per cent sign is one. */
function contains(column: "case_code" | "note", text: string): Prisma.Sql {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return Prisma.sql`lower(${Prisma.raw(column)}) LIKE ${pattern} ESCAPE '\\'`;
}
