import "server-only";
import type { Batch } from "@/lib/batch/batch";
import { type CaseErased, type CaseFound, inWords, stampOf } from "@/lib/privacy/case";
import { mentions, valueWithoutMentions, withoutMentions } from "@/lib/privacy/mention";
import type { Result } from "@/lib/result";
import { actor, askedAs, runAs } from "@/lib/server/access/actor";
import { audit, entriesOf, record, recorded } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
import {
  type CaseInBatches,
  eraseBatch,
  eraseFromBatch,
  findCaseInBatches,
  rowsOfCase,
} from "@/lib/server/batch/case-rows";
import { type Database, database } from "@/lib/server/database/db";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { rewriteFile } from "@/lib/server/database/rewrite";
import { administering, reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { words } from "@/tables/current";

/**
 * Everything that a team keeps of one case code: found, exported and erased. What is under the code goes; elsewhere, as in
 * another case's note, the code is taken out of the text.
 */

/** Rows per transaction, so that saves never wait long. */
const MOST_AT_ONCE = 500;

/** What is written down of other cases and mentions the code, with the text as it is. */
type Mentions = {
  notes: { id: string; text: string }[];
  edits: { id: string; predictionId: string; before: string | null; after: string | null }[];
  reports: { id: string; fileName: string; refusals: string; differences: string }[];
  views: { id: string; name: string; query: string }[];
  batches: { id: string; fileName: string }[];
};

/** How much there is of a case code. */
export const findCase = (code: string): Promise<Result<CaseFound, StoreError>> =>
  reading("case_not_found", async (db) => (await find(db, code)).found, undefined, "administer");

type Whole = { found: CaseFound; mentioned: Mentions; inBatches: CaseInBatches };

async function find(db: Database, code: string): Promise<Whole> {
  const annotation = { caseCode: code };
  const [count, inBin, notes, edits, images, mentioned, inBatches] = await Promise.all([
    db.prediction.count({ where: { annotation } }),
    db.prediction.count({ where: { annotation, deletedAt: { not: null } } }),
    db.annotation.count({ where: { ...annotation, note: { not: null } } }),
    db.edit.count({ where: { prediction: { annotation } } }),
    db.measuredImage.count({ where: { measurement: { prediction: { annotation } } } }),
    findMentions(db, code),
    findCaseInBatches(code),
  ]);
  const named = ({ id, fileName, createdAt }: Batch) => ({ id, fileName, createdAt });
  const ids = [...mentioned.notes.map(({ id }) => id), ...mentioned.edits.map((one) => one.predictionId)];
  const found: CaseFound = {
    predictions: { count, inBin, notes, edits, images },
    mentions: {
      ids: [...new Set(ids)],
      notes: mentioned.notes.length,
      edits: mentioned.edits.length,
      reports: mentioned.reports.length,
      views: mentioned.views.length,
      fileNames: mentioned.batches.length,
    },
    batches: inBatches.found.map(({ batch, rows, isWhole }) => ({ ...named(batch), rows, isWhole })),
    notSearched: inBatches.notSearched.map(named),
  };
  return { found, mentioned, inBatches };
}

/** That a text holds another: letter by letter, where LIKE would read signs in it. */
const holds = (column: string, text: string) =>
  kindOfDatabase() === "sqlite"
    ? Prisma.sql`instr(${Prisma.raw(column)}, ${text}) > 0`
    : Prisma.sql`strpos(${Prisma.raw(column)}, ${text}) > 0`;

async function findMentions(db: Database, code: string): Promise<Mentions> {
  const others = Prisma.sql`coalesce(a.case_code, '') <> ${code}`;
  const [notes, edits, reports, views, batches] = await Promise.all([
    db.$queryRaw<Mentions["notes"]>`
      SELECT a.prediction_id AS id, a.note AS text FROM annotation AS a WHERE ${others} AND ${holds("a.note", code)}`,
    db.$queryRaw<Mentions["edits"]>`
      SELECT e.id, e.prediction_id AS "predictionId", e.before, e.after
      FROM edit AS e LEFT JOIN annotation AS a ON a.prediction_id = e.prediction_id
      WHERE ${others} AND (${holds("e.before", code)} OR ${holds("e.after", code)})`,
    // Few, and gone after 30 days.
    db.importReport.findMany({ select: { id: true, fileName: true, refusals: true, differences: true } }),
    db.savedView.findMany({ select: { id: true, name: true, query: true } }),
    db.batch.findMany({ select: { id: true, fileName: true } }),
  ]);
  const inJson = (json: string) => JSON.stringify(valueWithoutMentions(JSON.parse(json), code)) !== json;
  return {
    notes: notes.filter(({ text }) => mentions(text, code)),
    edits: edits.filter(({ before, after }) => mentions(before, code) || mentions(after, code)),
    reports: reports.filter(
      ({ fileName, refusals, differences }) =>
        mentions(fileName, code) || inJson(refusals) || inJson(differences),
    ),
    views: views.filter(
      ({ name, query }) =>
        mentions(name, code) || [...new URLSearchParams(query).values()].some((text) => mentions(text, code)),
    ),
    batches: batches.filter(({ fileName }) => mentions(fileName, code)),
  };
}

/** Everything of a case code as one JSON document, piece by piece. */
export const exportCase = (code: string): Promise<Result<AsyncGenerator<string, void>, StoreError>> =>
  reading(
    "case_not_exported",
    async (db) => {
      const whole = await find(db, code);
      await audit("case_exported", { detail: { count: whole.found.predictions.count } });
      // What takes the pieces may do so outside the request.
      const [who, requestId] = [actor(), askedAs() ?? undefined];
      return pieces(code, whole, (work) => runAs(who, work, requestId));
    },
    undefined,
    "administer",
  );

async function* pieces(
  code: string,
  { found, mentioned, inBatches }: Whole,
  asked: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<string, void> {
  const { notes, edits, reports, views, batches } = mentioned;
  const head = { application: words.app.name, exportedAt: new Date(), caseCode: code };
  yield `${JSON.stringify(head).slice(0, -1)},"predictions":[`;
  for (let after = "", isFirst = true; ; ) {
    const rows = await asked(async () =>
      (await database()).prediction.findMany({
        where: { annotation: { caseCode: code }, id: { gt: after } },
        orderBy: { id: "asc" },
        take: MOST_AT_ONCE,
        omit: { modelId: true, idempotencyKey: true },
        include: { model: { omit: { identity: true } }, detail: true, annotation: true, edits: true },
      }),
    );
    for (const row of rows) {
      const measurement = await asked(() => measurementOf(row.id));
      yield (isFirst ? "" : ",") + JSON.stringify({ ...row, measurement });
      isFirst = false;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < MOST_AT_ONCE) break;
    after = last.id;
  }
  yield '],"batches":[';
  for (const [at, { batch }] of inBatches.found.entries()) {
    const rows = await asked(() => rowsOfCase(batch, code));
    const { id, fileName, createdAt } = batch;
    yield (at === 0 ? "" : ",") + JSON.stringify({ id, fileName, createdAt, rows });
  }
  const mentionsElsewhere = { notes, edits, importReports: reports, savedViews: views, fileNames: batches };
  yield `],"mentionsElsewhere":${JSON.stringify(mentionsElsewhere)},"notSearched":${JSON.stringify(found.notSearched)}}\n`;
}

/** What one prediction was measured on, with its image in base64 where that was kept: together up to some megabytes. */
async function measurementOf(predictionId: string) {
  const db = await database();
  const found = await db.measurement.findUnique({ where: { predictionId }, include: { image: true } });
  if (found === null) return null;
  return { ...found, image: found.image === null ? null : Buffer.from(found.image.bytes).toString("base64") };
}

/**
 * Erases everything of a case code, where what there is has still the stamp that was `confirmed`, and the files of `whole`, which
 * have not ended. Else what there is now. What a failure leaves behind is found again.
 */
export const eraseCase = (
  code: string,
  confirmed: string,
  whole: readonly string[],
): Promise<Result<CaseErased | { found: CaseFound }, StoreError>> =>
  administering("case_not_erased", async (db) => {
    const { found, mentioned, inBatches } = await find(db, code);
    if (stampOf(found) !== confirmed) return { found };
    await audit("case_erased", { detail: { count: found.predictions.count } });
    for (const one of inBatches.found) await eraseFromBatch(one, code);
    const notEnded = inBatches.notSearched.filter(({ id }) => whole.includes(id));
    for (const { id } of notEnded) await eraseBatch(id);
    await purgeAll(db, code);
    await eraseMentions(db, code, mentioned);
    const { found: left } = await find(db, code);
    const files = notEnded.length;
    const what = [inWords(found), ...(files === 0 ? [] : [`${files} file${files === 1 ? "" : "s"} whole`])];
    return {
      what: what.filter((one) => one !== "").join(", ") || "nothing",
      left: inWords(left) !== "",
      isRewritten: await rewriteFile(),
    };
  });

async function purgeAll(db: Database, code: string): Promise<void> {
  for (;;) {
    const rows = await db.annotation.findMany({
      where: { caseCode: code },
      select: { predictionId: true },
      take: MOST_AT_ONCE,
    });
    if (rows.length === 0) return;
    const ids = rows.map(({ predictionId }) => predictionId);
    const purging = db.prediction.deleteMany({ where: { id: { in: ids } } });
    const entries = entriesOf(
      "prediction_purged",
      ...ids.map((objectId) => ({ object: "prediction", objectId }) as const),
    );
    await recorded(db, entries, purging, ofRow("prediction"));
  }
}

/** Where somebody has changed a text meanwhile, that stays, and what is left of it is found. */
async function eraseMentions(db: Database, code: string, mentioned: Mentions): Promise<void> {
  const { notes, edits, reports, views, batches } = mentioned;
  const detail = { fields: ["note" as const] };
  for (const { id, text } of notes) {
    await db.$transaction([
      ...record(db, entriesOf("prediction_noted", { object: "prediction", objectId: id, detail })),
      db.annotation.updateMany({
        where: { predictionId: id, note: text },
        data: { note: withoutMentions(text, code) },
      }),
    ]);
  }
  for (const { id, before, after } of edits) {
    const data = { before: withoutMentions(before, code), after: withoutMentions(after, code) };
    await db.edit.updateMany({ where: { id }, data });
  }
  const clean = (json: string) => JSON.stringify(valueWithoutMentions(JSON.parse(json), code));
  for (const { id, fileName, refusals, differences } of reports) {
    const data = {
      fileName: withoutMentions(fileName, code),
      refusals: clean(refusals),
      differences: clean(differences),
    };
    await db.importReport.updateMany({ where: { id }, data });
  }
  for (const { id } of views) {
    const about = { object: "view", objectId: id, detail: { isRemoved: true } } as const;
    await recorded(db, entriesOf("setting_changed", about), db.savedView.deleteMany({ where: { id } }));
  }
  for (const { id, fileName } of batches) {
    await db.batch.updateMany({ where: { id }, data: { fileName: withoutMentions(fileName, code) } });
  }
}
