import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SavedPrediction } from "@/lib/contract";
import { type HistoryFilters, NO_FILTERS } from "@/lib/history/filters";
import {
  DEFAULT_HISTORY_QUERY,
  type HistoryQuery,
  parseHistoryQuery,
  SORT_KEYS,
  type SortKey,
} from "@/lib/history/query";
import { PAGE_SIZES, type SearchParams } from "@/lib/list-address";
import { binOf, countAsked, outcomeStateOf } from "@/lib/prediction/tally";
import { FEATURE_KEYS } from "@/tables/current";
import { createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { findPrediction, savePrediction } = await import("@/lib/server/prediction/predictions");
const { deletePredictions, restorePredictions } = await import("./selection");
const { listPredictions, idsQuery } = await import("./history");
const { findPlace } = await import("./place");
const { COUNT_BOUND, tallyPredictions } = await import("./tally");

const OUTCOMES = ["M", "B", null, null] as const;
const CAUTIONS = [null, [], ["atypical"], ["scale_size", "atypical"]];
const ROWS = 61;
const saved: SavedPrediction[] = [];

/** Few distinct values, so that most rows tie, among them ones that lose digits when handled as text. */
const VALUES = [0, 0.006193, 0.1 + 0.2, 1e-7, 122.8, 1001, 2.5e15];

beforeAll(async () => {
  const db = await database();
  for (let i = 0; i < ROWS; i++) {
    const row = await savePrediction({
      formKey: `form ${i}`,
      source: "form",
      values: FEATURE_KEYS.map((_, f) => VALUES[(i * (f + 1) + f) % VALUES.length] ?? 0),
      prediction: {
        diagnosis: i % 3 === 0 ? "M" : "B",
        probability: [0, 1, 1 / 3, 0.25][i % 4] ?? 0,
        label: null,
        base: null,
        contributions: null,
        typicality: null,
        cautions: CAUTIONS[i % 4] ?? null,
      },
      model: {
        name: "test",
        version: ["1.0.0", "0.9", "1.10", "é"][i % 4] ?? "",
        hash: null,
        threshold: 0.25,
        uncertain: null,
      },
      backend: "embedded",
      latencyMs: 1,
    });
    if (!row.ok) throw row.error.cause;
    // An id's time is that of the date; days apart, so that filters by day have something to tell apart.
    const createdAt = new Date(Date.UTC(2026, 0, 1 + (i % 5), 0, 0, i));
    const id = uuidv7({ msecs: createdAt.getTime() });
    const outcome = OUTCOMES[i % 4] ?? null;
    await db.prediction.update({ where: { id: row.value.id }, data: { id, createdAt, outcome } });
    if (i % 10 === 0) {
      await db.annotation.create({
        data: { predictionId: id, caseCode: `A-${i}`, note: i === 0 ? "50 % of Cells" : null },
      });
    }
    saved.push({ ...row.value, id, createdAt });
  }
});

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

async function list(query: Partial<HistoryQuery>) {
  const page = await listPredictions({ ...DEFAULT_HISTORY_QUERY, ...query });
  if (!page.ok) throw page.error.cause;
  return page.value;
}

function sortedValue(row: SavedPrediction, sort: SortKey): string | number {
  if (sort === "date") return row.createdAt.getTime();
  if (sort === "diagnosis") return row.diagnosis;
  if (sort === "probability") return row.probability;
  if (sort === "model") return row.modelVersion;
  return row.values[FEATURE_KEYS.indexOf(sort)] ?? Number.NaN;
}

function idsSorted(sort: SortKey, direction: HistoryQuery["direction"]): string[] {
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  const ascending = saved.toSorted(
    (a, b) => compare(sortedValue(a, sort), sortedValue(b, sort)) || compare(a.id, b.id),
  );
  return (direction === "ascending" ? ascending : ascending.reverse()).map((row) => row.id);
}

// The plans are SQLite's: of a table this small PostgreSQL always reads all, and no speed is promised of it.
const onSqlite = it.runIf(TEST_DATABASE === "sqlite");

describe("findPlace", () => {
  it("tells each prediction's neighbours and position, in any order and with filters", async () => {
    for (const query of [
      DEFAULT_HISTORY_QUERY,
      { ...DEFAULT_HISTORY_QUERY, sort: "model", direction: "ascending" },
      { ...DEFAULT_HISTORY_QUERY, sort: "radius_mean", direction: "descending" },
      { ...DEFAULT_HISTORY_QUERY, sort: "diagnosis", filters: { ...NO_FILTERS, outcome: "unknown" } },
    ] satisfies HistoryQuery[]) {
      const known = new Set((await list({ ...query, size: 100 })).rows.map(({ id }) => id));
      const ids = idsSorted(query.sort, query.direction).filter((id) => known.has(id));
      for (const [at, id] of ids.entries()) {
        expect(await findPlace(id, query)).toEqual({
          ok: true,
          value: {
            previous: ids[at - 1] ?? null,
            next: ids[at + 1] ?? null,
            position: { at: at + 1, of: ids.length },
          },
        });
      }
    }
  });

  it("tells the neighbours, and no position, of one that the filters leave out", async () => {
    const query = { ...DEFAULT_HISTORY_QUERY, filters: { ...NO_FILTERS, outcome: "known" as const } };
    const out = idsSorted("date", "descending");
    const known = new Set((await list({ ...query, size: 100 })).rows.map(({ id }) => id));
    const at = out.findIndex((id, place) => place > 5 && !known.has(id));
    const place = await findPlace(out[at] ?? "", query);
    expect(place).toEqual({
      ok: true,
      value: {
        previous: out.slice(0, at).findLast((id) => known.has(id)),
        next: out.slice(at).find((id) => known.has(id)),
        position: null,
      },
    });
  });
});

describe("listPredictions", () => {
  const orders = SORT_KEYS.flatMap((sort) => [
    { sort, direction: "ascending" as const },
    { sort, direction: "descending" as const },
  ]);

  it.each(orders)("visits each row once in order, forwards and back: $sort $direction", async (order) => {
    const wanted = idsSorted(order.sort, order.direction);
    const pages: string[][] = [];
    let page = await list(order);
    expect(page.previous).toBeNull();
    pages.push(page.rows.map((row) => row.id));
    while (page.next !== null) {
      page = await list({ ...order, cursor: page.next });
      pages.push(page.rows.map((row) => row.id));
    }
    expect(pages.flat()).toEqual(wanted);
    expect(pages.map((ids) => ids.length)).toEqual([25, 25, ROWS - 50]);
    for (const earlier of pages.slice(0, -1).reverse()) {
      expect(page.previous).not.toBeNull();
      page = await list({ ...order, cursor: page.previous });
      expect(page.rows.map((row) => row.id)).toEqual(earlier);
      expect(page.next).not.toBeNull();
    }
    expect(page.previous).toBeNull();
  });

  it.each(PAGE_SIZES)("has up to %d rows a page", async (size) => {
    const page = await list({ size });
    expect(page.rows).toHaveLength(Math.min(size, ROWS));
    expect(page.next === null).toBe(size >= ROWS);
  });

  it("has the measurements to the last digit, and the rest of the row", async () => {
    const page = await list({ size: 100 });
    expect(page.total).toEqual({ count: ROWS, exact: true, about: null });
    const first = saved.find((row) => row.id === page.rows[0]?.id);
    expect(page.rows[0]).toEqual({
      id: first?.id,
      createdAt: first?.createdAt,
      diagnosis: first?.diagnosis,
      label: null,
      cautions: first?.cautions,
      probability: first?.probability,
      threshold: 0.25,
      uncertain: null,
      modelVersion: first?.modelVersion,
      source: "form",
      outcome: OUTCOMES[saved.findIndex((row) => row.id === page.rows[0]?.id) % 4],
      caseCode: null,
      contributions: null,
      values: first?.values,
    });
    expect(page.rows.filter(({ caseCode }) => caseCode?.startsWith("A-"))).toHaveLength(Math.ceil(ROWS / 10));
  });

  it("gives the first page whole when rows before the cursor are fewer than a page", async () => {
    const second = await list({ cursor: (await list({})).next });
    const tenth = (await list({})).rows[10];
    const cursor = {
      towards: "previous" as const,
      value: tenth?.createdAt.getTime() ?? 0,
      id: tenth?.id ?? "",
    };
    const page = await list({ cursor });
    expect(page).toEqual(await list({}));
    expect(page.next).toEqual({ ...second.previous, ...page.next });
  });

  it("is empty past the end, without a failure", async () => {
    const beyond = { towards: "next" as const, value: 0, id: "00000000-0000-7000-8000-000000000000" };
    expect(await list({ cursor: beyond })).toMatchObject({ rows: [], next: null, previous: null });
  });

  onSqlite("sorts nothing where an index gives the order, and else reads row by row", async () => {
    const db = await database();
    const planOf = async (query: HistoryQuery, byId: boolean) => {
      const plan = await db.$queryRaw<{ detail: string }[]>`
        EXPLAIN QUERY PLAN ${idsQuery(query, { byId, only: null, cursor: query.cursor })}`;
      return plan.map(({ detail }) => detail);
    };
    const filters: HistoryFilters = { ...NO_FILTERS, labels: ["M"], outcome: "unknown" };
    for (const sort of SORT_KEYS) {
      const cursor = (await list({ sort })).next;
      for (const query of [{ sort }, { sort, cursor }, { sort, filters }]) {
        const byId = await planOf({ ...DEFAULT_HISTORY_QUERY, ...query, sort: "date" }, true);
        expect(byId.filter((detail) => /SCAN prediction$|TEMP B-TREE/.test(detail))).toEqual([]);
        if (sort === "date") continue;
        const scanned = await planOf({ ...DEFAULT_HISTORY_QUERY, ...query }, false);
        expect(scanned).toContain("SCAN prediction");
      }
    }
  });
});

describe("tallyPredictions", () => {
  const groupsOf = async (inThread: boolean) => {
    const { groups, exact } = await tallyPredictions(await database(), NO_FILTERS, inThread);
    expect(exact).toBe(true);
    return groups.map(({ answer, outcome, bin, count }) => `${answer} ${outcome} ${bin} ${count}`).sort();
  };

  it("counts each prediction in the bin of its probability", async () => {
    const counts = new Map<string, number>();
    for (const [i, { diagnosis: answer, probability }] of saved.entries()) {
      const key = `${answer} ${outcomeStateOf(answer, OUTCOMES[i % 4] ?? null)} ${binOf(probability)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(await groupsOf(false)).toEqual([...counts].map(([key, count]) => `${key} ${count}`).sort());
  });

  onSqlite("does the same in a thread", async () => {
    expect(await groupsOf(true)).toEqual(await groupsOf(false));
  });
});

describe("filters", () => {
  const matches = async (filters: Partial<HistoryFilters>) => {
    const page = await list({ size: 100, filters: { ...NO_FILTERS, ...filters } });
    expect(page.total).toEqual({ count: page.rows.length, exact: true, about: null });
    expect(countAsked(page.shown, NO_FILTERS)).toBe(page.rows.length);
    expect(countAsked(page.open, { labels: [], outcome: null, ...filters })).toBe(page.rows.length);
    return page.rows.map(({ id }) => id).sort();
  };
  const wanted = (test: (row: SavedPrediction, index: number) => boolean) =>
    saved
      .filter(test)
      .map(({ id }) => id)
      .sort();

  it.each<[string, Partial<HistoryFilters>, (row: SavedPrediction, index: number) => boolean]>([
    ["a day", { from: "2026-01-02", to: "2026-01-02" }, ({ createdAt }) => createdAt.getUTCDate() === 2],
    ["days on", { from: "2026-01-04" }, ({ createdAt }) => createdAt.getUTCDate() >= 4],
    ["malignant", { labels: ["M"] }, ({ diagnosis }) => diagnosis === "M"],
    ["uncertain", { labels: ["uncertain"] }, () => false],
    [
      "a probability",
      { probability: { min: 0.25, max: 0.5 } },
      ({ probability: p }) => p >= 0.25 && p <= 0.5,
    ],
    ["a source", { sources: ["sample"] }, () => false],
    ["a version", { model: "é" }, ({ modelVersion }) => modelVersion === "é"],
    ["any caution", { caution: "any" }, (_, i) => (CAUTIONS[i % 4] ?? []).length > 0],
    ["no caution", { caution: "none" }, (_, i) => (CAUTIONS[i % 4] ?? []).length === 0],
    ["one caution", { caution: "scale_size" }, (_, i) => i % 4 === 3],
    ["a known outcome", { outcome: "known" }, (_, i) => OUTCOMES[i % 4] !== null],
    ["an unknown outcome", { outcome: "unknown" }, (_, i) => OUTCOMES[i % 4] === null],
    [
      "an outcome that disagrees",
      { outcome: "disagrees" },
      ({ diagnosis }, i) => OUTCOMES[i % 4] !== null && OUTCOMES[i % 4] !== diagnosis,
    ],
    [
      "measurements of two groups",
      {
        measurements: [
          { key: "radius_mean", min: 0.1, max: 1001 },
          { key: "area_worst", min: null, max: 122.8 },
        ],
      },
      ({ values }) => {
        const radius = values[FEATURE_KEYS.indexOf("radius_mean")] ?? Number.NaN;
        return (
          radius >= 0.1 && radius <= 1001 && (values[FEATURE_KEYS.indexOf("area_worst")] ?? 1e9) <= 122.8
        );
      },
    ],
    ["a case code, whatever its case", { text: "a-1" }, (_, i) => i === 10],
    ["a note with a per cent sign", { text: "50 % of cells" }, (_, i) => i === 0],
    ["text that is nowhere", { text: "_" }, () => false],
  ])("by %s show what they say", async (_, filters, test) => {
    expect(await matches(filters)).toEqual(wanted(test));
  });

  it("work with every sort and with pages", async () => {
    for (const sort of SORT_KEYS) {
      const filters: HistoryFilters = { ...NO_FILTERS, labels: ["B"] };
      const first = await list({ sort, filters });
      const second = await list({ sort, filters, cursor: first.next });
      const ids = [...first.rows, ...second.rows].map(({ id }) => id);
      expect(ids.sort()).toEqual(wanted(({ diagnosis }) => diagnosis === "B"));
    }
  });
});

/** Addresses made of what could be in one, and of what should not. */
const anyAddress = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(
          "sort",
          "size",
          "columns",
          "density",
          "cursor",
          "from",
          "to",
          "answer",
          "pmin",
          "pmax",
        ),
        fc.constantFrom("source", "model", "outcome", "text", "measure", "min", "max"),
        fc.constantFrom(...FEATURE_KEYS),
        fc.string(),
      ),
      fc.oneof(
        fc.constantFrom(
          ...SORT_KEYS,
          "-date",
          "-id",
          "id",
          "deleted_at",
          "1; DROP TABLE prediction",
          "0.2",
          "10..20",
        ),
        fc.constantFrom(
          "2026-01-01",
          "malignant",
          "benign,uncertain",
          "form",
          "known",
          "disagrees",
          "..5",
          "compact",
        ),
        fc.constantFrom("%", "_", "\\", "'", '"', "é", "1e309", "-0", "0x10", "NaN", "null", "undefined"),
        fc.string(),
        fc.array(fc.string(), { maxLength: 3 }),
      ),
    ),
    { maxLength: 6 },
  )
  .map((pairs): SearchParams => Object.fromEntries(pairs));

describe("any address", () => {
  it("is refused with a sentence or read with listed columns only, never a failure", async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(anyAddress, async (parameters) => {
        const query = parseHistoryQuery(parameters);
        if (!query.ok) {
          expect(query.error.message).toMatch(/\S/);
          return;
        }
        read += 1;
        expect(await listPredictions(query.value)).toMatchObject({ ok: true });
        // Every name in the statement is one of the schema's; values are parameters.
        const { cursor } = query.value;
        const { sql } = idsQuery(query.value, { byId: false, only: null, cursor });
        const names = new Set(sql.match(/[a-z_]+/g));
        for (const name of names) expect(LISTED).toContain(name);
      }),
      { numRuns: 1_500 },
    );
    expect(read).toBeGreaterThan(150);
  });
});

const LISTED = new Set<string>([
  ...FEATURE_KEYS,
  ...["prediction", "annotation", "prediction_id", "case_code", "note", "lower", "coalesce", "sorted"],
  ...[
    "id",
    "created_at",
    "deleted_at",
    "diagnosis",
    "label",
    "cautions",
    "probability",
    "model_id",
    "model_version",
  ],
  ...["source", "outcome"],
]);

describe("deletePredictions and restorePredictions", () => {
  it("take a row out and put it back, however often asked", async () => {
    const id = saved[0]?.id ?? "";
    expect(await deletePredictions([id])).toEqual({ ok: true, value: 1 });
    const first = await findPrediction(id);
    expect(await deletePredictions([id])).toEqual({ ok: true, value: 0 });
    expect(await findPrediction(id)).toEqual(first);
    expect(first.ok && first.value?.deletedAt).toBeInstanceOf(Date);
    const without = await list({ size: 100 });
    expect(without.rows.map((row) => row.id)).not.toContain(id);
    expect(without.total.count).toBe(ROWS - 1);

    expect(await restorePredictions([id])).toEqual({ ok: true, value: 1 });
    expect(await restorePredictions([id])).toEqual({ ok: true, value: 0 });
    expect(await findPrediction(id)).toEqual({ ok: true, value: saved[0] });
    expect((await list({ size: 100 })).total.count).toBe(ROWS);
  });
});

describe("a history that threads scan", () => {
  onSqlite("is sorted as a single statement would sort it, on every page", async () => {
    const db = await database();
    const copies = 60_000;
    await db.$executeRawUnsafe(
      `INSERT INTO prediction (id, created_at, diagnosis, probability, model_id, model_version, backend, latency_ms,
         source, idempotency_key, deleted_at, outcome, ${FEATURE_KEYS.join(", ")})
       SELECT * FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${copies})
       SELECT printf('copy %06d', i), created_at, diagnosis, (i * 7919 % 1000) / 1000.0, model_id, model_version, backend,
         latency_ms, source, 'copy ' || i AS key, CASE WHEN i % 50 = 0 THEN created_at END,
         CASE i % 500 WHEN 7 THEN 'B' WHEN 8 THEN 'M' END,
         ${FEATURE_KEYS.map((_, index) => `(i * ${7919 + index} % 5003) / 7.0`).join(", ")}
       FROM prediction CROSS JOIN n WHERE id = '${saved[0]?.id}') AS copies`,
    );
    const between = (min: number, max: number) => ({
      filters: { ...NO_FILTERS, measurements: [{ key: "texture_se", min, max }] } satisfies HistoryFilters,
      where: [`texture_se BETWEEN ${min} AND ${max}`],
    });
    const all = { filters: NO_FILTERS, where: [] };
    const many = between(100, 400);
    // Fewer among the nearest than a page has.
    const rare = between(100, 101);
    const disagreeing = {
      filters: { ...NO_FILTERS, outcome: "disagrees" } satisfies HistoryFilters,
      where: ["outcome <> diagnosis"],
    };
    for (const [sort, column, direction, { filters, where }] of [
      ["area_worst", "area_worst", "descending", all],
      ["radius_mean", "radius_mean", "ascending", many],
      ["probability", "probability", "descending", many],
      ["date", "id", "descending", rare],
      ["date", "id", "ascending", rare],
      ["diagnosis", "diagnosis", "ascending", rare],
      ["date", "id", "descending", disagreeing],
      ["diagnosis", "diagnosis", "descending", disagreeing],
      ["symmetry_se", "symmetry_se", "ascending", disagreeing],
    ] as const) {
      const order = direction === "ascending" ? "ASC" : "DESC";
      const expected = await db.$queryRawUnsafe<{ id: string }[]>(
        `SELECT id FROM prediction NOT INDEXED
          WHERE ${["deleted_at IS NULL", ...where].join(" AND ")}
          ORDER BY ${column} ${order}, id ${order} LIMIT 75`,
      );
      const pages = [await list({ sort, direction, filters, size: 25 })];
      for (const _ of [2, 3])
        pages.push(await list({ sort, direction, filters, size: 25, cursor: pages.at(-1)?.next ?? null }));
      expect(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(expected.map(({ id }) => id));
      const back = await list({ sort, direction, filters, size: 25, cursor: pages[2]?.previous ?? null });
      expect(back.rows).toEqual(pages[1]?.rows);
    }
    expect(globalThis).toHaveProperty("cytodeskReadThreads");
    await db.$executeRawUnsafe("DELETE FROM prediction WHERE id LIKE 'copy %'");
  });
});

describe("beyond what is counted", () => {
  it("says that the total is not exact", async () => {
    const db = await database();
    await db.$executeRawUnsafe(
      `INSERT INTO prediction (id, created_at, diagnosis, probability, model_id, model_version, backend, latency_ms,
         source, idempotency_key, deleted_at, ${FEATURE_KEYS.join(", ")})
       SELECT * FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${COUNT_BOUND})
       SELECT 'copy ' || i, created_at, diagnosis, probability, model_id, model_version, backend, latency_ms,
         source, 'copy ' || i AS key, deleted_at, ${FEATURE_KEYS.join(", ")}
       FROM prediction CROSS JOIN n WHERE id = '${saved[0]?.id}') AS copies`,
    );
    // PostgreSQL's own daemon would do so by and by.
    await db.$executeRawUnsafe("ANALYZE prediction");
    expect((await list({})).total).toEqual({ count: COUNT_BOUND, exact: false, about: 10_000 });
    expect((await list({ filters: { ...NO_FILTERS, sources: ["form"] } })).total).toEqual({
      count: COUNT_BOUND,
      exact: false,
      about: null,
    });
    await db.$executeRawUnsafe("DELETE FROM prediction WHERE id LIKE 'copy %'");
  });
});

describe("a database that cannot be read", () => {
  it("is a value, not a throw", async () => {
    const db = await database();
    await db.$executeRawUnsafe("ALTER TABLE prediction RENAME TO elsewhere");
    expect(await listPredictions(DEFAULT_HISTORY_QUERY)).toMatchObject({ error: { code: "not_read" } });
    expect(await deletePredictions(["x"])).toMatchObject({ error: { code: "not_saved" } });
    expect(await restorePredictions(["x"])).toMatchObject({ error: { code: "not_saved" } });
    await db.$executeRawUnsafe("ALTER TABLE elsewhere RENAME TO prediction");
  });
});
