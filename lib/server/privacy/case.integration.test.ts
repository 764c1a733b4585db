import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Batch } from "@/lib/batch/batch";
import { sqlitePath } from "@/lib/database-url";
import { byKey } from "@/lib/predict/measurements";
import { stampOf } from "@/lib/privacy/case";
import { FEATURE_KEYS, SAMPLES } from "@/tables/current";
import { askDatabase } from "@/test/database";
import { createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

/** Everything of one case code, wherever it is kept, exported and erased: in the database, in its file, and in files of cases. */

const { url, remove } = createThrowawayDatabase();
const folder = mkdtempSync(join(tmpdir(), "case-"));
Object.assign(process.env, {
  DATABASE_URL: url,
  BATCH_URL: `file:${folder}`,
  SIGN_IN_SECRET: Buffer.alloc(32, 7).toString("base64"),
  PUBLIC_URL: "http://localhost:3000",
});
type Actor = import("@/lib/server/access/actor").Actor;
const { runAs } = await import("@/lib/server/access/actor");
const { database } = await import("@/lib/server/database/db");
const { createBatch, findBatch, startBatch } = await import("@/lib/server/batch/batches");
const { listRows } = await import("@/lib/server/batch/rows");
const { startBatches } = await import("@/lib/server/batch/runner");
const { saveAnnotation } = await import("@/lib/server/notes/annotations");
const { saveView } = await import("@/lib/server/history/saved-views");
const { deletePredictions } = await import("@/lib/server/history/selection");
const { keepReport } = await import("@/lib/server/exchange/import");
const { predictAndSave } = await import("@/lib/server/predict/predict-and-save");
const { DEFAULT_BATCH_QUERY } = await import("@/lib/batch/query");
const { eraseCase, exportCase, findCase } = await import("./case");

const CODE = "Zebra-4711";
const OTHER = "Zebra-47110";
const [{ values: VALUES }] = SAMPLES;
const ada: Actor = {
  ...{ kind: "person", id: "ada", name: "Ada", email: "ada@example.org", role: "administrator" },
  ...{ session: "s", team: "home" },
};
const as = <T>(work: () => Promise<T>) => runAs(ada, work);

async function save(caseCode: string | null): Promise<string> {
  const values = byKey(({ index }) => VALUES[index] ?? Number.NaN);
  const saved = await as(() => predictAndSave({ key: crypto.randomUUID(), caseCode, values }));
  if (!saved.ok) throw new Error(saved.error.what);
  return saved.value.id;
}

const row = (code: string, values: readonly (number | string)[] = VALUES) => `${code},${values.join()}`;
async function* lines(head: string, ...texts: string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from([head, ...texts].join("\n"));
}
const NAMES = FEATURE_KEYS.join();

async function made(
  name: string,
  rows: string[],
  until: Batch["state"],
  head = `code,${NAMES}`,
): Promise<Batch> {
  const created = await as(() => createBatch(lines(head, ...rows), name));
  if (!created.ok) throw new Error("not made");
  for (let isStarted = false; ; await pause(30)) {
    const found = await as(() => findBatch(created.value));
    if (!found.ok || found.value === null) throw new Error("not found");
    const batch = found.value;
    if (batch.state === until && !batch.isWorkedOn) return batch;
    if (batch.state === "read" && !isStarted) {
      isStarted = true;
      await as(() => startBatch(batch.id));
    }
  }
}

async function found() {
  const asked = await as(() => findCase(CODE));
  if (!asked.ok) throw asked.error.cause;
  return asked.value;
}

const files = () =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
const filesWith = (text: string, paths: string[]) =>
  paths.filter((path) => readFileSync(path).includes(text));

let kept: { under: string[]; noted: string; plain: string };
let finished: Batch;
let remarked: Batch;
let waiting: Batch;

beforeAll(async () => {
  startBatches();
  const under = [await save(CODE), await save(CODE), await save(CODE)];
  const [noted, plain] = [await save("A-1"), await save(OTHER)];
  kept = { under, noted, plain };
  await as(() => saveAnnotation(under[0] ?? "", { note: "its own note" }));
  await as(() => deletePredictions([under[2] ?? ""]));
  await as(() => saveAnnotation(noted, { note: `as ${CODE}, and as ${OTHER}` }));
  await as(() => saveAnnotation(noted, { note: `seen after ${CODE}.` }));
  await as(() => saveAnnotation(plain, { note: "nobody" }));
  await as(() => saveView("mine", `text=${CODE}`));
  await as(() => saveView("theirs", `text=${OTHER}`));
  const report = { added: 0, present: 0, refused: 1, differing: 0, taken: 0, differences: [] };
  await as(() =>
    keepReport("in.csv", { ...report, refusals: [{ line: 2, reason: `${CODE} is no number.` }] }),
  );
  const many = Array.from({ length: 3_000 }, (_, at) => row(`C-${at}`));
  const bad = row(CODE, ["not a number", ...VALUES.slice(1)]);
  finished = await made(
    `of ${CODE}.csv`,
    [row(CODE), row(OTHER), bad, ...many, row(` ${CODE} `)],
    "finished",
  );
  // In no column of a code, but in one of texts; and a file that has neither.
  remarked = await made("remarks.csv", [row(CODE), row("none")], "finished", `remark,${NAMES}`);
  await made("bare.csv", [VALUES.join()], "finished", NAMES);
  // Nothing of it is started: its file is the only place.
  waiting = await made(
    "waiting.csv",
    ["no number"].map((text) => `${CODE},${text}`),
    "unread",
  );
}, 60_000);

afterAll(async () => {
  await as(async () => (await database()).$disconnect());
  remove();
  rmSync(folder, { recursive: true, force: true });
});

it("a file as it was sent goes when its batch has ended", async () => {
  expect(existsSync(join(folder, waiting.id, "upload"))).toBe(true);
  const upload = join(folder, finished.id, "upload");
  await expect.poll(() => existsSync(upload)).toBe(false);
  // As an earlier version, or a process that was killed, has left it.
  writeFileSync(upload, CODE);
  startBatches();
  await expect.poll(() => existsSync(upload)).toBe(false);
  expect(existsSync(join(folder, waiting.id, "upload"))).toBe(true);
});

it("is counted, by kinds and by places", async () => {
  expect(await found()).toMatchObject({
    predictions: { count: 3, inBin: 1, notes: 1, edits: 1 },
    mentions: { ids: [kept.noted], notes: 1, edits: 2, reports: 1, views: 1, fileNames: 1 },
    batches: [
      { id: finished.id, rows: 2, isWhole: false },
      { id: remarked.id, rows: 1, isWhole: false },
    ],
    notSearched: [{ id: waiting.id, fileName: "waiting.csv" }],
  });
});

it("is one JSON document", async () => {
  const made = await as(() => exportCase(CODE));
  if (!made.ok) throw made.error.cause;
  let text = "";
  for await (const piece of made.value) text += piece;
  const all = JSON.parse(text) as {
    predictions: { id: string; annotation: object; edits: object[] }[];
    batches: { rows: Record<string, unknown>[] }[];
    mentionsElsewhere: { notes: object[] };
    notSearched: object[];
  };
  expect(all.predictions.map(({ id }) => id).sort()).toEqual([...kept.under].sort());
  expect(all.predictions.find(({ id }) => id === kept.under[0])).toMatchObject({
    annotation: { caseCode: CODE, note: "its own note" },
    edits: [{ field: "note", before: null, after: "its own note" }],
  });
  expect(all.batches[0]?.rows.map(({ code, row }) => [code, row])).toEqual([
    [CODE, 1],
    [` ${CODE} `, 3_004],
  ]);
  expect(all.mentionsElsewhere.notes).toMatchObject([{ id: kept.noted }]);
  expect(all.notSearched).toHaveLength(1);
});

it("is erased only as it was shown, and then from everywhere; the rest stays as it was", async () => {
  const shown = await found();
  await as(() => saveAnnotation(kept.under[1] ?? "", { note: "one more" }));
  expect(await as(() => eraseCase(CODE, stampOf(shown), []))).toMatchObject({
    value: { found: { predictions: { count: 3, notes: 2 } } },
  });
  const before = await as(() =>
    listRows(finished, { ...DEFAULT_BATCH_QUERY, view: "all", sort: "row", direction: "ascending" }),
  );
  const now = await found();
  const erased = await as(() => eraseCase(CODE, stampOf(now), [waiting.id]));
  expect(erased).toEqual({
    ok: true,
    value: {
      what: "3 predictions, 3 rows of 2 files and 6 mentions, 1 file whole",
      left: false,
      isRewritten: TEST_DATABASE === "sqlite" ? true : null,
    },
  });

  const notes = await askDatabase<{ note: string }>(
    url,
    "SELECT note FROM annotation ORDER BY prediction_id",
  );
  expect(notes.map(({ note }) => note)).toEqual(["seen after [erased].", "nobody"]);
  const edits = await askDatabase<{ after: string }>(url, "SELECT after FROM edit ORDER BY id");
  expect(edits.map(({ after }) => after)).toEqual([
    `as [erased], and as ${OTHER}`,
    "seen after [erased].",
    "nobody",
  ]);
  expect(await askDatabase(url, "SELECT name FROM saved_view")).toEqual([{ name: "theirs" }]);
  const after = await as(() =>
    listRows(finished, { ...DEFAULT_BATCH_QUERY, view: "all", sort: "row", direction: "ascending" }),
  );
  if (!before.ok || !after.ok) throw new Error("not read");
  expect([before.value.count, after.value.count]).toEqual([3_003, 3_001]);
  expect(after.value.rows[0]).toEqual(before.value.rows.find(({ code }) => code === OTHER));
  expect(existsSync(join(folder, waiting.id))).toBe(false);
});

it("is not in any byte of the database's files, nor of the batches'", () => {
  // As a word: the other code begins with it.
  const isLeft = (path: string) => /Zebra-4711(?!0)/.test(readFileSync(path, "latin1"));
  expect(files().length).toBeGreaterThan(1);
  expect(filesWith(OTHER, files())).toHaveLength(1);
  expect(files().filter(isLeft)).toEqual([]);
  if (TEST_DATABASE !== "sqlite") return;
  const paths = ["", "-wal"].map((end) => sqlitePath(url) + end).filter(existsSync);
  expect(filesWith(OTHER, paths)).toHaveLength(1);
  expect(paths.filter(isLeft)).toEqual([]);
});

it("is in the audit as an act, and never by its name", async () => {
  const entries = await askDatabase<{ act: string; object_id: string | null; detail: string | null }>(
    url,
    "SELECT act, object_id, detail FROM audit_entry ORDER BY place",
  );
  expect(JSON.stringify(entries)).not.toContain("Zebra");
  const of = (act: string) => entries.filter((entry) => entry.act === act);
  expect(of("case_exported").map(({ detail }) => detail)).toEqual(['{"count":3}']);
  expect(of("case_erased").map(({ object_id }) => object_id)).toEqual([null, finished.id, remarked.id]);
  expect(
    of("prediction_purged")
      .map(({ object_id }) => object_id)
      .sort(),
  ).toEqual([...kept.under].sort());
  expect(of("batch_purged").map(({ object_id }) => object_id)).toEqual([waiting.id]);
});

it("leaves the files of cases that it cannot read to be erased whole", async () => {
  const broken = await made("broken.csv", [row(CODE)], "finished");
  writeFileSync(join(folder, broken.id, "part-00000.parquet"), "no Parquet");
  expect(await found()).toMatchObject({ batches: [], notSearched: [{ id: broken.id }] });
});
