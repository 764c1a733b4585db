import * as z from "zod";

const range = z.strictObject({ min: z.number(), low: z.number(), high: z.number(), max: z.number() });
const sample = z.strictObject({ key: z.string(), row: z.number(), values: z.array(z.number()) });

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
  /** As in files, on the wire and in the database. */
  classes: z.strictObject({ positive: z.string(), negative: z.string() }),
  columns: z.array(
    z.strictObject({
      key: z.string(),
      type: z.string(),
      group: z.string(),
      property: z.string(),
      /** The least value that a form, a file or a request may have. */
      least: z.number(),
      /** The extremes of the training rows, and their 5th and 95th percentile. */
      range,
    }),
  ),
  /** Rows of the file, counted from 0 without its header, that fill the form with one click. */
  samples: z.array(sample),
  /** What training tries for the model; model/grid.ts says what they are. */
  settings: z.strictObject({
    shift: z.array(z.number()),
    whitening: z.array(z.number()),
    curvature: z.array(z.number()),
    ridge: z.array(z.number()),
  }),
  /** At most this share of all cases should get an answer that is certain and wrong. */
  certainAndWrong: z.number(),
  threshold: z.number(),
});

export type TableFile = z.infer<typeof tableFile>;
