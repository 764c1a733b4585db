import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DEFAULT_HISTORY_QUERY,
  type HistoryQuery,
  PAGE_SIZES,
  SORT_KEYS,
  type SortKey,
} from "@/lib/history-query";
import type { SavedPrediction } from "@/lib/schema";
import { FEATURE_KEYS } from "@/model/features";
import { createThrowawayDatabase, TEST_DATABASE } from "@/prisma/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/db");
const {
  COUNT_BOUND,
  deletePrediction,
  findPrediction,
  listPredictions,
  pageQuery,
  restorePrediction,
  savePrediction,
} = await import("@/lib/server/predictions");

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
    const createdAt = new Date(Date.UTC(2026, 0, 1 + (i % 5), 0, 0, 0, i % 2));
    await db.prediction.update({ where: { id: row.value.id }, data: { createdAt } });
    saved.push({ ...row.value, createdAt });
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

  it("has the chosen columns, to the last digit, and the rest of the row", async () => {
    const columns = ["fractal_dimension_worst", "radius_mean"] as const;
    const page = await list({ columns, size: 100 });
    expect(page.total).toEqual({ count: ROWS, exact: true });
    const first = saved.find((row) => row.id === page.rows[0]?.id);
    expect(page.rows[0]).toEqual({
      id: first?.id,
      createdAt: first?.createdAt,
      diagnosis: first?.diagnosis,
      label: null,
      probability: first?.probability,
      threshold: 0.25,
      modelVersion: first?.modelVersion,
      values: [first?.values[29], first?.values[0]],
    });
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

  // The plans are SQLite's: of a table this small PostgreSQL always reads all, and no speed is promised of it.
  const onSqlite = it.runIf(TEST_DATABASE === "sqlite");

  onSqlite("reads dates and probabilities through their index, without sorting", async () => {
    const db = await database();
    for (const sort of ["date", "probability"] as const) {
      const cursor = (await list({ sort })).next;
      for (const query of [{ sort }, { sort, cursor }]) {
        const statement = pageQuery({ ...DEFAULT_HISTORY_QUERY, ...query });
        const plan = await db.$queryRaw<{ detail: string }[]>`EXPLAIN QUERY PLAN ${statement}`;
        expect(plan).toHaveLength(1);
        expect(plan[0]?.detail).toMatch(/^SEARCH prediction USING INDEX prediction_deleted_at_\w+_id_idx/);
      }
    }
  });

  onSqlite("reads the table from end to end where no index gives the order", async () => {
    const statement = pageQuery({ ...DEFAULT_HISTORY_QUERY, sort: "area_mean" });
    const plan = await (await database()).$queryRaw<{ detail: string }[]>`EXPLAIN QUERY PLAN ${statement}`;
    expect(plan[0]?.detail).toBe("SCAN prediction");
  });
});

describe("deletePrediction and restorePrediction", () => {
  it("take a row out and put it back, however often asked", async () => {
    const id = saved[0]?.id ?? "";
    expect(await deletePrediction(id)).toEqual({ ok: true, value: true });
    const first = await findPrediction(id);
    expect(await deletePrediction(id)).toEqual({ ok: true, value: true });
    expect(await findPrediction(id)).toEqual(first);
    expect(first.ok && first.value?.deletedAt).toBeInstanceOf(Date);
    const without = await list({ size: 100 });
    expect(without.rows.map((row) => row.id)).not.toContain(id);
    expect(without.total.count).toBe(ROWS - 1);

    expect(await restorePrediction(id)).toEqual({ ok: true, value: true });
    expect(await restorePrediction(id)).toEqual({ ok: true, value: true });
    expect(await findPrediction(id)).toEqual({ ok: true, value: saved[0] });
    expect((await list({ size: 100 })).total.count).toBe(ROWS);
  });

  it("say when there is no such row", async () => {
    expect(await deletePrediction("unknown")).toEqual({ ok: true, value: false });
    expect(await restorePrediction("unknown")).toEqual({ ok: true, value: false });
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
    expect((await list({})).total).toEqual({ count: COUNT_BOUND, exact: false });
    await db.$executeRawUnsafe("DELETE FROM prediction WHERE id LIKE 'copy %'");
  });
});

describe("a database that cannot be read", () => {
  it("is a value, not a throw", async () => {
    const db = await database();
    await db.$executeRawUnsafe("ALTER TABLE prediction RENAME TO elsewhere");
    expect(await listPredictions(DEFAULT_HISTORY_QUERY)).toMatchObject({ error: { code: "not_read" } });
    expect(await deletePrediction("x")).toMatchObject({ error: { code: "not_saved" } });
    expect(await restorePrediction("x")).toMatchObject({ error: { code: "not_saved" } });
    await db.$executeRawUnsafe("ALTER TABLE elsewhere RENAME TO prediction");
  });
});
