import { seededRandom } from "./random";

/** Shuffles rows 0..count-1 (Fisher-Yates, fixed seed) into 80 % train, 10 % validation and the rest test. */
export function splitRows(count: number): Record<"train" | "validation" | "test", number[]> {
  const rows = Array.from({ length: count }, (_, i) => i);
  const random = seededRandom(1);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j] as number, rows[i] as number];
  }
  const first = Math.floor(0.8 * count);
  const second = Math.floor(0.9 * count);
  return { train: rows.slice(0, first), validation: rows.slice(first, second), test: rows.slice(second) };
}
