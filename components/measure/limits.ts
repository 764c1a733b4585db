/** The largest file that is opened, and the most pixels that it may have, also once it is resampled. */
export const MOST_BYTES = 100_000_000;
export const MOST_PIXELS = 40_000_000;
