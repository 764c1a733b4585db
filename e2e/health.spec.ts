import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlitePath } from "../lib/database-url";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { statusOf } from "../test/status-of";
import { submitForm } from "../test/submit-form";
import { createSqlite, createThrowawayDatabase, runMigrate } from "../test/throwaway";
import { expect, test } from "./fixtures";

/** The status of the answer to each address, and the whole answer of the sum of them. */
async function healthOf({ url }: AppServer) {
  const [live, ready, all] = await Promise.all(
    ["/api/health/live", "/api/health/ready", "/api/health"].map((path) => fetch(url + path)),
  );
  return { live: live?.status, ready: ready?.status, all: all?.status, is: await all?.json() };
}

const WELL = { live: 200, ready: 200, all: 200, is: { status: "ok", database: { writable: true } } };
const NOT_WRITABLE = {
  ...{ live: 200, ready: 503, all: 503 },
  is: { status: "failing", database: { writable: false, detail: expect.any(String) } },
};

const save = (server: AppServer) => submitForm(server, crypto.randomUUID(), 0);

test("a model that is gone fails the sum alone, and a column that is gone is named", async () => {
  const database = createThrowawayDatabase();
  const server = await AppServer.start(database.url, { MODEL_URL: "http://127.0.0.1:9/predict" });
  try {
    expect(await healthOf(server)).toMatchObject({
      ...{ live: 200, ready: 200, all: 503 },
      is: { status: "failing", database: { writable: true, schemaFits: true }, model: { ok: false } },
    });
    await askDatabase(database.url, "ALTER TABLE saved_view DROP COLUMN query");
    const drifted = {
      writable: true,
      schemaFits: false,
      detail: expect.stringContaining('lacks what this version keeps in "SavedView"'),
    };
    await expect.poll(() => healthOf(server)).toMatchObject({ ready: 503, is: { database: drifted } });
  } finally {
    await server.stop();
    database.remove();
  }
});

test("a thousand checks write hardly more than one @postgresql", async ({ server }) => {
  const written = new Set<string>();
  const begun = performance.now();
  for (let round = 0; round < 50; round++) {
    // Read to the end: a connection with an answer that nobody reads may be given the next request, and keeps it waiting.
    const ask = async () => (await fetch(`${server.url}/api/health/ready`)).text();
    await Promise.all(Array.from({ length: 20 }, ask));
    const [row] = await askDatabase<{ value: string }>(
      server.databaseUrl,
      "SELECT value FROM setting WHERE name = 'health_checked_at'",
    );
    written.add(row?.value ?? "");
  }
  expect(written.size).toBeLessThanOrEqual(2 + (performance.now() - begun) / 1000);
});

test("a full disk is told within a second or so, and that there is room again @long", async () => {
  test.skip(process.getuid?.() !== 0, "mounting needs root");
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-full-"));
  mkdirSync(join(folder, "disk"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", join(folder, "disk")]);
  const url = `file:${join(folder, "disk", "cytodesk.db")}`;
  try {
    runMigrate("deploy", url);
    const server = await AppServer.start(url);
    const filler = join(folder, "disk", "filler");
    try {
      const id = await save(server);
      // What is left of the log's own room goes first.
      expect(() => writeFileSync(filler, Buffer.alloc(9_000_000))).toThrow(/ENOSPC/);
      await expect.poll(() => healthOf(server)).toMatchObject(NOT_WRITABLE);
      await expect(save(server)).rejects.toThrow(/not_saved/);
      expect(await statusOf(`${server.url}/history/${id}`)).toBe(200);
      rmSync(filler);
      await expect.poll(() => healthOf(server)).toMatchObject(WELL);
      await save(server);
    } finally {
      await server.stop();
    }
  } finally {
    execFileSync("umount", [join(folder, "disk")]);
    rmSync(folder, { recursive: true });
  }
});

test("a file that was overwritten is told, and the process lives", async () => {
  const database = createSqlite();
  const server = await AppServer.start(database.url);
  const path = sqlitePath(database.url);
  try {
    await save(server);
    // Into the file that is open, as a failing disk does; its log too, where the newest pages are.
    const { size } = statSync(path);
    writeFileSync(path, Buffer.alloc(size, "ruined "), { flag: "r+" });
    truncateSync(`${path}-wal`, 0);
    await expect.poll(() => healthOf(server)).toMatchObject(NOT_WRITABLE);
  } finally {
    await server.stop();
    database.remove();
  }
});
