import * as z from "zod";

/** What came of importing a file. `refusals` are the first of those refused, by the line each begins on. */
export type ImportReport = {
  added: number;
  present: number;
  refused: number;
  refusals: Refusal[];
};

export const refusals = z.array(z.object({ line: z.int().positive(), reason: z.string() }));
type Refusal = z.infer<typeof refusals>[number];

/** How many refusals are named; the rest are counted. */
export const MAX_REFUSALS = 100;
