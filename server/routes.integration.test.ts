// First: it gives zod what the API describes itself with.
import "@hono/zod-openapi";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqlitePath } from "../lib/database-url";
import { NOT_ALLOWED } from "../lib/not-allowed";
import { type CaseFound, stampOf } from "../lib/privacy/case";
import { createApi } from "../lib/server/api/create-api";
import { timeText } from "../lib/time";
import { FEATURE_KEYS, measuring, SAMPLES, table } from "../tables/current";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { parseActionAnswer } from "../test/flight";
import { IMAGE, sha256 } from "../test/measured";
import { addKey, addPerson, addTeam, type Credentials, SIGN_IN } from "../test/people";
import { createSqlite, runMigrate } from "../test/throwaway";

/**
 * Every page, form, file and operation of the built server, asked for by everybody. What is there and not in ROUTES fails,
 * and so does what is in ROUTES and no longer there.
 */

const VISITORS = [
  "nobody",
  "viewer",
  "predictor",
  "administrator",
  "elsewhere",
  "key to read",
  "key to predict",
  "key elsewhere",
  "key that is over",
] as const;
type Visitor = (typeof VISITORS)[number];

/** Keys open no page: one of them is enough there. */
const AT_PAGES = VISITORS.filter((visitor) => !visitor.startsWith("key") || visitor === "key to predict");

/** Who is let in. "elsewhere" is the administrator of another team, who is let in where a team's own is shown or changed. */
const EVERYBODY: readonly Visitor[] = VISITORS;
const PEOPLE = ["viewer", "predictor", "administrator", "elsewhere"] as const;
const TEAM = ["viewer", "predictor", "administrator"] as const;
const PREDICTORS = ["predictor", "administrator"] as const;
const ADMINISTRATORS = ["administrator", "elsewhere"] as const;
const PROGRAMS = [...PEOPLE, "key to read", "key to predict", "key elsewhere"] as const;
const PROGRAMS_OF_TEAM = [...TEAM, "key to read", "key to predict"] as const;
const WRITING_PROGRAMS = [...PREDICTORS, "elsewhere", "key to predict", "key elsewhere"] as const;
const WRITING_PROGRAMS_OF_TEAM = [...PREDICTORS, "key to predict"] as const;

type Ask = { path: string; method?: string; headers?: Record<string, string>; body?: string | FormData };
type Route = {
  lets: readonly Visitor[];
  /** Asked anew for each visitor, so that each finds what the one before could have changed. */
  ask: (visitor: Visitor) => Ask | Promise<Ask>;
  /** What is read just by who is let in and of the team. */
  shows?: () => string;
  /** What is read just by who is let in. */
  answers?: string;
  /** Whether the team's database changes just where somebody of the team is let in. */
  changes?: boolean;
  /** Whether what changes is kept for all teams in one place. */
  isOfAll?: boolean;
};

const database = createSqlite();
let server: AppServer;
const known = {} as Record<Visitor, Credentials>;
const ids = { prediction: "", other: "", binned: "", batch: "", model: "", person: "", measured: "" };

const PREDICTIONS = "/api/v1/predictions";
const BATCHES = "/api/v1/batches";
const CASE_CODE = "Marked-4711";
const SAMPLE = SAMPLES[0];
const MEASUREMENTS = Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, SAMPLE.values[at]]));
const TEXTS = Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, String(SAMPLE.values[at])]));
const MAPPING = { measurements: FEATURE_KEYS.map((_, at) => at + 1), code: null, truth: null, decimal: "." };
const MAPPING_TEXTS = {
  ...Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, String(at + 2)])),
  ...{ code: "", truth: "", positive: "", negative: "", decimal: "." },
};
const INFER = {
  inputs: [{ name: "x", datatype: "FP64", shape: [1, FEATURE_KEYS.length], data: SAMPLE.values }],
};
const FILE = `code,${FEATURE_KEYS.join()}\n${`${CASE_CODE},${SAMPLE.values.join()}\n`.repeat(VISITORS.length)}${CASE_CODE},-1${",1".repeat(FEATURE_KEYS.length - 1)}\n`;

// What is asked for.

const page = (path: string, lets: readonly Visitor[], shows?: () => string): Route => ({
  lets,
  ask: () => ({ path }),
  shows,
});

const get = page;

const form = (entries: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, text] of Object.entries(entries)) data.append(name, text);
  return data;
};

/** A server action, called as React calls it: with values, or with a form after what it was before. */
const actions = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as {
  node: Record<string, { filename: string; exportedName: string }>;
};
const nameOf = ({ filename, exportedName }: { filename: string; exportedName: string }) =>
  `${filename} ${exportedName}`;

function call(name: string, path: string, ...args: unknown[]): Ask {
  const id = Object.entries(actions.node).find(([, action]) => nameOf(action) === name)?.[0] ?? "";
  const headers = { "Next-Action": id, Accept: "text/x-component" };
  const data = new FormData();
  const sent = args.map((arg, at) => {
    if (!(arg instanceof FormData)) return arg;
    for (const [key, value] of arg) data.append(`_${at + 1}_${key}`, value);
    return `$K${at + 1}`;
  });
  data.append("0", JSON.stringify(sent));
  return { method: "POST", path, headers, body: data };
}

const json = (method: string, path: string, body?: unknown): Ask => ({
  method,
  path,
  ...(body !== undefined && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
});

// What is made for it to be done to, by somebody who may.

async function asked(visitor: Visitor, { path, headers, ...init }: Ask): Promise<Response> {
  return fetch(server.publicUrl + path, {
    ...init,
    headers: {
      ...known[visitor],
      "Sec-Fetch-Mode": "navigate",
      ...(init.method !== undefined && { Origin: server.publicUrl }),
      ...headers,
    },
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
}

async function made(ask: Ask): Promise<string> {
  const answer = await asked("key to predict", ask);
  expect(answer.ok, `${ask.path} ${answer.status}`).toBe(true);
  const { id } = (await answer.json()) as { id: string };
  return id;
}

const newPrediction = () =>
  made(json("POST", "/api/v1/predictions", { measurements: MEASUREMENTS, caseCode: CASE_CODE }));

/** One that was measured on an image, which is not kept. */
async function newMeasured(): Promise<string> {
  const id = await newPrediction();
  await sql(`INSERT INTO measurement (prediction_id, algorithm, file_sha256, grey_sha256, type, width, height, factor, grey,
      synthetic, outlines, changed)
    VALUES ('${id}', '1', '${sha256(IMAGE)}', '', 'image/png', 1, 1, 1, 'red', 0, '[]', '[]')`);
  return id;
}

async function newBinned(): Promise<string> {
  const id = await newPrediction();
  await asked("key to predict", { method: "DELETE", path: `/api/v1/predictions/${id}` });
  return id;
}

/** A batch of one row, answered. */
async function newAnsweredBatch(): Promise<string> {
  const path = `${BATCHES}?start=true`;
  const id = await made({ method: "POST", path, headers: { "Content-Type": "text/csv" }, body: FILE });
  const isFinished = async () =>
    (await sql(`SELECT id FROM batch WHERE id = '${id}' AND state = 'finished'`)).length > 0;
  while (!(await isFinished())) await pause(25);
  return id;
}

/** A batch in a state, as if another process worked on it: a copy of the one that is finished, without its files. */
async function newBatch(state: "read" | "running" | "paused" | "finished"): Promise<string> {
  const id = randomUUID();
  const columns = (await sql<{ name: string }>("SELECT name FROM pragma_table_info('batch')")).map(
    ({ name }) => name,
  );
  const changed: Record<string, string> = {
    ...{ id, state },
    ...(state !== "read" && { worker: OTHER_WORKER, work_until: timeText(new Date(Date.now() + 120_000)) }),
  };
  const values = columns.map((name) => (name in changed ? `'${changed[name]}'` : `"${name}"`));
  await sql(
    `INSERT INTO batch (${columns.map((name) => `"${name}"`)}) SELECT ${values} FROM batch WHERE id = '${ids.batch}'`,
  );
  return id;
}

const sql = <Row extends object>(statement: string) => askDatabase<Row>(database.url, statement);
const now = () => timeText(new Date());

async function newRow(table: string, row: Record<string, string>): Promise<string> {
  const id = randomUUID();
  const all = { id, ...row };
  const values = Object.values(all).map((text) => `'${text}'`);
  await sql(`INSERT INTO ${table} (${Object.keys(all).join()}) VALUES (${values.join()})`);
  return id;
}

const newView = () => newRow("saved_view", { name: randomUUID(), query: "sort=date", created_at: now() });
const newInvitation = () =>
  newRow("invitation", {
    token_hash: randomUUID(),
    email: "invited@example.org",
    team_id: "home",
    role: "viewer",
    created_at: now(),
    expires_at: timeText(new Date(Date.now() + 60_000)),
  });

async function idOf(credentials: Credentials): Promise<string> {
  const hint = decodeURIComponent(credentials.Cookie ?? "")
    .split("=")[1]
    ?.split(".")[0];
  const [row] = await sql<{ user_id: string }>(`SELECT user_id FROM session WHERE token = '${hint}'`);
  return row?.user_id ?? "";
}
const newPerson = async () => idOf(await addPerson(database.url, { role: "viewer" }));
const ofNewPerson = async () => ({ user: await newPerson() });

const OTHER_WORKER = "another";
/** By which this test reads what the server has written. */
let reader: Database.Database;

/** Everything that is kept of the team and of people, but for what asking itself leaves; once no batch is underway. */
async function kept(): Promise<string> {
  const underway = reader.prepare(
    "SELECT 1 FROM batch WHERE state IN ('reading', 'running') AND worker IS NOT ?",
  );
  while (underway.get(OTHER_WORKER) !== undefined) await pause(25);
  const tables = reader.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck();
  const rows = tables
    .all()
    .filter((name) => !TABLES_LEFT_OUT.test(name))
    .map((name) => reader.prepare(`SELECT * FROM "${name}"`).all());
  return JSON.stringify(rows, (key, value) => (COLUMNS_LEFT_OUT.includes(key) ? undefined : value));
}
const TABLES_LEFT_OUT = /^(audit_|request_count|rate_limit|verification|sqlite_|_prisma)/;
const COLUMNS_LEFT_OUT = ["last_used_at", "updated_at", "expires_at", "worker", "work_until", "worked_ms"];

/** A form that sends a file, or rows, as a page does without JavaScript. */
const upload = (path: string, { file, ...rest }: { file?: string; rows?: string }): Route => ({
  lets: [...PREDICTORS, "elsewhere"],
  changes: true,
  ask() {
    const body = form(rest);
    if (file !== undefined) body.append("file", new Blob([file]), "cases.csv");
    return { method: "POST", path, body };
  },
});

const prediction = () => ids.prediction;
const code = () => CASE_CODE;
const ofPrediction =
  (rest = "") =>
  () => ({ path: `/history/${ids.prediction}${rest}` });
const ofBatch =
  (rest = "") =>
  () => ({ path: `/batch/${ids.batch}${rest}` });
const both = () => `?ids=${ids.prediction},${ids.other}`;

const PAGES: Record<string, Route> = {
  "GET /": page("/", PEOPLE),
  "GET /[...missing]": page("/none/such", []),
  "GET /account": { ...page("/account", PEOPLE) },
  "GET /api-docs": page("/api-docs", PEOPLE),
  "GET /audit": page("/audit", ADMINISTRATORS, prediction),
  "GET /batch": page("/batch", PEOPLE, () => ids.batch),
  "GET /batch/[id]": { lets: TEAM, ask: ofBatch("?view=all"), shows: code },
  "GET /batch/[id]/rows/[row]": { lets: TEAM, ask: ofBatch("/rows/1"), shows: code },
  "GET /classes": page("/classes", PEOPLE),
  "GET /filled": page("/filled", PEOPLE),
  "GET /history": page("/history", PEOPLE, code),
  "GET /history/[id]": { lets: TEAM, ask: ofPrediction(), shows: code },
  "GET /history/bin": page("/history/bin", PEOPLE, () => ids.binned),
  "GET /history/compare": { lets: PEOPLE, ask: () => ({ path: `/history/compare${both()}` }), shows: code },
  "GET /history/delete": {
    lets: [...PREDICTORS, "elsewhere"],
    ask: () => ({ path: `/history/delete${both()}` }),
    shows: code,
  },
  "GET /history/import": page("/history/import", PEOPLE),
  "GET /history/peek": {
    lets: TEAM,
    ask: () => ({ path: `/history/peek?id=${ids.prediction}` }),
    shows: code,
  },
  "GET /history/rescore": { lets: PEOPLE, ask: () => ({ path: `/history/rescore${both()}` }) },
  "GET /history/selection": {
    lets: PEOPLE,
    ask: () => ({ path: `/history/selection?do=nothing&ids=${ids.prediction}` }),
  },
  "GET /measure": page("/measure", PEOPLE),
  "GET /measurements": page("/measurements", PEOPLE),
  "GET /model": page("/model", PEOPLE),
  "GET /model/cases/[row]": page("/model/cases/1", PEOPLE),
  "GET /parts": page("/parts", PEOPLE),
  "GET /path": page("/path", PEOPLE),
  "GET /privacy": { ...page("/privacy", ADMINISTRATORS), answers: "What erasing does not reach" },
  "GET /people": page("/people", ADMINISTRATORS, () => ids.person),
  "GET /set-up": page("/set-up?token=none", EVERYBODY),
  "GET /sign-in": page("/sign-in", EVERYBODY),
  "GET /sign-in/second": page("/sign-in/second", EVERYBODY),
};

const FILES: Record<string, Route> = {
  "GET /api/health": get("/api/health", PEOPLE),
  "GET /api/health/live": get("/api/health/live", EVERYBODY),
  "GET /api/health/ready": get("/api/health/ready", EVERYBODY),
  "GET /api/metrics": get("/api/metrics", ["key to read", "key to predict"]),
  "GET /audit/export": get("/audit/export", ADMINISTRATORS, prediction),
  "GET /batch/[id]/bad-rows": { lets: TEAM, ask: ofBatch("/bad-rows"), answers: "line," },
  "GET /batch/[id]/events": { lets: TEAM, ask: ofBatch("/events") },
  "GET /batch/[id]/export": { lets: TEAM, ask: ofBatch("/export?format=csv"), shows: code },
  "GET /batch/empty": get("/batch/empty", PEOPLE),
  "GET /find": get(`/find?q=${CASE_CODE}`, PEOPLE, code),
  "GET /history/[id]/image": {
    lets: TEAM,
    ask: () => ({ path: `/history/${ids.measured}/image` }),
    shows: () => IMAGE.toString(),
  },
  "GET /history/[id]/text": { lets: TEAM, ask: ofPrediction("/text"), shows: code },
  "GET /history/export": get("/history/export?format=csv", PEOPLE, code),
  "GET /icon.svg": get("/icon.svg", EVERYBODY),
  "GET /icon-192.png": get("/icon-192.png", EVERYBODY),
  "GET /icon-512.png": get("/icon-512.png", EVERYBODY),
  "GET /robots.txt": get("/robots.txt", EVERYBODY),
  "GET /example.csv": get("/example.csv", PEOPLE),
  ...Object.fromEntries(
    (measuring?.demos ?? []).flatMap(({ image, truth }) =>
      [image, truth].map((path) => [`GET ${path}`, get(path, PEOPLE)]),
    ),
  ),
  "GET /manifest.webmanifest": get("/manifest.webmanifest", EVERYBODY),
  "GET /theme.css": get("/theme.css", EVERYBODY),
  "POST /account/export": {
    lets: PEOPLE,
    answers: "@example.org",
    ask: () => ({ method: "POST", path: "/account/export" }),
  },
  "POST /people/export": {
    lets: ["administrator"],
    shows: () => ids.person,
    ask: () => ({ method: "POST", path: "/people/export", body: form({ user: ids.person }) }),
  },
  "POST /privacy/export": {
    lets: ADMINISTRATORS,
    shows: prediction,
    ask: () => ({ method: "POST", path: "/privacy/export", body: form({ code: CASE_CODE }) }),
  },
  "POST /history/[id]/image": {
    lets: PREDICTORS,
    changes: true,
    ask: async () => ({
      method: "POST",
      path: `/history/${await newMeasured()}/image`,
      body: IMAGE.toString(),
    }),
  },
  "POST /batch/data-set": upload("/batch/data-set", {}),
  "POST /batch/file": upload("/batch/file", { file: FILE }),
  "POST /batch/pasted": upload("/batch/pasted", { rows: FILE }),
  "POST /history/import/file": upload("/history/import/file", { file: "" }),
};

/** Forms and calls of pages. An action that a page binds may be sent to any page, the open ones too. */
const formAction = (
  name: string,
  path: string,
  lets: readonly Visitor[],
  entries: (visitor: Visitor) => Promise<Record<string, string>> | Record<string, string>,
  more: Partial<Route> & { isTold?: boolean } = { changes: true },
): Record<string, Route> => {
  const { isTold = false, ...rest } = more;
  const ask = async (visitor: Visitor) => {
    const data = form(await entries(visitor));
    return isTold ? call(name, path, null, data) : call(name, path, data);
  };
  return { [name]: { lets, ask, ...rest } };
};
const told = { isTold: true, changes: true };
/** Accounts and keys of every team are kept in one database. */
const toldOfAll = { ...told, isOfAll: true };

const HISTORY = "app/history/actions.ts";
const ONE = "app/history/[id]/actions.ts";
const BATCH = "app/batch/actions.ts";
const PEOPLE_ACTIONS = "app/people/actions.ts";
const ACCOUNT = "app/account/actions.ts";
const ERASE_ACCOUNT = `${ACCOUNT} eraseAccountAction`;
const SIGN_OUT = "app/sign-in/actions.ts signOutAction";
const ANY_TEAM = [...PREDICTORS, "elsewhere"] as const;

/** What ends being signed in, of a person who is like the visitor and needed no more. */
async function asSpare(visitor: Visitor, ask: (id: string) => Ask): Promise<Ask> {
  const role = TEAM.find((one) => one === visitor) ?? (visitor === "elsewhere" ? "viewer" : null);
  if (role === null) return ask("none");
  const credentials = await addPerson(database.url, { role });
  const asks = ask(await idOf(credentials));
  return { ...asks, headers: { ...asks.headers, ...credentials } };
}

/** What the page of a case would send back, once it has shown what there is. */
async function stampOfCase(caseCode: string): Promise<string> {
  const ask = call("app/privacy/actions.ts caseAction", "/privacy", null, form({ code: caseCode }));
  const answer = await asked("administrator", ask);
  const state = parseActionAnswer(Buffer.from(await answer.arrayBuffer())) as { done: { found: CaseFound } };
  return stampOf(state.done.found);
}

const ACTIONS: Record<string, Route> = {
  "app/actions.ts predict": {
    lets: ANY_TEAM,
    changes: true,
    ask: () => call("app/actions.ts predict", "/", { key: randomUUID(), caseCode: "", values: TEXTS }),
  },
  ...formAction("app/actions.ts predictPosted", "/", ANY_TEAM, () => ({ key: randomUUID(), ...TEXTS }), told),
  "app/actions.ts tryValues": {
    lets: PEOPLE,
    answers: '"contributions"',
    ask: () => call("app/actions.ts tryValues", "/", SAMPLE.values),
  },
  ...formAction("app/theme.ts setTheme", "/sign-in", EVERYBODY, () => ({ theme: "dark" }), {}),
  ...formAction(`${HISTORY} deleteSelectionAction`, "/history", PREDICTORS, async () => ({
    ids: await newPrediction(),
  })),
  ...formAction(`${HISTORY} undoDeletionAction`, "/history", PREDICTORS, async () => ({
    ids: await newBinned(),
  })),
  ...formAction(`${HISTORY} changeBinAction`, "/history/bin", ["administrator"], async () => ({
    ids: await newBinned(),
    do: "purge",
  })),
  ...formAction(`${HISTORY} saveViewAction`, "/history", ANY_TEAM, () => ({ name: randomUUID(), query: "" })),
  ...formAction(`${HISTORY} removeViewAction`, "/history", PREDICTORS, async () => ({ id: await newView() })),
  [`${ONE} explore`]: {
    lets: PEOPLE,
    answers: '"curve"',
    ask: () => call(`${ONE} explore`, "/history", { values: SAMPLE.values, index: 0, saved: SAMPLE.values }),
  },
  ...formAction(
    `${ONE} saveAnnotationAction`,
    "/history",
    PREDICTORS,
    async () => ({ id: await newPrediction(), caseCode: "", note: randomUUID() }),
    told,
  ),
  ...formAction(
    `${ONE} recordOutcome`,
    "/history",
    PREDICTORS,
    async () => ({
      id: await newPrediction(),
      do: "record",
      outcome: table.classes.negative,
      on: "2026-01-31",
    }),
    told,
  ),
  ...formAction(`${BATCH} changeBatchAction`, "/batch", PREDICTORS, async () => ({
    id: await newBatch("read"),
    do: "start",
  })),
  ...formAction(
    `${BATCH} changeMappingAction`,
    "/batch",
    PREDICTORS,
    async () => ({ id: await newBatch("read"), ...MAPPING_TEXTS }),
    told,
  ),
  ...formAction(`${BATCH} keepRowsAction`, "/batch", PREDICTORS, (visitor) => ({
    id: ids.batch,
    list: "",
    ids: String(1 + VISITORS.indexOf(visitor)),
  })),
  "app/path/actions.ts test": {
    lets: ADMINISTRATORS,
    answers: '"totalMs"',
    ask: () => call("app/path/actions.ts test", "/path", null),
  },
  ...formAction(
    "app/path/actions.ts saveRetentionAction",
    "/path",
    ADMINISTRATORS,
    () => ({ days: String(3000 + VISITORS.length) }),
    told,
  ),
  // People, keys, and what one asks for oneself.
  ...formAction(
    `${PEOPLE_ACTIONS} inviteAction`,
    "/people",
    ADMINISTRATORS,
    (visitor) => ({
      email: `${randomUUID()}@example.org`,
      role: "viewer",
      team: visitor === "elsewhere" ? "elsewhere" : "home",
    }),
    toldOfAll,
  ),
  ...formAction(
    `${PEOPLE_ACTIONS} changeRoleAction`,
    "/people",
    ["administrator"],
    async () => ({ ...(await ofNewPerson()), role: "predictor" }),
    told,
  ),
  ...formAction(`${PEOPLE_ACTIONS} removePersonAction`, "/people", ["administrator"], ofNewPerson, told),
  ...formAction(
    `${PEOPLE_ACTIONS} makeTeamAction`,
    "/people",
    ["administrator"],
    () => ({ name: randomUUID() }),
    told,
  ),
  ...formAction(
    `${PEOPLE_ACTIONS} renameTeamAction`,
    "/people",
    ["administrator"],
    () => ({ team: "elsewhere", name: randomUUID() }),
    told,
  ),
  ...formAction(
    `${PEOPLE_ACTIONS} erasePersonAction`,
    "/people",
    ["administrator"],
    async () => {
      const user = await newPerson();
      const email = `${user}@example.org`;
      return { user, email, theirs: email };
    },
    told,
  ),
  ...formAction(
    "app/privacy/actions.ts caseAction",
    "/privacy",
    ["administrator"],
    async () => {
      const caseCode = randomUUID();
      await made(json("POST", PREDICTIONS, { measurements: MEASUREMENTS, caseCode }));
      return { code: caseCode, confirmed: await stampOfCase(caseCode) };
    },
    told,
  ),
  ...formAction(`${PEOPLE_ACTIONS} passwordLinkAction`, "/people", ["administrator"], ofNewPerson, told),
  ...formAction(
    `${PEOPLE_ACTIONS} makeKeyAction`,
    "/people",
    ADMINISTRATORS,
    () => ({
      name: randomUUID(),
      scopes: "read",
      days: "1",
    }),
    toldOfAll,
  ),
  ...formAction(`${PEOPLE_ACTIONS} withdrawAction`, "/people", ["administrator"], async () => ({
    id: await newInvitation(),
  })),
  ...formAction(`${PEOPLE_ACTIONS} revokeKeyAction`, "/people", ["administrator"], async () => {
    await addKey(database.url, { scope: "read" });
    const [last] = await sql<{ id: string }>(
      "SELECT id FROM api_key WHERE revoked_at IS NULL ORDER BY rowid DESC LIMIT 1",
    );
    return { id: last?.id ?? "" };
  }),
  ...formAction(
    `${ACCOUNT} changePasswordAction`,
    "/account",
    PEOPLE,
    () => ({ password: "wrong", next: "none of the commonest" }),
    { isTold: true },
  ),
  ...formAction(`${ACCOUNT} beginSecondFactorAction`, "/account", PEOPLE, () => ({ password: "wrong" }), {
    isTold: true,
  }),
  ...formAction(`${ACCOUNT} confirmSecondFactorAction`, "/account", PEOPLE, () => ({ code: "123456" }), {
    isTold: true,
  }),
  ...formAction(`${ACCOUNT} endSecondFactorAction`, "/account", PEOPLE, () => ({ password: "wrong" }), {
    isTold: true,
  }),
  ...formAction(`${ACCOUNT} endSessionAction`, "/account", PEOPLE, () => ({ id: randomUUID() }), {}),
  ...formAction(`${ACCOUNT} removePasskeyAction`, "/account", PEOPLE, () => ({ id: randomUUID() }), {}),
  ...formAction(
    `${ACCOUNT} switchTeamAction`,
    "/account",
    PEOPLE,
    (visitor) => ({ team: visitor === "elsewhere" ? visitor : "home" }),
    {},
  ),
  [SIGN_OUT]: {
    lets: PEOPLE,
    ...{ changes: true, isOfAll: true },
    ask: async (visitor) => asSpare(visitor, () => call(SIGN_OUT, "/account")),
  },
  [ERASE_ACCOUNT]: {
    lets: PEOPLE,
    ...{ changes: true, isOfAll: true },
    ask: async (visitor) =>
      asSpare(visitor, (id) => call(ERASE_ACCOUNT, "/account", null, form({ email: `${id}@example.org` }))),
  },
  ...formAction(
    "app/sign-in/actions.ts signInAction",
    "/sign-in",
    EVERYBODY,
    () => ({ email: "none@example.org", password: "wrong" }),
    { isTold: true },
  ),
  ...formAction(
    "app/sign-in/actions.ts secondFactorAction",
    "/sign-in/second",
    EVERYBODY,
    () => ({ code: "123456" }),
    { isTold: true },
  ),
  ...formAction(
    "app/set-up/actions.ts setUpAction",
    "/set-up",
    EVERYBODY,
    () => ({ token: "none", name: "N", email: "n@example.org", password: "none of the commonest" }),
    { isTold: true },
  ),
};

const operation = (
  lets: readonly Visitor[],
  ask: () => Ask | Promise<Ask>,
  more: Partial<Route> = {},
): Route => ({ lets, ask, ...more });
const toRead = (path: () => string, lets: readonly Visitor[] = PROGRAMS, shows?: () => string) =>
  operation(lets, () => ({ path: path() }), { shows });
const toChange = (ask: () => Promise<Ask>, lets: readonly Visitor[] = WRITING_PROGRAMS_OF_TEAM) =>
  operation(lets, ask, { changes: true });

/** An operation of the Open Inference Protocol: of the model, and of the version of it that there is. */
const ofModel = (method: "GET" | "POST", rest: string): Record<string, Route> =>
  Object.fromEntries(
    ["", `/versions/:version`].map((version) => {
      const path = () => `/v2/models/${table.name}${version.replace(":version", ids.model)}${rest}`;
      const ask = () => (method === "GET" ? { path: path() } : json("POST", path(), INFER));
      return [`${method} /v2/models/:name${version}${rest}`, operation(PROGRAMS, ask)];
    }),
  );

const OPERATIONS: Record<string, Route> = {
  "POST /api/v1/predictions": toChange(
    async () => json("POST", PREDICTIONS, { measurements: MEASUREMENTS }),
    WRITING_PROGRAMS,
  ),
  "GET /api/v1/predictions": toRead(() => PREDICTIONS, PROGRAMS, code),
  "GET /api/v1/predictions/:id": toRead(() => `${PREDICTIONS}/${ids.prediction}`, PROGRAMS_OF_TEAM, code),
  "PATCH /api/v1/predictions/:id": toChange(async () =>
    json("PATCH", `${PREDICTIONS}/${await newPrediction()}`, { note: randomUUID() }),
  ),
  "DELETE /api/v1/predictions/:id": toChange(async () =>
    json("DELETE", `${PREDICTIONS}/${await newPrediction()}`),
  ),
  "POST /api/v1/predictions/:id/outcome": toChange(async () =>
    json("POST", `${PREDICTIONS}/${await newPrediction()}/outcome`, {
      outcome: table.classes.negative,
      on: "2026-01-31",
    }),
  ),
  "POST /api/v1/batches": toChange(
    async () => ({
      method: "POST",
      path: `${BATCHES}?start=false`,
      headers: { "Content-Type": "text/csv" },
      body: FILE,
    }),
    WRITING_PROGRAMS,
  ),
  "GET /api/v1/batches": toRead(
    () => BATCHES,
    PROGRAMS,
    () => ids.batch,
  ),
  "GET /api/v1/batches/:id": toRead(
    () => `${BATCHES}/${ids.batch}`,
    PROGRAMS_OF_TEAM,
    () => ids.batch,
  ),
  "PATCH /api/v1/batches/:id": toChange(async () =>
    json("PATCH", `${BATCHES}/${await newBatch("read")}`, { mapping: MAPPING }),
  ),
  "POST /api/v1/batches/:id/start": toChange(async () =>
    json("POST", `${BATCHES}/${await newBatch("read")}/start`),
  ),
  "POST /api/v1/batches/:id/pause": toChange(async () =>
    json("POST", `${BATCHES}/${await newBatch("running")}/pause`),
  ),
  "POST /api/v1/batches/:id/resume": toChange(async () =>
    json("POST", `${BATCHES}/${await newBatch("paused")}/resume`),
  ),
  "POST /api/v1/batches/:id/stop": toChange(async () =>
    json("POST", `${BATCHES}/${await newBatch("running")}/stop`),
  ),
  "DELETE /api/v1/batches/:id": toChange(async () => json("DELETE", `${BATCHES}/${await newBatch("read")}`)),
  "GET /api/v1/batches/:id/rows": toRead(
    () => `${BATCHES}/${ids.batch}/rows?view=all`,
    PROGRAMS_OF_TEAM,
    code,
  ),
  "GET /api/v1/batches/:id/rows/:row": toRead(() => `${BATCHES}/${ids.batch}/rows/1`, PROGRAMS_OF_TEAM, code),
  "GET /api/v1/batches/:id/results": toRead(() => `${BATCHES}/${ids.batch}/results`, PROGRAMS_OF_TEAM, code),
  "GET /api/v1/batches/:id/bad-rows": toRead(() => `${BATCHES}/${ids.batch}/bad-rows`, PROGRAMS_OF_TEAM),
  "GET /api/v1/batches/:id/events": toRead(() => `${BATCHES}/${ids.batch}/events`, PROGRAMS_OF_TEAM),
  "GET /api/v1/columns": toRead(() => "/api/v1/columns"),
  "GET /api/v1/model": toRead(() => "/api/v1/model"),
  "GET /api/v1/health/live": toRead(() => "/api/v1/health/live"),
  "GET /api/v1/health/ready": toRead(() => "/api/v1/health/ready"),
  "GET /api/v1/health": toRead(() => "/api/v1/health"),
  "GET /v2": toRead(() => "/v2"),
  "GET /v2/health/live": toRead(() => "/v2/health/live"),
  "GET /v2/health/ready": toRead(() => "/v2/health/ready"),
  ...ofModel("GET", ""),
  ...ofModel("GET", "/ready"),
  ...ofModel("POST", "/infer"),
  "GET /api/v1/openapi.json": toRead(() => "/api/v1/openapi.json"),
};

beforeAll(async () => {
  const { url } = database;
  for (const team of ["home", "elsewhere"]) await addTeam(url, team);
  runMigrate("deploy", url);
  for (const role of TEAM) known[role] = await addPerson(url, { role });
  known.nobody = {};
  known.elsewhere = await addPerson(url, { role: "administrator", team: "elsewhere" });
  known["key to read"] = await addKey(url, { scope: "read" });
  known["key to predict"] = await addKey(url, { scope: "predict" });
  known["key elsewhere"] = await addKey(url, { scope: "predict", team: "elsewhere" });
  known["key that is over"] = await addKey(url, { scope: "predict", isOver: true });
  ids.person = await newPerson();
  reader = new Database(sqlitePath(url), { readonly: true });
  server = await AppServer.start(url, { ...SIGN_IN, RATE_LIMIT_FACTOR: "1000" });
  ids.prediction = await newPrediction();
  ids.other = await newPrediction();
  ids.binned = await newBinned();
  ids.measured = await newMeasured();
  await sql(`INSERT INTO measured_image VALUES ('${ids.measured}', x'${IMAGE.toString("hex")}')`);
  ids.batch = await newAnsweredBatch();
  const [model] = await sql<{ version: string }>("SELECT version FROM model");
  ids.model = model?.version ?? "";
});

afterAll(async () => {
  reader.close();
  await server.stop();
  database.remove();
});

const SENTENCES = [...Object.values(NOT_ALLOWED), "You may not do this."];

/** How a stream of a page tells that there is none, after its status was sent. */
const NOT_FOUND_IN_STREAM = "NEXT_HTTP_ERROR_FALLBACK;404";

/** Whether an answer refuses what was asked: by its status, where it leads, or by what it says. */
const isRefusal = (
  { status, location, text }: { status: number; location: string; text: string },
  sentences: readonly string[],
) =>
  [401, 403, 404].includes(status) ||
  text.includes(NOT_FOUND_IN_STREAM) ||
  /[?&]notice=not_(?:allowed|administrator)/.test(location) ||
  // Where it leads elsewhere, the text is the page there.
  (location === "" && sentences.some((sentence) => text.includes(sentence)));

async function answerOf(visitor: Visitor, ask: Ask) {
  let answer = await asked(visitor, ask);
  // Next has the router ask again for an address with a hash of its headers.
  const again = answer.headers.get("location");
  if (answer.status === 307 && again?.includes("_rsc"))
    answer = await asked(visitor, { ...ask, path: again });
  const { status, headers } = answer;
  const location = headers.get("x-action-redirect") ?? headers.get("location") ?? "";
  const isEndless = headers.get("content-type")?.startsWith("text/event-stream") === true;
  const text = isEndless ? "" : await answer.text();
  if (isEndless) await answer.body?.cancel();
  const about = `${visitor}: ${status} ${location} ${text.slice(0, 200)}`;
  expect(status, about).toBeLessThan(500);
  return { status, location, text, about };
}

const isElsewhere = (visitor: Visitor) => visitor === "elsewhere" || visitor === "key elsewhere";

/** Asks as a visitor, and holds what comes of it against the table. */
async function check(visitor: Visitor, route: Route, more: Partial<Ask> = {}): Promise<void> {
  const { lets, shows, answers, changes = false, isOfAll = false } = route;
  const ask = { ...(await route.ask(visitor)), ...more };
  const before = changes ? await kept() : "";
  const got = await answerOf(visitor, ask);
  const isLetIn = lets.includes(visitor) && more.path === undefined;
  const isOfTeam = !isElsewhere(visitor);
  const says = `${isLetIn ? "let in" : "refused"}: ${got.about}`;
  if (changes) expect((await kept()) !== before, says).toBe(isLetIn && (isOfAll || isOfTeam));
  if (shows !== undefined) expect(got.text.includes(shows()), says).toBe(isLetIn && isOfTeam);
  if (answers !== undefined) expect(got.text.includes(answers), says).toBe(isLetIn);
  // What a page says of a form that it does not show is no refusal of the page.
  const isRefused = isRefusal(got, ask.method === undefined ? [] : SENTENCES);
  // A page may say in its place who may see what it shows; and of what is another team's, nothing comes.
  const isTold = shows === undefined && answers === undefined && more.path === undefined;
  const isJudged = isLetIn || (isTold && (isOfTeam || !changes));
  if (isJudged) expect(isRefused, says).toBe(!isLetIn);
  const hasAsked = ask.body instanceof FormData && ask.body.get("code") === CASE_CODE;
  if (!hasAsked && (!isOfTeam || visitor === "nobody")) expect(got.text, says).not.toContain(CASE_CODE);
}

describe("a page", () => {
  it.each(Object.entries(PAGES))("%s", async (_, route) => {
    for (const visitor of AT_PAGES) {
      await check(visitor, route);
      const { headers, ...ask } = await route.ask(visitor);
      await check(visitor, { ...route, ask: () => ({ ...ask, headers: { ...headers, RSC: "1" } }) });
    }
  });
});

describe("a file", () => {
  it.each(Object.entries(FILES))("%s", async (_, route) => {
    for (const visitor of VISITORS) await check(visitor, route);
  });
});

describe("an action", () => {
  it.each(Object.entries(ACTIONS))("%s", async (_, route) => {
    for (const visitor of AT_PAGES) await check(visitor, route);
  });

  const guarded = Object.entries(ACTIONS).filter(([, { lets }]) => !lets.includes("nobody"));
  it.each(guarded)("%s, of nobody, by a page that is open to all", async (_, route) => {
    await check("nobody", route, { path: "/sign-in" });
  });
});

describe("an operation", () => {
  it.each(Object.entries(OPERATIONS))("%s", async (_, route) => {
    for (const visitor of VISITORS) await check(visitor, route);
  });
});

describe("the table", () => {
  it("has every page and file that was built, and no other", () => {
    const built = JSON.parse(readFileSync(".next/server/app-paths-manifest.json", "utf8")) as object;
    const routes = Object.keys(built)
      // Next's own, to which no address leads.
      .filter((path) => !path.startsWith("/_"))
      .flatMap((path) => {
        const address = path.replace(/\/(?:page|route)$/, "") || "/";
        if (path.endsWith("/page")) return [`GET ${address}`];
        const source = ["ts", "tsx"].map((end) => `app${path}.${end}`).find((file) => existsSync(file));
        // An icon or manifest.
        if (source === undefined) return [`GET ${address}`];
        const methods = readFileSync(source, "utf8").matchAll(
          /^export (?:async )?(?:function|const) ([A-Z]+)\b/gm,
        );
        return [...methods]
          .filter(([, method]) => method !== "HEAD")
          .map(([, method]) => `${method} ${address}`);
      });
    const files = readdirSync("public", { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `GET /${relative("public", join(parentPath, name))}`);
    expect(Object.keys({ ...PAGES, ...FILES }).sort()).toEqual([...routes, ...files].sort());
  });

  it("has every action that was built, and no other", () => {
    const built = Object.values(actions.node).map(nameOf);
    expect(Object.keys(ACTIONS).sort()).toEqual(built.sort());
  });

  it("has every operation of the API, and no other", () => {
    const routes = createApi().routes.filter(({ method }) => method !== "ALL");
    expect(Object.keys(OPERATIONS).sort()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });
});
