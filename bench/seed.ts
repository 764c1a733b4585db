import Database from "better-sqlite3";
import type { Case } from "./cases";
import { model, predictAll } from "./model";
import { createInserter } from "./prediction-row";

// Rows are made in blocks, so that a million of them never are in memory at once.
const BLOCK = 5_000;
const JITTER = 0.02;
const MINUTE_MS = 60_000;

/**
 * Fills a migrated database with `count` predictions in one transaction: cases of the dataset, every value changed by
 * up to 2 %, predicted by the committed model, one a minute up to now.
 */
export async function seedPredictions(path: string, count: number, cases: readonly Case[]): Promise<void> {
  const random = createRandom(count);
  const start = Date.now() - count * MINUTE_MS;
  const database = new Database(path);
  try {
    database.pragma("journal_mode = WAL");
    const insert = createInserter(database, model);
    database.exec("BEGIN");
    for (let first = 0; first < count; first += BLOCK) {
      const rows = Array.from({ length: Math.min(BLOCK, count - first) }, () => {
        const { values } = cases[Math.floor(random() * cases.length)] as Case;
        return values.map((value) => Number((value * (1 + JITTER * (2 * random() - 1))).toPrecision(5)));
      });
      const predictions = await predictAll(rows);
      for (const [index, values] of rows.entries()) {
        const prediction = predictions[index];
        if (prediction === undefined) throw new Error("the model left out a row");
        const row = first + index;
        const createdAt = new Date(start + row * MINUTE_MS);
        insert({ formKey: `seeded ${row}`, createdAt, values, prediction, latencyMs: 0.1 + random() });
      }
    }
    database.exec("COMMIT");
    // The server that comes next starts with a file of its own, not with a log of a million rows.
    database.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}

/** Fills the Django peer's table, as it would have: the 30 numbers as text. */
export function seedDjango(path: string, count: number, cases: readonly Case[]): void {
  const database = new Database(path);
  try {
    const columns = Object.keys((cases[0] as Case).texts);
    const insert = database.prepare(
      `INSERT INTO peer_prediction (${columns.join(", ")}, diagnosis) VALUES (${columns.map(() => "?").join(", ")}, ?)`,
    );
    database.transaction(() => {
      for (let row = 0; row < count; row++) {
        const { texts, prediction } = cases[row % cases.length] as Case;
        insert.run(...Object.values(texts), prediction.diagnosis);
      }
    })();
  } finally {
    database.close();
  }
}

/** Mulberry32: the same rows in every run, and faster than it needs to be. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
