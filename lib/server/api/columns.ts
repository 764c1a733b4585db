import "server-only";
import { z } from "@hono/zod-openapi";
import { label, wireVector, writeWireVector } from "@/lib/contract";
import { CAUTION_CHOICES } from "@/lib/prediction/cautions";
import { answerOf } from "@/lib/prediction/words";
import { FEATURES, SAMPLES, table } from "@/tables/current";
import { COLUMN_TYPES } from "@/tables/table";
import { type Api, addOperation } from "./operation";

const word = z.object({ code: z.string(), word: z.string() });

/** What only numbers have, and may be missing where a table has other columns. */
const ofNumbers = <T extends z.ZodType>(schema: T) =>
  FEATURES.every(({ type, least }) => type === "number" && least !== -Number.MAX_VALUE)
    ? schema
    : schema.nullable();

const columns = z
  .object({
    table: z.string(),
    columns: z.array(
      z.object({
        index: z.int().openapi({ description: "Its place in features." }),
        key: z.string(),
        label: z.string(),
        alias: z.string().openapi({ description: "Its name in a well-known copy of the table." }),
        group: z.string().nullable(),
        property: z.string().nullable(),
        family: z.string().nullable(),
        type: z.enum(COLUMN_TYPES),
        levels: z.array(word).openapi({
          description: "Of a category or a yes-no column, by their places; of the latter, no comes first.",
        }),
        mayMiss: z
          .boolean()
          .openapi({ description: "Whether it may be null, for a value that is not known." }),
        least: ofNumbers(z.number()).openapi({ description: "The least value that is taken." }),
        range: ofNumbers(
          z.object({ min: z.number(), low: z.number(), high: z.number(), max: z.number() }),
        ).openapi({ description: "Of the training cases, with the 5th and the 95th percentile." }),
      }),
    ),
    classes: z.object({ positive: word, negative: word }),
    labels: z.array(word),
    cautions: z.array(z.object({ code: z.string(), short: z.string() })),
    samples: z.array(z.object({ key: z.string(), label: z.string(), features: wireVector })),
  })
  .openapi("Columns");

const READ = {
  method: "get",
  path: "/columns",
  operationId: "readColumns",
  tag: "Model",
  summary: "Read what a case has",
  description: "The columns in their order, the classes, labels and cautions of answers, and samples.",
  answers: { 200: { description: "The columns.", schema: columns } },
  problems: [],
} as const;

const { positive, negative } = table.classes;
const wordOf = (code: (typeof label.options)[number]) => ({ code, word: answerOf(code).word });

const ANSWER: z.infer<typeof columns> = {
  table: table.name,
  columns: FEATURES.map(({ family, type, range: { min, low, high, max }, levels, ...column }) => ({
    ...{ index: column.index, key: column.key, label: column.label, alias: column.alias },
    ...{ group: column.group, property: column.property, family: family ?? null, type },
    levels: levels.map((code) => ({ code, word: column.levelLabels[code] ?? code })),
    mayMiss: column.mayMiss,
    least: type === "number" && column.least !== -Number.MAX_VALUE ? column.least : null,
    range: type === "number" ? { min, low, high, max } : null,
  })),
  classes: { positive: wordOf(positive), negative: wordOf(negative) },
  labels: label.options.map(wordOf),
  cautions: [...CAUTION_CHOICES],
  samples: SAMPLES.map(({ key, label, values }) => ({ key, label, features: [...writeWireVector(values)] })),
};

export function addColumns(api: Api): void {
  addOperation(api, READ, (c) => c.json(ANSWER));
}
