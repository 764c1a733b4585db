/** The largest file that the page takes, in bytes. */
export const MOST_BYTES = 4_000_000_000;
