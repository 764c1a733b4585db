/** A share of 1 as a percentage: "97.3 %". */
export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** A number with its sign and a true minus: "+0.25", "−1.00". */
export const signed = (value: number, digits = 2) =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

/** Bytes in hexadecimal digits. */
export const toHex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** "1 case", "2 cases": with both forms of the word. */
export const withCount = (count: number, { one, many }: { one: string; many: string }) =>
  `${count} ${count === 1 ? one : many}`;

/** "1 prediction", "3 predictions". */
export const countPredictions = (count: number) =>
  `${count.toLocaleString("en")} prediction${count === 1 ? "" : "s"}`;

const UNITS = [
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
] as const;

/** "640 bytes", "1.2 MB", "450 MB": two digits or more, in powers of 1,000. */
export function formatBytes(bytes: number): string {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? ["bytes", 1];
  const value = bytes / size;
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} ${unit}`;
}

/** "1 row", "3 rows". */
export const countRows = (count: number) => `${count.toLocaleString("en")} row${count === 1 ? "" : "s"}`;
