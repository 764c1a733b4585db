// First: it gives zod what the API describes itself with.
import "@hono/zod-openapi";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AuditFilters } from "@/lib/access/audit-query";
import { type Permission, ROLES, type Role, roleMay, SCOPES } from "@/lib/access/roles";
import type { Batch } from "@/lib/batch/batch";
import { DEFAULT_BATCH_QUERY } from "@/lib/batch/query";
import { NO_FILTERS } from "@/lib/history/filters";
import { DEFAULT_HISTORY_QUERY } from "@/lib/history/query";
import { byKey } from "@/lib/predict/measurements";
import { stampOf } from "@/lib/privacy/case";
import { FEATURE_KEYS, SAMPLES } from "@/tables/current";
import { IMAGE, recordOf, sha256 } from "@/test/measured";
import { createThrowawayDatabase } from "@/test/throwaway";

/**
 * Two teams, each function of lib/server that a door calls, and each role: another team's rows do not exist, and nobody
 * does what is not theirs to do. A function that a door comes to call has to be in one of the tables below.
 */

/** What takes the webhook's events. */
async function startReceiver() {
  const events: { batch: string; state: string; team?: string }[] = [];
  const server = createServer(async (request, response) => {
    events.push((JSON.parse(await read(request)) as { data: (typeof events)[number] }).data);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { events, server, port: (server.address() as AddressInfo).port };
}

const told = await startReceiver();
const { url, remove } = createThrowawayDatabase();
const folder = mkdtempSync(join(tmpdir(), "isolation-"));
Object.assign(process.env, {
  DATABASE_URL: url,
  BATCH_URL: `file:${folder}`,
  SIGN_IN_SECRET: Buffer.alloc(32, 7).toString("base64"),
  PUBLIC_URL: "http://localhost:3000",
  WEBHOOK_URL: `http://127.0.0.1:${told.port}/`,
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  WEBHOOK_HOSTS: "127.0.0.1",
});
const { isNotAllowed, runAs, runForTeam } = await import("./actor");
type Actor = import("./actor").Actor;
const teams = await import("./teams");
const { exportAudit, listAudit } = await import("./audit-list");
const { database, databaseAt } = await import("@/lib/server/database/db");
const { databaseUrlOf } = await import("@/lib/server/database/team-database");
const batches = await import("@/lib/server/batch/batches");
const batchRows = await import("@/lib/server/batch/rows");
const batchExport = await import("@/lib/server/batch/export");
const { batchEvents } = await import("@/lib/server/batch/events");
const { openInbox } = await import("@/lib/server/batch/inbox");
const { startBatches } = await import("@/lib/server/batch/runner");
const { startWebhook } = await import("@/lib/server/batch/webhook");
const { exportPredictions, readExport, recordExport } = await import("@/lib/server/exchange/export");
const imports = await import("@/lib/server/exchange/import");
const history = await import("@/lib/server/history/history");
const { findPlace } = await import("@/lib/server/history/place");
const retention = await import("@/lib/server/history/retention");
const views = await import("@/lib/server/history/saved-views");
const selection = await import("@/lib/server/history/selection");
const { inputDrift } = await import("@/lib/server/monitoring/drift");
const outcomes = await import("@/lib/server/monitoring/outcomes");
const performance = await import("@/lib/server/monitoring/performance");
const annotations = await import("@/lib/server/notes/annotations");
const { lastDay } = await import("@/lib/server/path/path-record");
const { testPath } = await import("@/lib/server/path/test-path");
const predicting = await import("@/lib/server/predict/predict-and-save");
const predictions = await import("@/lib/server/prediction/predictions");
const measurements = await import("@/lib/server/prediction/measurements");
const { readMeasurement } = await import("@/lib/server/predict/measurement");
const { rescore } = await import("@/lib/server/review/rescoring");
const { askWhatIf } = await import("@/lib/server/review/what-if");
const privacy = await import("@/lib/server/privacy/case");
const { createApi } = await import("@/lib/server/api/create-api");

const person = (team: string, role: Role): Actor => ({
  ...{ kind: "person", id: "p", name: "P", email: "p@example.org", session: "s" },
  ...{ team, role },
});
const as = <T>(team: string, work: () => T, role: Role = "administrator") => runAs(person(team, role), work);

/** What only the one team has written, wherever that was. */
const SECRET = "only-of-north";
const NONE = "0190c8a0-0000-7000-8000-00000000dead";
const [{ values: VALUES }] = SAMPLES;
const newCase = (key: string, caseCode: string | null = null) => ({
  ...{ key, caseCode },
  values: byKey(({ index }) => VALUES[index] ?? Number.NaN),
});

/** What is asked for: rows by their ids, and what one door hands to the next. */
type Given = { prediction: string; batch: Batch; view: string; report: string; text: string };

async function read(bytes: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
async function* lines(...texts: string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(texts.join("\n"));
}
/** A file of one batch, in the inbox of the team that has it. */
const inboxUrl = (team: string) => `file:${folder}/teams/${team}/inbox/${SECRET}.csv`;

function everything(text = "") {
  const asked = readExport(new URLSearchParams(text === "" ? {} : { text }));
  if (!asked.ok) throw new Error(asked.error);
  return asked.value;
}
const listed = (text: string) =>
  history.listPredictions({
    ...DEFAULT_HISTORY_QUERY,
    filters: { ...NO_FILTERS, text: text === "" ? null : text },
  });

const codeOf = (text: string) => `${text || "no"}-code`;

const ALL: AuditFilters = { act: null, who: null, object: null, from: null, to: null };

/** Every function that a door calls and that asks for a right, by the right that it needs. */
const CALLS: Record<Permission, Record<string, (given: Given) => unknown>> = {
  read: {
    findBatch: ({ batch }) => batches.findBatch(batch.id),
    listBatches: () => batches.listBatches(),
    listRows: ({ batch }) => batchRows.listRows(batch, { ...DEFAULT_BATCH_QUERY, view: "all" }),
    findRow: ({ batch }) => batchRows.findRow(batch, 1),
    findKept: ({ batch }) => batchRows.findKept(batch, 1),
    exportRows: async ({ batch }) => read((await batchExport.exportRows(batch, "csv"))?.bytes ?? null),
    exportBadRows: async ({ batch }) => read((await batchExport.exportBadRows(batch))?.bytes ?? null),
    batchEvents: ({ batch }) => read(batchEvents(batch.id, AbortSignal.timeout(2_000))),
    exportPredictions: ({ text }) => read(exportPredictions(everything(text).where, everything().file)),
    recordExport: ({ text }) => recordExport(everything(text)),
    findReport: ({ report }) => imports.findReport(report),
    listPredictions: ({ text }) => listed(text),
    listModelVersions: () => history.listModelVersions(),
    findPlace: ({ prediction }) => findPlace(prediction, DEFAULT_HISTORY_QUERY),
    findRetention: () => retention.findRetention(),
    countExpired: () => retention.countExpired(1, new Date(Date.now() + 1e11)),
    listViews: () => views.listViews(),
    findPredictions: ({ prediction }) => selection.findPredictions([prediction], "prediction_viewed"),
    latestCases: () => selection.latestCases(100),
    findDeletion: ({ prediction }) => selection.findDeletion(prediction),
    listBin: ({ prediction }) => selection.listBin(prediction),
    findCaseCodes: async ({ prediction }) => {
      const found = await selection.findCaseCodes([prediction]);
      return found.ok ? [...found.value] : found;
    },
    deletedTogether: () => selection.deletedTogether(new Date(0), 10),
    inputDrift: () => inputDrift(30),
    findOutcome: ({ prediction }) => outcomes.findOutcome(prediction),
    performanceInUse: () => performance.performanceInUse(),
    findAnnotation: ({ prediction }) => annotations.findAnnotation(prediction),
    lastDay: () => lastDay("embedded"),
    predictOnly: () => predicting.predictOnly(VALUES),
    findPrediction: ({ prediction }) => predictions.findPrediction(prediction),
    findMeasurement: ({ prediction }) => measurements.findMeasurement(prediction),
    findImage: async ({ prediction }) => {
      const found = await measurements.findImage(prediction);
      return found.ok && found.value ? Buffer.from(found.value.bytes).toString() : found;
    },
    countOutlines: async ({ prediction }) => {
      const counted = await measurements.countOutlines([prediction]);
      return counted.ok ? [...counted.value] : counted;
    },
    rescore: () =>
      rescore([
        {
          ...{ id: NONE, createdAt: new Date(), modelVersion: "1", threshold: 0.5, label: null },
          ...{ diagnosis: "M", probability: 0.5, values: VALUES },
        },
      ]),
    askWhatIf: () => askWhatIf({ values: [...VALUES], index: 0, saved: [...VALUES] }),
  },
  predict: {
    createBatch: () => batches.createBatch(lines("a,b", "1,2"), "theirs.csv"),
    changeMapping: ({ batch }) => batches.changeMapping(batch.id, MAPPING),
    startBatch: ({ batch }) => batches.startBatch(batch.id),
    pauseBatch: ({ batch }) => batches.pauseBatch(batch.id),
    resumeBatch: ({ batch }) => batches.resumeBatch(batch.id),
    stopBatch: ({ batch }) => batches.stopBatch(batch.id),
    deleteBatch: ({ batch }) => batches.deleteBatch(batch.id),
    restoreBatch: ({ batch }) => batches.restoreBatch(batch.id),
    keepRows: ({ batch }) => batchRows.keepRows(batch, [1]),
    openInbox: async () => {
      const file = await openInbox(inboxUrl("north"));
      return file === null ? null : [file.name, await read(file.bytes)];
    },
    importPredictions: () => imports.importPredictions(lines("no prediction"), { take: true }),
    keepReport: () => imports.keepReport("theirs.csv", REPORT),
    saveView: () => views.saveView("theirs", ""),
    removeView: ({ view }) => views.removeView(view),
    deletePredictions: ({ prediction }) => selection.deletePredictions([prediction]),
    restorePredictions: ({ prediction }) => selection.restorePredictions([prediction]),
    setOutcome: ({ prediction }) => outcomes.setOutcome(prediction, { outcome: "B", on: null }),
    saveAnnotation: ({ prediction }) => annotations.saveAnnotation(prediction, { note: "changed" }),
    predictAndSave: () => predicting.predictAndSave(newCase("shared key")),
    predictAndSaveAll: () => predicting.predictAndSaveAll([newCase("shared key")]),
    keepImage: ({ prediction }) => measurements.keepImage(prediction, IMAGE),
    findIdempotencyKey: () => predictions.findIdempotencyKey("0", "g"),
  },
  administer: {
    listAudit: ({ prediction }) => listAudit({ filters: { ...ALL, object: prediction }, cursor: null }),
    exportAudit: async () => {
      const made = await exportAudit(ALL, "csv");
      if (!made.ok) return made;
      const pieces: string[] = [];
      for await (const piece of made.value) pieces.push(piece);
      return pieces;
    },
    saveRetention: () => retention.saveRetention(1_000),
    applyRetention: () => retention.applyRetention(),
    purgePredictions: ({ prediction }) => selection.purgePredictions([prediction]),
    testPath: () => testPath(),
    findCase: ({ text }) => privacy.findCase(codeOf(text)),
    exportCase: async ({ text }) => {
      const made = await privacy.exportCase(codeOf(text));
      if (!made.ok) return made;
      const pieces: string[] = [];
      for await (const piece of made.value) pieces.push(piece.replace(codeOf(text), "what was asked for"));
      return pieces;
    },
    eraseCase: async ({ text }) => {
      const found = await privacy.findCase(codeOf(text));
      return found.ok ? privacy.eraseCase(codeOf(text), stampOf(found.value), [north.batch.id]) : found;
    },
  },
};

/** The tests of accounts, which call their functions as people of several teams. */
const ELSEWHERE = ["people", "sign-in", "teams"].map((name) =>
  readFileSync(`lib/server/access/${name}.integration.test.ts`, "utf8"),
);

/** What a door calls and that touches no team's row, is one's own account's alone, or is a part of asking. */
const FREE = [
  ...["actor", "askedAs", "asksForSignIn", "isNotAllowed", "may", "requireRight", "runAs", "runForTeam"],
  ...[
    "describeCost",
    "proposalOf",
    "readExport",
    "readMeasurement",
    "readPostedForm",
    "receiveFile",
    "streamOf",
  ],
  ...["knownWhatIf", "review", "whatLeaves"],
  ...["accountAsking", "askingPerson", "toldAction", "changePassword", "removePasskey"],
  ...["beginSecondFactor", "confirmSecondFactor", "endSecondFactor"],
];
/** Gives null, on every page's frame, to who may not read. */
const QUIET = ["performanceSummary"];

const MAPPING = {
  measurements: FEATURE_KEYS.map((_, at) => at),
  code: null,
  truth: null,
  decimal: "." as const,
};
const REPORT = {
  ...{ added: 0, present: 0, refused: 0, differing: 0, taken: 0 },
  ...{ refusals: [], differences: [] },
};

const TEAMS = ["north", "south"];
let north: Given;

beforeAll(async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (const name of TEAMS) {
    const made = await as("home", () => teams.createTeam(name));
    expect(made).toMatchObject({ ok: true, value: { id: name } });
  }
  mkdirSync(join(folder, "teams/north/inbox"), { recursive: true });
  writeFileSync(join(folder, `teams/north/inbox/${SECRET}.csv`), SECRET);
  startBatches();
  startWebhook();
  north = await as("north", async () => {
    const one = newCase(SECRET, `${SECRET}-code`);
    const measurement = readMeasurement(recordOf(3, sha256(SECRET)), one.values);
    if (!measurement.ok) throw new Error(measurement.error);
    const saved = await predicting.predictAndSave({ ...one, measurement: measurement.value });
    if (!saved.ok) throw new Error(saved.error.what);
    const kept = await measurements.keepImage(saved.value.id, Buffer.from(SECRET));
    if (!kept.ok || kept.value !== "kept") throw new Error("no image was kept");
    const prediction = saved.value.id;
    await annotations.saveAnnotation(prediction, { note: `${SECRET}-note` });
    await outcomes.setOutcome(prediction, { outcome: "M", on: null });
    await views.saveView(`${SECRET}-view`, `text=${SECRET}`);
    const report = await imports.keepReport(`${SECRET}-report.csv`, REPORT);
    const listed = await views.listViews();
    const created = await batches.createBatch(
      lines(`code,${FEATURE_KEYS.join()}`, `${SECRET}-row,${VALUES.join()}`),
      `${SECRET}-batch.csv`,
      true,
    );
    if (!report.ok || !listed.ok || !created.ok) throw new Error("nothing to find");
    let batch: Batch | null = null;
    while (batch?.state !== "finished" || batch.isWorkedOn) {
      const found = await batches.findBatch(created.value);
      batch = found.ok ? found.value : null;
      if (batch?.state === "unread") throw new Error(batch.problem ?? "");
      await pause(50);
    }
    const ofBatch = await batchRows.keepRows(batch, [1]);
    if (!ofBatch.ok) throw new Error("not kept");
    return { prediction, batch, report: report.value, view: listed.value[0]?.id ?? "", text: SECRET };
  });
});

afterAll(async () => {
  for (const team of ["home", ...TEAMS]) await (await databaseAt(databaseUrlOf(team))).$disconnect();
  remove();
  told.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All that a team keeps. */
const contentOf = (team: string) =>
  runForTeam(team, async () => {
    const db = await database();
    const rows = await Promise.all([
      db.prediction.findMany({ orderBy: { id: "asc" } }),
      db.annotation.findMany(),
      db.measurement.findMany(),
      db.measuredImage.findMany(),
      db.edit.findMany(),
      db.savedView.findMany(),
      db.importReport.findMany(),
      // A webhook may be told meanwhile.
      db.batch.findMany({ omit: { event: true, eventDueAt: true } }),
      db.setting.findMany(),
      db.model.findMany(),
    ]);
    const files = readdirSync(join(folder, "teams", team), { recursive: true });
    return textOf([rows, files.length]);
  });

const textOf = (value: unknown) =>
  JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : (one as unknown))) ?? "";

/** What came of a call, as text; how it failed where it did. */
async function resultOf(call: () => unknown): Promise<string> {
  try {
    return textOf(await call());
  } catch (error) {
    if (isNotAllowed(error)) return REFUSED;
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
const REFUSED = "refused";
const isRefused = (result: string) => result === REFUSED || result.includes('"code":"not_allowed"');

const calls = Object.entries(CALLS).flatMap(([right, ofRight]) =>
  Object.entries(ofRight).map(([name, call]) => ({ right: right as Permission, name, call })),
);

/** The names that a door takes from the features of lib/server, types left out. */
function calledByDoors(): string[] {
  const files = ["app", "lib/server/api", "server"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
      .map((name) => readFileSync(join(folder, name), "utf8")),
  );
  const of =
    /^import \{([^}]*)\} from "@\/lib\/server\/(?:access|batch|exchange|history|monitoring|notes|path|predict|prediction|privacy|review)\/[\w-]+";/gm;
  const names = files.flatMap((text) => [...text.matchAll(of)].flatMap(([, list = ""]) => list.split(",")));
  const values = names.map((name) => name.trim()).filter((name) => /^[a-z]\w*$/.test(name));
  return [...new Set(values)].sort();
}

it("every function that a door calls is tried here", () => {
  const called = calledByDoors();
  expect(called).toContain("listPredictions");
  const tried = [...calls.map(({ name }) => name), ...FREE, ...QUIET];
  const isElsewhere = (name: string) => ELSEWHERE.some((text) => new RegExp(`\\b${name}\\b`).test(text));
  expect(called.filter((name) => !tried.includes(name) && !isElsewhere(name))).toEqual([]);
});

describe("another team's rows do not exist", () => {
  it("the owner finds them by every function that is asked for them", async () => {
    const found = ["findBatch", "listBatches", "listRows", "findRow", "exportRows", "exportPredictions"];
    const more = ["findReport", "listPredictions", "listViews", "findCaseCodes", "findAnnotation"];
    expect(await as("north", () => resultOf(() => measurements.findMeasurement(north.prediction)))).toContain(
      sha256(SECRET),
    );
    for (const { name, call } of calls.filter(({ name }) =>
      [...found, ...more, "openInbox"].includes(name),
    )) {
      expect([name, await as("north", () => resultOf(() => call(north)))]).toEqual([
        name,
        expect.stringContaining(SECRET),
      ]);
    }
  });

  it.each(calls)("$name", async ({ name, call }) => {
    const before = await contentOf("north");
    for (const team of ["south", "home"]) {
      const result = await as(team, () => resultOf(() => call(north)));
      for (const mark of [SECRET, sha256(SECRET), north.prediction, north.view, north.report]) {
        expect(result).not.toContain(mark);
      }
      // An error may name the batch that was handed over.
      if (!result.startsWith("failed:")) expect(result).not.toContain(north.batch.id);
      expect([name, isRefused(result)]).toEqual([name, false]);
    }
    expect(await contentOf("north")).toBe(before);
  });

  it("whatever operation of the API is asked for them", async () => {
    const api = createApi();
    const operations = api.routes.filter(
      ({ method, path }) => method !== "ALL" && /^\/(?:api|v2)/.test(path),
    );
    expect(operations.length).toBeGreaterThan(20);
    const before = await contentOf("north");
    for (const { method, path } of operations) {
      const id = path.includes("/batches") ? north.batch.id : north.prediction;
      const address = path.replace(":id", id).replace(":row", "1").replace(/:\w+/g, "x");
      const hasBody = method === "POST" || method === "PATCH";
      const answer = await as("south", () =>
        api.request(`http://localhost${address}`, {
          method,
          ...(hasBody && { headers: { "Content-Type": "application/json" }, body: BODY }),
        }),
      );
      const text = await answer.text();
      expect([path, path.includes(":id") ? [404, 415, 422].includes(answer.status) : true]).toEqual([
        path,
        true,
      ]);
      for (const mark of [SECRET, north.prediction, north.batch.id]) expect(text).not.toContain(mark);
    }
    expect(await contentOf("north")).toBe(before);
  });
  const BODY = JSON.stringify({ note: "theirs" });

  it("the same Idempotency-Key is another request, and the same model another row", async () => {
    const api = createApi();
    const send = () =>
      api.request("http://localhost/api/v1/predictions", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": "one-for-two" },
        body: JSON.stringify({ features: VALUES }),
      });
    const answers = await Promise.all(
      TEAMS.map((team) =>
        as(team, async () => [team, (await (await send()).json()) as { id: string }] as const),
      ),
    );
    const ids = answers.map(([, { id }]) => id);
    expect(new Set(ids).size).toBe(2);
    for (const [team, { id }] of answers) {
      const again = (await as(team, async () => (await send()).json())) as { id: string };
      expect(again.id).toBe(id);
      const others = ids.filter((one) => one !== id);
      const found = await as(team, () => selection.findPredictions([...others, id], "prediction_viewed"));
      expect(found.ok && found.value.map((one) => one.id)).toEqual([id]);
    }
  });

  it("counts, models and settings are of one team", async () => {
    const other = {
      name: "another",
      version: `${SECRET}-version`,
      hash: null,
      threshold: 0.5,
      uncertain: null,
    };
    await as("north", async () => {
      const known = await predicting.predictOnly(VALUES);
      if (!known.ok) throw new Error(known.error.what);
      const { diagnosis, probability } = known.value;
      for (const formKey of ["1", "2"]) {
        const none = { label: null, base: null, contributions: null, typicality: null, cautions: null };
        await predictions.savePrediction({
          ...{ formKey, source: "form", values: VALUES, backend: "embedded", latencyMs: 1, model: other },
          prediction: { diagnosis, probability, ...none },
        });
      }
      await retention.saveRetention(500);
    });
    const versions = (team: string) => as(team, history.listModelVersions);
    expect(textOf(await versions("north"))).toContain(other.version);
    expect(textOf(await versions("south"))).not.toContain(other.version);
    const sizes = await Promise.all(
      TEAMS.map((team) =>
        as(team, async () => {
          const [page, latest] = await Promise.all([listed(""), selection.latestCases(100)]);
          return page.ok && latest.ok ? [page.value.total.count, latest.value.length] : [];
        }),
      ),
    );
    for (const [total, length] of sizes) expect(total).toBe(length);
    expect(sizes[0]).not.toEqual(sizes[1]);
    expect(await as("south", retention.findRetention)).not.toEqual({ ok: true, value: 500 });
  });

  it("a batch is answered for each team, in files of its own", async () => {
    const rows = `${FEATURE_KEYS.join()}\n${VALUES.join()}`;
    const created = await as("south", () => batches.createBatch(lines(rows), "south.csv", true));
    if (!created.ok) throw new Error("not created");
    const find = () => as("south", () => batches.findBatch(created.value));
    await vi.waitFor(
      async () => expect(await find()).toMatchObject({ value: { state: "finished" } }),
      30_000,
    );
    expect(readdirSync(join(folder, "teams/south"))).toContain(created.value);
    expect(readdirSync(join(folder, "teams/north"))).not.toContain(created.value);
    expect(readdirSync(folder)).not.toContain(created.value);
    // What a webhook is told names the team, whose key reads the batch.
    const finished = { state: "finished", batch: created.value, team: "south" };
    await vi.waitFor(() => expect(told.events).toContainEqual(expect.objectContaining(finished)), 10_000);
    const ofNorth = { batch: north.batch.id, team: "north" };
    expect(told.events).toContainEqual(expect.objectContaining(ofNorth));
  });

  it("a file that one team exports, another imports as rows of its own", async () => {
    const all = everything();
    const file = await as("north", () => read(exportPredictions(all.where, all.file)));
    const before = await contentOf("north");
    const report = await as("south", () => imports.importPredictions(lines(file), { take: false }));
    expect(report).toMatchObject({ ok: true, value: { refused: 0, present: 0 } });
    expect(await contentOf("north")).toBe(before);
    const find = (team: string) => as(team, () => predictions.findPrediction(north.prediction));
    expect(await find("south")).toMatchObject({ ok: true, value: { id: north.prediction } });
    expect(await find("home")).toEqual({ ok: true, value: null });
  });

  it("what has been in the bin for long goes for ever from each team's", async () => {
    const ids: string[] = [];
    for (const team of TEAMS) {
      const saved = await as(team, () => predicting.predictAndSave(newCase("to be deleted")));
      if (!saved.ok) throw new Error(saved.error.what);
      const deletedAt = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
      const where = { id: saved.value.id };
      await runForTeam(team, async () =>
        (await database()).prediction.update({ where, data: { deletedAt } }),
      );
      ids.push(saved.value.id);
    }
    retention.startRetention();
    for (const [at, team] of TEAMS.entries()) {
      const find = () => as(team, () => predictions.findPrediction(ids[at] ?? ""));
      await vi.waitFor(async () => expect(await find()).toEqual({ ok: true, value: null }), 10_000);
    }
  });
});

describe("who may", () => {
  const nothing = (): Given => ({
    ...{ prediction: NONE, view: NONE, report: NONE, text: "" },
    batch: { ...north.batch, id: NONE, parts: 0 },
  });
  const actors: { who: string; actor: Actor; may: (right: Permission) => boolean }[] = [
    ...ROLES.map((role) => ({
      who: role,
      actor: person("south", role),
      may: (right: Permission) => roleMay(role, right),
    })),
    ...SCOPES.map((scope) => ({
      who: `a key for ${scope}`,
      actor: { kind: "key", id: "k", name: "K", team: "south", scopes: [scope] } satisfies Actor,
      may: (right: Permission) => right === scope,
    })),
  ];

  it.each(actors)("$who", async ({ actor, may }) => {
    for (const { right, name, call } of calls) {
      const result = await runAs(actor, () => resultOf(() => call(nothing())));
      expect([name, isRefused(result)]).toEqual([name, !may(right)]);
    }
  });

  it("nobody who is not signed in", async () => {
    for (const { name, call } of calls) {
      expect([name, isRefused(await resultOf(() => call(nothing())))]).toEqual([name, true]);
    }
    expect(await performance.performanceSummary()).toBeNull();
  });

  it("the API says so, and the same of every operation that is refused", async () => {
    const api = createApi();
    const key = { kind: "key", id: "k", name: "K", team: "south", scopes: ["read"] } satisfies Actor;
    const answer = await runAs(key, () =>
      api.request("http://localhost/api/v1/predictions", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ features: VALUES }),
      }),
    );
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      type: "/api-docs#forbidden",
      detail: expect.stringContaining("You may look at this history, but not change it."),
    });
    const outside = await api.request("http://localhost/api/v1/predictions");
    expect([outside.status, (await outside.json()) as object]).toEqual([
      403,
      expect.objectContaining({ type: "/api-docs#forbidden" }),
    ]);
  });
});
