import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("./db");
const { reading, retryOvertaken, writing } = await import("./store");

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

describe("reading and writing", () => {
  const lines: string[] = [];
  beforeEach(() => {
    vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    lines.length = 0;
  });

  it("give what was read or written, and log nothing", async () => {
    const { savedView } = await database();
    expect(await reading("not_logged", (db) => db.savedView.count())).toEqual({ ok: true, value: 0 });
    const data = { id: "1", name: "view", query: "", createdAt: new Date() };
    expect(await writing("not_logged", (db) => db.savedView.create({ data }))).toMatchObject({ ok: true });
    expect(await savedView.count()).toBe(1);
    expect(lines).toEqual([]);
  });

  it("log a failure once, with its stack and what caused it", async () => {
    const error = new Error("cannot be read", { cause: new Error("the disk is gone") });
    const failed = await reading(
      "view_not_read",
      async () => {
        throw error;
      },
      { id: "7" },
    );
    expect(failed).toEqual({ ok: false, error: { code: "not_read", cause: error } });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      ...{ level: "error", event: "view_not_read", id: "7", cause: "Error: cannot be read" },
      stack: expect.stringMatching(/store\.integration[\s\S]*Caused by: Error: the disk is gone\n +at /),
    });
    const refused = await writing("view_not_saved", (db) => db.$executeRawUnsafe("INSERT INTO nowhere"));
    expect(refused).toMatchObject({ error: { code: "not_saved" } });
    expect(lines).toHaveLength(2);
  });
});

describe("retryOvertaken", () => {
  const overtaken = Object.assign(new Error("gone"), { code: "P2025" });

  it("tries again what another request has overtaken, and no more often than it may", async () => {
    const attempt = vi.fn().mockRejectedValueOnce(overtaken).mockResolvedValueOnce("done");
    expect(await retryOvertaken(2, attempt)).toBe("done");
    await expect(retryOvertaken(3, attempt.mockRejectedValue(overtaken))).rejects.toBe(overtaken);
    expect(attempt).toHaveBeenCalledTimes(5);
  });

  it("tries nothing else again", async () => {
    const attempt = vi.fn().mockRejectedValue(new Error("the disk is gone"));
    await expect(retryOvertaken(3, attempt)).rejects.toThrow("the disk is gone");
    expect(attempt).toHaveBeenCalledOnce();
  });
});
