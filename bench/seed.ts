import Database from "better-sqlite3";
import { v7 as uuidv7 } from "uuid";
import { MAX_INSTANCES, type Prediction } from "../lib/contract";
import { timeText } from "../lib/time";
import { FEATURE_KEYS } from "../tables/current";
import type { Case } from "./cases";
import { model, predictAll } from "./model";
import { idOfModel } from "./prediction-row";

/** Distinct cases; predicting a million would take minutes, and sorts and filters would not be told apart from these. */
const DISTINCT = 20_000;
const JITTER = 0.02;
const MINUTE_MS = 60_000;
/** A day of the bin's thirty is left to its predictions, so that a server that starts on the file deletes none. */
const BIN_MS = 29 * 24 * 60 * MINUTE_MS;
const CACHE_KIB = 1_000_000;

/**
 * Fills a migrated database with `count` predictions of the committed model, one a minute up to now: cases of the
 * dataset, every value changed by up to 2 %. One in ten is a sample, three in ten have an outcome, one in ten a case code, one in a hundred of
 * the last month is deleted.
 */
export async function seedPredictions(path: string, count: number, cases: readonly Case[]): Promise<void> {
  const random = createRandom(count);
  const start = Date.now() - count * MINUTE_MS;
  const database = new Database(path);
  try {
    // Whoever is interrupted here starts again with a file of its own.
    database.pragma("synchronous = OFF");
    database.pragma(`cache_size = -${CACHE_KIB}`);
    const distinct = await fillCases(database, Math.min(count, DISTINCT), cases, random);
    const at = (row: number) => start + row * MINUTE_MS;
    const define = (name: string, value: (row: number) => string | number) =>
      database.function(name, { deterministic: false }, value as (...row: unknown[]) => unknown);
    define("seeded_id", (row) => uuidv7({ msecs: at(row) }));
    define("seeded_time", (row) => timeText(new Date(at(row))));
    define("seeded_case", () => 1 + Math.floor(random() * distinct));
    const lastMonth = Math.max(0, count - BIN_MS / MINUTE_MS);
    const names = FEATURE_KEYS.join(", ");
    database.exec("BEGIN");
    database.exec(`CREATE TEMP TABLE seeded AS
      WITH RECURSIVE numbers (row) AS (SELECT 0 UNION ALL SELECT row + 1 FROM numbers WHERE row + 1 < ${count})
      SELECT row, seeded_id(row) AS id, seeded_time(row) AS at, seeded_case() AS case_id FROM numbers`);
    database.exec(`INSERT INTO prediction (id, ${names}, probability, diagnosis, label, base, created_at, source, deleted_at,
        model_id, model_version, backend, latency_ms, outcome, outcome_on, idempotency_key)
      SELECT seeded.id, ${names}, probability, diagnosis, label, base, at, CASE WHEN row % 10 = 9 THEN 'sample' ELSE 'form' END,
        CASE WHEN row >= ${lastMonth} AND row % 100 = 50 THEN at END,
        ${idOfModel(database, model)}, '${model.version}', 'embedded', 0.1 + (row % 1000) / 1000.0,
        CASE WHEN row % 10 < 3 THEN truth END, CASE WHEN row % 10 < 3 THEN substr(at, 1, 10) || 'T00:00:00.000+00:00' END,
        lower(hex(randomblob(32)))
      FROM seeded JOIN temp.cases ON cases.id = case_id ORDER BY row`);
    database.exec(`INSERT INTO prediction_detail (prediction_id, contributions, typicality)
      SELECT seeded.id, contributions, typicality FROM seeded JOIN temp.cases ON cases.id = case_id ORDER BY row`);
    database.exec(`INSERT INTO annotation (prediction_id, case_code)
      SELECT id, 'FNA-' || row FROM seeded WHERE row % 10 = 5 ORDER BY row`);
    database.exec("COMMIT");
    // The server that comes next starts with a file of its own, not with a log of a million rows.
    database.pragma("journal_mode = WAL");
  } finally {
    database.close();
  }
}

/** Makes a temporary table of `count` cases with what the model says of them; how many that are. */
async function fillCases(
  database: Database.Database,
  count: number,
  cases: readonly Case[],
  random: () => number,
): Promise<number> {
  const columns = [
    ...FEATURE_KEYS,
    "truth",
    "probability",
    "diagnosis",
    "label",
    "base",
    "contributions",
    "typicality",
  ];
  database.exec(`CREATE TEMP TABLE cases (id INTEGER PRIMARY KEY, ${columns.join(", ")})`);
  const insert = database.prepare(
    `INSERT INTO temp.cases (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  const drawn = Array.from({ length: count }, () => {
    const { values, truth } = cases[Math.floor(random() * cases.length)] as Case;
    return {
      truth,
      values: values.map((value) => Number((value * (1 + JITTER * (2 * random() - 1))).toPrecision(5))),
    };
  });
  for (let first = 0; first < count; first += MAX_INSTANCES) {
    const some = drawn.slice(first, first + MAX_INSTANCES);
    const predictions = await predictAll(some.map(({ values }) => values));
    database.transaction(() => {
      for (const [index, { values, truth }] of some.entries()) {
        const { probability, diagnosis, label, base, contributions, typicality } = predictions[
          index
        ] as Prediction;
        insert.run(
          ...[...values, truth, probability, diagnosis, label, base],
          ...[JSON.stringify(contributions), JSON.stringify(typicality)],
        );
      }
    })();
  }
  return count;
}

/** Fills the Django peer's table, as it would have: the numbers as text. */
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
