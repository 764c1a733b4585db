import { monitorEventLoopDelay } from "node:perf_hooks";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { sqlitePath } from "@/lib/database-url";
import { createSqlite } from "@/test/throwaway";

const { url, remove } = createSqlite();
process.env.DATABASE_URL = url;
const { database } = await import("./db");
const { reading, writing } = await import("./store");

const other = new Database(sqlitePath(url));
beforeAll(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  other.close();
  await (await database()).$disconnect();
  remove();
});

let made = 0;
const view = () => {
  const id = String(++made);
  return { id, name: `view ${id}`, query: "", createdAt: new Date() };
};
const write = () => writing("test", (db) => db.savedView.create({ data: view() }));
const writeTwo = () =>
  writing("test", (db) =>
    db.$transaction([db.savedView.create({ data: view() }), db.savedView.create({ data: view() })]),
  );
const count = () => reading("test", (db) => db.savedView.count());

it("a lock that another process keeps fails every write within a second or so, and holds up nothing", async () => {
  await database();
  other.exec("BEGIN EXCLUSIVE");
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const begun = performance.now();
  const writes = Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? write() : writeTwo())));
  let reads = 0;
  let over = false;
  void writes.then(() => {
    over = true;
  });
  while (!over) {
    expect(await count()).toEqual({ ok: true, value: 0 });
    reads++;
    await new Promise(setImmediate);
  }
  const lasted = performance.now() - begun;
  delay.disable();
  other.exec("ROLLBACK");
  expect((await writes).map((result) => !result.ok && result.error.code)).toEqual(
    Array.from({ length: 20 }, () => "not_saved"),
  );
  expect(lasted).toBeGreaterThan(900);
  // With a second for each, in the process's own thread, it was twenty.
  expect(lasted).toBeLessThan(5_000);
  expect(reads).toBeGreaterThan(10);
  expect(delay.percentile(50) / 1e6).toBeLessThan(100);
  expect(await count()).toEqual({ ok: true, value: 0 });
});

it("a write waits for a lock that is released in time, and a transaction before it begins", async () => {
  other.exec("BEGIN EXCLUSIVE");
  const waiting = [writeTwo(), write()];
  // What is read meanwhile sees neither.
  for (let read = 0; read < 20; read++) expect(await count()).toEqual({ ok: true, value: 0 });
  other.exec("COMMIT");
  expect((await Promise.all(waiting)).map(({ ok }) => ok)).toEqual([true, true]);
  expect(await count()).toEqual({ ok: true, value: 3 });
  // A failed transaction leaves nothing behind that would keep the next one waiting.
  const { id } = view();
  const failed = await writing("test", (db) =>
    db.$transaction([
      db.savedView.create({ data: { ...view(), id } }),
      db.savedView.create({ data: { ...view(), id } }),
    ]),
  );
  expect(failed.ok).toBe(false);
  expect((await writeTwo()).ok).toBe(true);
  expect(await count()).toEqual({ ok: true, value: 5 });
});
