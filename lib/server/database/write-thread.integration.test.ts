import { renameSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { sqlitePath } from "@/lib/database-url";
import { createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("./db");
const { writeInThread } = await import("./write-thread");

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

const views = (...ids: string[]) => ({
  sql: "INSERT INTO saved_view (id, name, query, created_at) VALUES (?, ?, '', '2026-01-01T00:00:00.000+00:00')",
  rows: ids.map((id) => [id, `view ${id}`]),
});
const countViews = async () => (await database()).savedView.count();

describe.runIf(TEST_DATABASE === "sqlite")("writeInThread", () => {
  it("tells how many rows each statement has changed, which the process then reads", async () => {
    const removal = { sql: "DELETE FROM saved_view WHERE id = ?", rows: [["2"], ["9"]] };
    expect(await writeInThread([views("1", "2", "3"), removal])).toEqual([3, 1]);
    expect(await countViews()).toBe(2);
  });

  it("writes nothing where one statement fails", async () => {
    await expect(writeInThread([views("4"), views("5", "5")])).rejects.toThrow("UNIQUE constraint failed");
    expect(await countViews()).toBe(2);
    expect(await writeInThread([views("4")])).toEqual([1]);
  });

  it("acknowledges nothing that was written into a file that is no longer at its path", async () => {
    const path = sqlitePath(url);
    renameSync(path, `${path}.away`);
    await expect(writeInThread([views("6")])).rejects.toThrow("was removed while it was open");
    renameSync(`${path}.away`, path);
    expect(await writeInThread([views("6")])).toEqual([1]);
  });
});
