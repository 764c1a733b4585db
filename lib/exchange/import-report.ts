import * as z from "zod";

export const remarks = z.array(z.object({ line: z.int().positive(), reason: z.string() }));

const count = z.int().nonnegative();

/**
 * How many predictions of a file were added, present or refused. Of those present, `differing` is how many say something
 * else than what is kept, and `taken` of how many that was taken over. `refusals` and `differences` are the first of each,
 * by the line each begins on.
 */
export const importReport = z.object({
  ...{ added: count, present: count, refused: count, differing: count, taken: count },
  ...{ refusals: remarks, differences: remarks },
});
export type ImportReport = z.infer<typeof importReport>;

/** How many remarks are kept of each kind; the rest are counted. */
export const MAX_REMARKS = 100;
