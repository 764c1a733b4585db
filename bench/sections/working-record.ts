import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { type HistoryFilters, NO_FILTERS } from "../../lib/history/filters";
import {
  DEFAULT_HISTORY_QUERY,
  type HistoryQuery,
  historyHref,
  SORT_KEYS,
  type SortKey,
} from "../../lib/history/query";
import { FEATURE_KEYS, table } from "../../tables/current";
import type { Case } from "../cases";
import { exchange } from "../load";
import { model } from "../model";
import { createInserter, makeDurable, newFormKey } from "../prediction-row";
import { formatKilobytes, formatMs, type Section } from "../report";
import { seedPredictions } from "../seed";
import type { Server, Workshop } from "../servers";
import { median, percentile } from "../statistics";

const WANTED = { defaultMs: 50, measurementMs: 150, growth: 1.5, gzipBytes: 60_000, insertRatio: 0.5 };
const REPEATS = 5;
const WARM_UP = 60;
const INSERTED = 20_000;
const ROUNDS = 3;

/** What the history is filtered by, and the same as a condition. */
const FILTERS: Record<string, [Partial<HistoryFilters>, string]> = {
  "no filter": [{}, "TRUE"],
  positive: [
    { labels: [table.classes.positive] },
    `coalesce(label, diagnosis) = '${table.classes.positive}'`,
  ],
  "radius 12 to 13": [
    { measurements: [{ key: "radius_mean", min: 12, max: 13 }] },
    "radius_mean BETWEEN 12 AND 13",
  ],
  "uncertain, of a month": [
    { labels: ["uncertain"], from: daysAgo(30) },
    `label = 'uncertain' AND created_at >= '${daysAgo(30)}'`,
  ],
};

type Place = "first" | "middle" | "last";
type Timed = { sort: SortKey; filter: string; place: Place; ms: number[] };

/** Every sort of the history at its first, middle and last page, with and without filters, and what the indexes cost. */
export async function measureWorkingRecord(
  shop: Workshop,
  cases: readonly Case[],
  { sizes, log }: { sizes: readonly number[]; log: (text: string) => void },
): Promise<Section> {
  const largest = sizes.at(-1) ?? 0;
  const smaller = sizes.at(-2) ?? largest;
  const path = await seeded(shop, largest, cases, log);
  const app = await shop.startApp(path);
  log(`${SORT_KEYS.length} sorts, ${Object.keys(FILTERS).length} filters, three places`);
  const errors: string[] = [];
  const timed = await timePages(app, path, errors);
  const html = await exchange(app.port, false, {
    method: "GET",
    path: historyHref({ ...DEFAULT_HISTORY_QUERY, size: 100, columns: FEATURE_KEYS }),
  });
  await app.stop();
  const growth = await growthOf(shop, await seeded(shop, smaller, cases, log), path, errors);
  const fileBytes = statSync(path).size;
  log("inserts");
  const inserts = measureInserts(path, shop.folder, cases);

  const p95 = (some: (page: Timed) => boolean) =>
    percentile(
      timed.filter(some).flatMap(({ ms }) => ms),
      95,
    );
  const worst = (some: (page: Timed) => boolean) =>
    Math.max(...timed.filter(some).map(({ ms }) => median(ms)));
  const isMeasurement = ({ sort }: Timed) => FEATURE_KEYS.some((key) => key === sort);
  const gzipBytes = gzipSync(html.body).length;
  const groups: [string, (page: Timed) => boolean, number | null][] = [
    ["by date", ({ sort, filter }) => sort === "date" && filter === "no filter", WANTED.defaultMs],
    ["by date, filtered", ({ sort, filter }) => sort === "date" && filter !== "no filter", WANTED.defaultMs],
    ["by a measurement", (page) => isMeasurement(page) && page.filter === "no filter", WANTED.measurementMs],
    [
      "by a measurement, filtered",
      (page) => isMeasurement(page) && page.filter !== "no filter",
      WANTED.measurementMs,
    ],
    ["by diagnosis, probability or model", (page) => page.sort !== "date" && !isMeasurement(page), null],
  ];
  const met = (is: boolean) => (is ? "met" : "NOT MET");
  return {
    title: `History as a working record, ${largest.toLocaleString("en")} rows, one request at a time`,
    header: ["first, middle and last page", "p50 ms", "p95 ms", "slowest page", "wanted p95"],
    rows: groups.map(([name, some, wanted]) => [
      name,
      formatMs(median(timed.filter(some).flatMap(({ ms }) => ms))),
      formatMs(p95(some)),
      formatMs(worst(some)),
      wanted === null ? "" : `${wanted}: ${met(p95(some) <= wanted)}`,
    ]),
    notes: [
      `The default view takes x ${growth.toFixed(2)} as long at ${largest} rows as at ${smaller} (wanted: at most x ${WANTED.growth}): ${met(growth <= WANTED.growth)}.`,
      `The file is ${(fileBytes / 1e6).toFixed(0)} MB.`,
      `The largest page (100 rows, all ${FEATURE_KEYS.length} measurements) is ${formatKilobytes(gzipBytes)} gzip (wanted: at most 60 kB): ${met(gzipBytes <= WANTED.gzipBytes)}.`,
      `Inserting into a table of ${largest} rows: ${inserts.with.toFixed(0)}/s with the indexes, ${inserts.without.toFixed(0)}/s without (x ${(inserts.with / inserts.without).toFixed(2)}; wanted: at least x ${WANTED.insertRatio}): ${met(inserts.with / inserts.without >= WANTED.insertRatio)}. Each row in a durable transaction of its own: ${inserts.durableWith.toFixed(0)}/s and ${inserts.durableWithout.toFixed(0)}/s.`,
    ],
    data: {
      pages: timed.map(({ ms, ...page }) => ({ ...page, p50: median(ms), p95: percentile(ms, 95) })),
      growth,
      gzipBytes,
      fileBytes,
      inserts,
    },
    errors,
  };
}

async function seeded(shop: Workshop, size: number, cases: readonly Case[], log: (text: string) => void) {
  const path = shop.createDatabase();
  log(`seeding ${size.toLocaleString("en")} rows`);
  await seedPredictions(path, size, cases);
  return path;
}

async function timePages(app: Server, path: string, errors: string[]): Promise<Timed[]> {
  const database = new Database(path);
  // The middle of one row in twenty is close enough to that of all, which would take seconds to sort.
  database.exec("CREATE TEMP TABLE part AS SELECT * FROM prediction WHERE rowid % 20 = 0");
  const pages = Object.entries(FILTERS).flatMap(([filter, [filters, where]]) =>
    SORT_KEYS.flatMap((sort) =>
      (["first", "middle", "last"] as const).map((place) => ({
        sort,
        filter,
        place,
        href: historyHref({
          ...DEFAULT_HISTORY_QUERY,
          sort,
          filters: { ...NO_FILTERS, ...filters },
          cursor: cursorAt(database, sort, where, place),
        }),
        ms: [] as number[],
      })),
    ),
  );
  database.close();
  for (let request = 0; request < WARM_UP; request++) await timePage(app, "/history", errors);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const page of pages) page.ms.push(await timePage(app, page.href, errors));
  }
  return pages.map(({ href: _, ...page }) => page);
}

async function timePage({ port }: Server, path: string, errors: string[]): Promise<number> {
  const started = performance.now();
  const { status, body } = await exchange(port, false, { method: "GET", path });
  const ms = performance.now() - started;
  if (status !== 200 || !body.includes("</html>") || body.includes("cannot be read"))
    errors.push(`${path}: ${status}`);
  return ms;
}

/** The cursor in front of about the middle row or of the last page, newest or largest first. */
function cursorAt(
  database: Database.Database,
  sort: SortKey,
  where: string,
  place: Place,
): HistoryQuery["cursor"] {
  if (place === "first") return null;
  const column =
    { date: "id", diagnosis: "diagnosis", probability: "probability", model: "model_version" }[
      sort as "date"
    ] ?? sort;
  type Row = { id: string; created_at: string; value: string | number };
  // Not by the index that begins with deleted_at, through which reading a million rows takes many times as long.
  const select = (from: string) =>
    `SELECT id, created_at, ${column} AS value FROM ${from} WHERE deleted_at IS NULL AND (${where})`;
  const middle = () => {
    const rows = database.prepare<[], Row>(`${select("part")} ORDER BY ${column} DESC, id DESC`).all();
    return rows[Math.floor(rows.length / 2)];
  };
  const row =
    place === "middle"
      ? middle()
      : database
          .prepare<[number], Row>(
            `${select("prediction NOT INDEXED")} ORDER BY ${column}, id LIMIT 1 OFFSET ?`,
          )
          .get(DEFAULT_HISTORY_QUERY.size);
  if (row === undefined) return null;
  return { towards: "next", value: sort === "date" ? Date.parse(row.created_at) : row.value, id: row.id };
}

/** The default view's time at the larger size, by that at the smaller one, in turns. */
async function growthOf(shop: Workshop, smaller: string, larger: string, errors: string[]): Promise<number> {
  const apps = [await shop.startApp(smaller), await shop.startApp(larger)] as const;
  const spent: [number[], number[]] = [[], []];
  for (let request = -WARM_UP; request < 100; request++) {
    for (const [which, app] of apps.entries()) {
      const ms = await timePage(app, "/history", errors);
      if (request >= 0) spent[which as 0 | 1].push(ms);
    }
  }
  await Promise.all(apps.map((app) => app.stop()));
  return median(spent[1]) / median(spent[0]);
}

type Inserts = { with: number; without: number; durableWith: number; durableWithout: number };

/** Rows a second into a copy of the database, in one transaction and in one each, with its indexes and without. */
function measureInserts(path: string, folder: string, cases: readonly Case[]): Inserts {
  const rates = {
    with: [] as number[],
    without: [] as number[],
    durableWith: [] as number[],
    durableWithout: [] as number[],
  };
  const copy = join(folder, "inserts.db");
  copyFileSync(path, copy);
  const database = new Database(copy);
  makeDurable(database);
  const insert = createInserter(database, model);
  const one = (index: number) => {
    const { values, prediction } = cases[index % cases.length] as Case;
    insert({ formKey: newFormKey(), values, prediction, latencyMs: 1 });
  };
  const perSecond = (rows: number, run: () => void) => {
    const started = performance.now();
    run();
    return (rows * 1000) / (performance.now() - started);
  };
  const many = database.transaction(() => {
    for (let index = 0; index < INSERTED; index++) one(index);
  });
  const measure = (bulk: number[], durable: number[]) => {
    for (let round = 0; round < ROUNDS; round++) {
      bulk.push(perSecond(INSERTED, many));
      durable.push(
        perSecond(INSERTED / 20, () => {
          for (let index = 0; index < INSERTED / 20; index++) one(index);
        }),
      );
    }
  };
  measure(rates.with, rates.durableWith);
  const indexes = database
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'prediction' AND name LIKE 'prediction%' AND name NOT LIKE '%key'",
    )
    .pluck()
    .all();
  for (const index of indexes) database.exec(`DROP INDEX ${index}`);
  measure(rates.without, rates.durableWithout);
  database.close();
  return {
    with: median(rates.with),
    without: median(rates.without),
    durableWith: median(rates.durableWith),
    durableWithout: median(rates.durableWithout),
  };
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
