import "server-only";
import { z } from "@hono/zod-openapi";
import { label } from "@/lib/contract";
import { CAUTION_CHOICES } from "@/lib/prediction/cautions";
import { answerOf } from "@/lib/prediction/words";
import { FEATURES, SAMPLES, table } from "@/tables/current";
import { type Api, addOperation } from "./operation";

const word = z.object({ code: z.string(), word: z.string() });

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
        least: z.number().openapi({ description: "The least value that is taken." }),
        range: z
          .object({ min: z.number(), low: z.number(), high: z.number(), max: z.number() })
          .openapi({ description: "Of the training cases, with the 5th and the 95th percentile." }),
      }),
    ),
    classes: z.object({ positive: word, negative: word }),
    labels: z.array(word),
    cautions: z.array(z.object({ code: z.string(), short: z.string() })),
    samples: z.array(z.object({ key: z.string(), label: z.string(), features: z.array(z.number()) })),
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
  columns: FEATURES.map(({ family, range: { min, low, high, max }, ...column }) => ({
    ...{ index: column.index, key: column.key, label: column.label, alias: column.alias },
    ...{ group: column.group, property: column.property, family: family ?? null, least: column.least },
    range: { min, low, high, max },
  })),
  classes: { positive: wordOf(positive), negative: wordOf(negative) },
  labels: label.options.map(wordOf),
  cautions: [...CAUTION_CHOICES],
  samples: SAMPLES.map(({ key, label, values }) => ({ key, label, features: [...values] })),
};

export function addColumns(api: Api): void {
  addOperation(api, READ, (c) => c.json(ANSWER));
}
