import { type ExecFileException, execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditFilters, AuditQuery } from "@/lib/access/audit-query";
import type { Role } from "@/lib/access/roles";
import { sqlitePath } from "@/lib/database-url";
import { DEFAULT_HISTORY_QUERY, parseHistoryQuery } from "@/lib/history/query";
import { FEATURE_KEYS, SAMPLES, table } from "@/tables/current";
import { askDatabase, blockWriters } from "@/test/database";
import { IMAGE, recordOf, valuesOf } from "@/test/measured";
import { createSqlite, createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
process.env.SIGN_IN_SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
process.env.PUBLIC_URL = "http://localhost:3000";
const { runAs, runForTeam } = await import("./actor");
const { audit } = await import("./audit");
const { exportAudit, listAudit } = await import("./audit-list");
const { database } = await import("@/lib/server/database/db");
const { savePrediction, findPrediction } = await import("@/lib/server/prediction/predictions");
const selection = await import("@/lib/server/history/selection");
const { listPredictions } = await import("@/lib/server/history/history");
const { applyRetention, saveRetention } = await import("@/lib/server/history/retention");
const { saveView, listViews, removeView } = await import("@/lib/server/history/saved-views");
const { saveAnnotation } = await import("@/lib/server/notes/annotations");
const { predictAndSave } = await import("@/lib/server/predict/predict-and-save");
const measurements = await import("@/lib/server/prediction/measurements");
const { setOutcome } = await import("@/lib/server/monitoring/outcomes");
const { importPredictions } = await import("@/lib/server/exchange/import");
const { exportPredictions, readExport, recordExport } = await import("@/lib/server/exchange/export");

const NOTE = "seen twice by the second reader";
const CODE = "case-4711";
const VALUES = SAMPLES[0].values;

const person = (id = "p1", role: Role = "administrator") =>
  ({ kind: "person", id, name: "A", email: "a@example.org", role, session: "s", team: "home" }) as const;
const as = <T>(work: () => Promise<T>, id?: string) => runAs(person(id), work, "request-1");

const newCase = (formKey: string = crypto.randomUUID()) => ({
  ...{ formKey, caseCode: CODE, source: "form" as const, values: VALUES, backend: "embedded", latencyMs: 1 },
  prediction: {
    ...{ diagnosis: table.classes.positive, probability: 0.75, label: null, base: null },
    ...{ contributions: null, typicality: null, cautions: null },
  },
  model: { name: "test", version: "1", hash: "abc", threshold: 0.5, uncertain: null },
});

async function save(formKey?: string): Promise<string> {
  const saved = await as(() => savePrediction(newCase(formKey)));
  if (!saved.ok) throw new Error(String(saved.error.cause));
  return saved.value.id;
}

type Row = {
  place: number | string;
  actor_id: string | null;
  act: string;
  object_id: string | null;
  detail: string | null;
};
const entries = (where = "TRUE") =>
  askDatabase<Row>(url, `SELECT * FROM audit_entry WHERE ${where} ORDER BY place`);
const actsOf = async (id: string) => (await entries(`object_id = '${id}'`)).map(({ act }) => act);

/** Runs `npm run audit:verify` as npm would. */
function verify(args: string[] = [], databaseUrl = url) {
  const script = fileURLToPath(new URL("../../../scripts/database/audit-verify.ts", import.meta.url));
  return new Promise<{ code: number; said: string }>((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", script, ...args],
      { env: { ...process.env, DATABASE_URL: databaseUrl } },
      (error: ExecFileException | null, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });
}

const RECORD = recordOf(3);

const headOf = (said: string) => /(\d+:[0-9a-f]*)\n/.exec(said)?.[1] ?? "";

afterAll(async () => {
  await as(async () => (await database()).$disconnect());
  remove();
});

describe("the audit", () => {
  it("has an entry of every act upon a prediction, by whom it was, and none of what was not done", async () => {
    const key = crypto.randomUUID();
    const id = await save(key);
    await save(key);
    await as(() => findPrediction(id), "p2");
    await as(() => findPrediction(crypto.randomUUID()));
    await as(() => saveAnnotation(id, { note: NOTE }));
    await as(() => saveAnnotation(id, { note: NOTE }));
    await as(() => setOutcome(id, { outcome: table.classes.positive, on: null }));
    await as(() => selection.findPredictions([id], "prediction_compared"));
    await as(() => selection.deletePredictions([id, crypto.randomUUID()]));
    await as(() => selection.deletePredictions([id]));
    await as(() => selection.restorePredictions([id]));
    await as(() => selection.restorePredictions([id]));
    await as(() => selection.purgePredictions([id]));
    await as(() => selection.deletePredictions([id]));
    await as(() => selection.purgePredictions([id]));
    expect(await actsOf(id)).toEqual([
      ...[
        "prediction_saved",
        "prediction_viewed",
        "prediction_noted",
        "outcome_recorded",
        "prediction_compared",
      ],
      ...["prediction_deleted", "prediction_restored", "prediction_deleted", "prediction_purged"],
    ]);
    const [, viewed] = await entries(`object_id = '${id}'`);
    expect(viewed).toMatchObject({
      actor_kind: "person",
      actor_id: "p2",
      model_hash: "abc",
      request_id: "request-1",
    });
  });

  it("has each image that was kept and looked at, and none that was refused", async () => {
    const values = valuesOf(RECORD);
    const measurement = { record: RECORD, changed: [], synthetic: false };
    const saved = await as(() =>
      predictAndSave({ key: crypto.randomUUID(), caseCode: null, values, measurement }),
    );
    if (!saved.ok) throw new Error(saved.error.what);
    const { id } = saved.value;
    await as(() => measurements.findImage(id));
    await as(() => measurements.keepImage(id, Buffer.from("another file")));
    await as(() => measurements.keepImage(id, IMAGE));
    await as(() => measurements.keepImage(id, IMAGE));
    await as(() => measurements.findImage(id), "p2");
    expect(await actsOf(id)).toEqual(["prediction_saved", "image_kept", "image_viewed"]);
  });

  it("has lists and searches by the names of their filters, and settings", async () => {
    const query = parseHistoryQuery({ text: CODE, from: "2026-01-01", [String(FEATURE_KEYS[0])]: "1..2" });
    if (!query.ok) throw new Error(query.error.message);
    expect(await as(() => listPredictions(query.value))).toMatchObject({ ok: true });
    expect(await as(() => listPredictions(DEFAULT_HISTORY_QUERY))).toMatchObject({ ok: true });
    await as(() => saveRetention(90));
    await as(() => saveView("mine", "text=secret"));
    const views = await as(listViews);
    await as(() => removeView(views.ok ? (views.value[0]?.id ?? "") : ""));
    const last = (await entries())
      .slice(-5)
      .map(({ act, detail }) => [act, detail === null ? null : JSON.parse(detail)]);
    expect(last).toEqual([
      ["history_searched", { filters: ["from", "text", FEATURE_KEYS[0]] }],
      ["history_listed", { filters: [] }],
      ["setting_changed", { days: 90 }],
      ["setting_changed", null],
      ["setting_changed", { isRemoved: true }],
    ]);
    await as(() => saveRetention(null));
  });

  it("has what the application deletes by age, as its own act", async () => {
    const id = await save();
    await as(() => saveRetention(30));
    const days = (count: number) => new Date(Date.now() + count * 86_400_000);
    await runForTeam("home", () => applyRetention(days(40)));
    await runForTeam("home", () => applyRetention(days(80)));
    const found = await entries(`object_id = '${id}' AND actor_kind = 'system'`);
    expect(found.map(({ act }) => act)).toEqual(["prediction_deleted", "prediction_purged"]);
    await as(() => saveRetention(null));
  });

  it("has exports, and imports by what each transaction did", async () => {
    const id = await save();
    const asked = readExport(new URLSearchParams({ format: "jsonl", ids: id }));
    if (!asked.ok) throw new Error(asked.error);
    expect(await as(() => recordExport(asked.value))).toMatchObject({ ok: true });
    const file: Uint8Array[] = [];
    await as(async () => {
      for await (const piece of exportPredictions(asked.value.where, asked.value.file)) file.push(piece);
    });
    const text = Buffer.concat(file).toString();
    expect(text).toContain(CODE);
    const bytes = async function* (sent: string) {
      yield Buffer.from(sent);
    };
    await as(() => importPredictions(bytes(text), { take: false }));
    const edited = text.replace(CODE, "case-4712");
    await as(() => importPredictions(bytes(edited), { take: true }));
    await as(() => selection.deletePredictions([id]));
    await as(() => selection.purgePredictions([id]));
    await as(() => importPredictions(bytes(text), { take: false }));
    const found = await entries("act IN ('history_exported', 'history_imported')");
    expect(found.map(({ detail }) => JSON.parse(detail ?? ""))).toEqual([
      { format: "jsonl", count: 1 },
      { added: 0, changed: 1 },
      { added: 1, changed: 0 },
    ]);
    expect((await actsOf(id)).slice(1, 2)).toEqual(["prediction_noted"]);
  });

  it("has no gap after 200 saves, views and deletions at once", async () => {
    const before = (await entries()).length;
    const ids = await Promise.all(Array.from({ length: 40 }, () => save()));
    await Promise.all(
      ids.flatMap((id, at) => [
        as(() => findPrediction(id)),
        save(),
        as(() => setOutcome(id, { outcome: table.classes.negative, on: null })),
        at % 2 === 0 ? as(() => selection.deletePredictions([id])) : as(() => audit("sign_in")),
      ]),
    );
    const found = await entries();
    expect(found).toHaveLength(before + 200);
    expect(found.map(({ place }) => Number(place))).toEqual(found.map((_, at) => at + 1));
    expect(await verify()).toEqual({
      code: 0,
      said: expect.stringMatching(/^home: \d+ entries, \d+:[0-9a-f]{64}\n$/),
    });
  });

  it("is read by administrators, page by page, filtered, with the names of who is still there", async () => {
    const at = new Date();
    await askDatabase(
      url,
      `INSERT INTO person (id, name, email, email_verified, created_at, updated_at)
        VALUES ('p9', 'Ada', 'ada@example.org', TRUE, '${at.toISOString()}', '${at.toISOString()}')`,
    );
    for (let entry = 0; entry < 120; entry++) await as(() => audit("sign_in"), "p9");
    const filters = { act: "sign_in", who: "p9", object: null, from: null, to: null } as const;
    const page = async (cursor: AuditQuery["cursor"], more: Partial<AuditFilters> = {}) => {
      const found = await as(() => listAudit({ filters: { ...filters, ...more }, cursor }));
      if (!found.ok) throw new Error(String(found.error.cause));
      return found.value;
    };
    const placesOf = ({ rows }: { rows: { place: number }[] }) => rows.map(({ place }) => place);
    const first = await page(null);
    const second = await page(first.older);
    const third = await page(second.older);
    expect([first, second, third].map(({ rows }) => rows.length)).toEqual([50, 50, 20]);
    const all = [first, second, third].flatMap(placesOf);
    expect(all).toEqual([...all].sort((a, b) => b - a));
    expect([first.newer, third.older]).toEqual([null, null]);
    expect(placesOf(await page(third.newer))).toEqual(placesOf(second));
    expect(await page(second.newer)).toMatchObject({ newer: null, rows: { length: 50 } });
    expect(first.rows[0]).toMatchObject({ name: "Ada", actor_id: "p9", request_id: "request-1" });
    const today = at.toISOString().slice(0, 10);
    expect((await page(null, { from: today })).rows).toHaveLength(50);
    expect((await page(null, { to: "2020-01-01" })).rows).toEqual([]);
    expect((await page(null, { who: "p1" })).rows[0]).toMatchObject({ actor_id: "p1", name: null });
    for (const role of ["viewer", "predictor"] as const) {
      const refused = await runAs(person("p2", role), () => listAudit({ filters, cursor: null }));
      expect(refused).toMatchObject({ ok: false, error: { code: "not_allowed" } });
    }
  });

  it("is exported whole, without a formula, and that is in it", async () => {
    await runAs(person("p3"), () => audit("sign_out"), "=1+1");
    const filters = { act: null, who: null, object: null, from: null, to: null };
    const exported = async (format: "csv" | "jsonl") => {
      const made = await as(() => exportAudit(filters, format));
      if (!made.ok) throw new Error(String(made.error.cause));
      let text = "";
      // As who sends it does: outside the request.
      for await (const piece of made.value) text += piece;
      return text;
    };
    await as(() => audit("sign_in", ...Array.from({ length: 1_500 }, () => ({}))));
    const before = (await entries()).length;
    const csv = (await exported("csv")).trimEnd().split("\r\n");
    expect(csv).toHaveLength(before + 2);
    expect(csv[1]).toContain("audit_exported");
    expect(csv.find((line) => line.includes("sign_out"))).toContain(",'=1+1,");
    const lines = (await exported("jsonl")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).place)).toEqual(lines.map((_, at) => before + 2 - at));
  });

  it("has nothing of what was measured or written", async () => {
    // Hashes, times and ids may have any digits.
    const said = JSON.stringify((await entries()).map(({ act, detail }) => [act, detail]));
    const written = [NOTE, CODE, "case-4712", "secret", ...VALUES].map(String);
    expect(written.filter((text) => text.length > 3 && said.includes(text))).toEqual([]);
  });

  it("is not changed, and nothing of it deleted", async () => {
    for (const sql of [
      "UPDATE audit_entry SET act = 'sign_out' WHERE place = 1",
      "DELETE FROM audit_entry WHERE place = 1",
      ...(TEST_DATABASE === "postgresql" ? ["TRUNCATE audit_entry"] : []),
    ]) {
      await expect(askDatabase(url, sql)).rejects.toThrow("only ever added to");
    }
  });

  it("refuses an act that cannot be recorded, reading too", async () => {
    const id = await save();
    const broken = await breakAudit();
    try {
      const [saved, viewed, noted, deleted, listed] = await Promise.all([
        as(() => savePrediction(newCase())),
        as(() => findPrediction(id)),
        as(() => saveAnnotation(id, { note: "another" })),
        as(() => selection.deletePredictions([id])),
        as(() => listPredictions(DEFAULT_HISTORY_QUERY)),
      ]);
      expect([saved, viewed, noted, deleted, listed].map(({ ok }) => ok)).toEqual(Array(5).fill(false));
      await expect(as(() => audit("sign_in"))).rejects.toThrow("could not be recorded");
    } finally {
      await broken.mend();
    }
    expect(await actsOf(id)).toEqual(["prediction_saved"]);
    expect(await as(() => findPrediction(id))).toMatchObject({ ok: true, value: { deletedAt: null } });
  });

  it.runIf(TEST_DATABASE === "sqlite")(
    "keeps a view waiting for another's lock no longer than a save, and refuses it then",
    async () => {
      const id = await save();
      const unblock = await blockWriters(url);
      expect(await as(() => findPrediction(id))).toMatchObject({ ok: false });
      await unblock();
      expect(await as(() => findPrediction(id))).toMatchObject({ ok: true });
    },
  );
});

describe.runIf(process.getuid?.() === 0 && TEST_DATABASE === "sqlite")("the audit on a full disk", () => {
  const disk = `${sqlitePath(url).replace(/\.db$/, "")}.teams`;
  const full = { ...person(), team: "full" };
  const filler = join(disk, "filler");

  beforeAll(() => {
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
    const template = createSqlite();
    copyFileSync(sqlitePath(template.url), join(disk, "full.db"));
    template.remove();
  });
  afterAll(async () => {
    await runAs(full, async () => (await database()).$disconnect());
    // The threads still have it open.
    execFileSync("umount", ["--lazy", disk]);
    rmSync(disk, { recursive: true });
  });

  it("refuses acts, reading too, until there is room again", async () => {
    const asFull = <T>(work: () => Promise<T>) => runAs(full, work);
    const saved = await asFull(() => savePrediction(newCase()));
    if (!saved.ok) throw new Error(String(saved.error.cause));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    // What is left of the log's own room goes first.
    await expect
      .poll(() => asFull(() => findPrediction(saved.value.id)))
      .toMatchObject({
        ok: false,
        error: { cause: { cause: { message: expect.stringContaining("full") } } },
      });
    expect(
      await asFull(() => setOutcome(saved.value.id, { outcome: table.classes.positive, on: null })),
    ).toMatchObject({ ok: false });
    rmSync(filler);
    expect(await asFull(() => findPrediction(saved.value.id))).toMatchObject({
      ok: true,
      value: saved.value,
    });
    const { code, said } = await verify();
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/^home: .*\nfull: \d+ entries, /),
    });
  });
});

/** Takes from the database what every entry needs, until it is mended. */
async function breakAudit() {
  const rename = (from: string, to: string) =>
    askDatabase(url, `ALTER TABLE audit_entry RENAME COLUMN ${from} TO ${to}`);
  await rename("act", "act_away");
  return { mend: () => rename("act_away", "act") };
}

describe("npm run audit:verify", () => {
  let head = "";
  beforeAll(async () => {
    head = headOf((await verify()).said);
  });

  const TRIGGERS =
    TEST_DATABASE === "postgresql"
      ? ["DROP TRIGGER audit_entry_not_changed ON audit_entry"]
      : ["DROP TRIGGER audit_entry_not_changed", "DROP TRIGGER audit_entry_not_deleted"];

  it("passes an audit to which only was added since the head that was noted", async () => {
    await save();
    expect(await verify(["--expect", head])).toMatchObject({ code: 0 });
    expect(await verify(["--expect", `home=${head}`])).toMatchObject({ code: 0 });
    expect(await verify(["--expect", `elsewhere=${head}`])).toMatchObject({ code: 1 });
    expect(await verify(["--expect", "7"])).toMatchObject({ code: 2 });
  });

  it("names the first entry that was edited, removed, moved or added, and what it found", async () => {
    for (const trigger of TRIGGERS) await askDatabase(url, trigger);
    const [five] = await entries("place = 5");
    const set = (place: number, sql: string) =>
      askDatabase(url, `UPDATE audit_entry SET ${sql} WHERE place = ${place}`);
    const tampered = async (act: () => Promise<unknown>, undo: () => Promise<unknown>, says: RegExp) => {
      await act();
      expect(await verify()).toEqual({ code: 1, said: expect.stringMatching(says) });
      await undo();
    };
    await tampered(
      () => set(5, "actor_id = 'another'"),
      () => set(5, `actor_id = '${five?.actor_id}'`),
      /^home: the entry at 5 is not .* edited.* another /,
    );
    await tampered(
      () => set(5, "place = -1"),
      () => askDatabase(url, "UPDATE audit_entry SET place = 5 WHERE place = -1"),
      /^home: the entry at 1 is not .* removed: after 0 comes -1/,
    );
    await tampered(
      () => set(5, "place = 100000"),
      () => askDatabase(url, "UPDATE audit_entry SET place = 5 WHERE place = 100000"),
      /^home: the entry at 5 is not .* removed: after 4 comes 6/,
    );
    const swap = async () => {
      await set(5, "place = -1");
      await set(6, "place = 5");
      await askDatabase(url, "UPDATE audit_entry SET place = 6 WHERE place = -1");
    };
    await tampered(swap, swap, /^home: the entry at 5 is not .* moved to 6\./);
    expect(await verify(["--expect", head])).toMatchObject({ code: 0 });
  });

  it("finds that the end was removed, by a head that was noted", async () => {
    const now = headOf((await verify()).said);
    await askDatabase(url, `DELETE FROM audit_entry WHERE place > ${Number.parseInt(head, 10)}`);
    expect(await verify(["--expect", head])).toMatchObject({ code: 0 });
    expect(await verify(["--expect", now])).toEqual({
      code: 1,
      said: expect.stringContaining(`with all after it: ${now} was there.`),
    });
    expect(await verify(["--expect", `3:${"0".repeat(64)}`])).toEqual({
      code: 1,
      said: expect.stringMatching(/entry at 3 .* written anew/),
    });
  });
});
