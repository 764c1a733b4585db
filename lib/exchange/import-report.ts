import * as z from "zod";

export const refusals = z.array(z.object({ line: z.int().positive(), reason: z.string() }));

const count = z.int().nonnegative();

/**
 * How many predictions of a file were added, present or refused. `refusals` are the first of those refused, by the line
 * each begins on.
 */
export const importReport = z.object({ added: count, present: count, refused: count, refusals });
export type ImportReport = z.infer<typeof importReport>;

/** How many refusals are named; the rest are counted. */
export const MAX_REFUSALS = 100;
