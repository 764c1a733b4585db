import * as z from "zod";

const range = z.strictObject({ min: z.number(), low: z.number(), high: z.number(), max: z.number() });
const sample = z.strictObject({ key: z.string(), row: z.number(), values: z.array(z.number().nullable()) });

/** A table.json. Tests parse it with this; what runs has its type alone. */
export const tableFile = z.strictObject({
  format: z.number(),
  name: z.string(),
  file: z.string(),
  /** SHA-256 of the file's bytes, hexadecimal. */
  sha256: z.string(),
  rows: z.number(),
  /** The header of the column that holds the class. */
  label: z.string(),
  /** What `npm run adopt` was told, for adopting again; the header of a column by key, where it is another. */
  adopted: z
    .strictObject({
      headers: z.record(z.string(), z.string()),
      groups: z.array(z.string()),
      zeroMissing: z.array(z.string()),
      category: z.array(z.string()),
      drop: z.array(z.string()),
      keep: z.array(z.string()),
    })
    .optional(),
  /** As in files, on the wire and in the database. */
  classes: z.strictObject({ positive: z.string(), negative: z.string() }),
  columns: z.array(
    z
      .strictObject({
        key: z.string(),
        type: z.string(),
        /** Both where the table has a grid. */
        group: z.string().optional(),
        property: z.string().optional(),
        /** Of a number: the least value that a form, a file or a request may have, where there is one. */
        least: z.number().optional(),
        /** Of a number: the extremes of the training rows, and their 5th and 95th percentile. */
        range: range.optional(),
        /** Of a category its codes as files have them; of a yes-no column the one for no and the one for yes. New ones come last. */
        levels: z.array(z.string()).optional(),
        /** The share of the training rows in which it is not known; where it is 0, it has to be known. */
        missing: z.number().optional(),
      })
      .refine(
        ({ type, range, levels }) =>
          type === "number"
            ? range !== undefined && levels === undefined
            : range === undefined &&
              (type === "category" ? (levels?.length ?? 0) >= 2 : type === "yes-no" && levels?.length === 2),
        "a number has a range, a category its levels, a yes-no column two",
      ),
  ),
  /** The keys of the columns that lists show unasked; the first three where nobody says which. */
  shown: z.array(z.string()).optional(),
  /** Rows of the file, counted from 0 without its header, that fill the form with one click. */
  samples: z.array(sample),
  /** What training tries for the model; model/grid.ts says what they are. Null: a search of its own, for columns of any type. */
  settings: z
    .strictObject({
      shift: z.array(z.number()),
      whitening: z.array(z.number()),
      curvature: z.array(z.number()),
      ridge: z.array(z.number()),
    })
    .nullable(),
  /** At most this share of all cases should get an answer that is certain and wrong. */
  certainAndWrong: z.number().optional(),
  /** Instead: this share of each class should keep its true label. With neither, training chooses one. */
  level: z.number().optional(),
  threshold: z.number(),
});

export type TableFile = z.infer<typeof tableFile>;
