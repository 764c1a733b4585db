import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sqlitePath } from "../lib/database-url";
import { IMPORTED } from "../lib/prediction/columns";
import { FEATURE_KEYS, SAMPLES } from "../tables/current";
import { AppServer } from "./app-server";
import { askDatabase } from "./database";
import { addPerson, addTeam, SIGN_IN } from "./people";
import { createSqlite } from "./throwaway";

/**
 * `node --import tsx test/kills.ts 100 [sign-in]`: kills the server, and a migration, with SIGKILL so many times at random moments
 * while acts of every kind are under way, starts it again each time, and looks for every act that was acknowledged; with
 * sign-in, for what the audit has of it too. Ends with how many were made and lost. Needs a build; too long for `npm test`, its total is in docs/reliability.md.
 */

const [KILLS, HAS_SIGN_IN] = [Number(process.argv[2] ?? 100), process.argv[3] === "sign-in"];
/** One in so many kills is of a migration. */
const MIGRATION_EVERY = 5;
const IMPORTED_ROWS = 50;
const BATCH_ROWS = 500;

const SAMPLE = SAMPLES[0];
if (SAMPLE === undefined) throw new Error("the table has no sample");
const VALUES = Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, SAMPLE.values[at]]));
const BATCH_FILE = `${FEATURE_KEYS.join(",")}\n${Array(BATCH_ROWS).fill(SAMPLE.values.join(",")).join("\n")}\n`;

type Kept = { note?: string; isDeleted?: boolean };
/** What was acknowledged: predictions with what became of them, and batches. */
const predictions = new Map<string, Kept>();
const batches = new Set<string>();
/** Predictions that nothing was done to yet. */
const untouched: string[] = [];
const made: Record<string, number> = {};
const lost: string[] = [];

const { url, remove } = createSqlite();
if (HAS_SIGN_IN) await addTeam(url, "home");
const credentials = HAS_SIGN_IN ? await addPerson(url, { role: "predictor" }) : {};
const server = await AppServer.start(url, {
  ...{ WEB_PROCESSES: "1", RATE_LIMIT_FACTOR: "1000" },
  ...(HAS_SIGN_IN && SIGN_IN),
});

async function ask(path: string, init: RequestInit & { json?: unknown } = {}): Promise<Response> {
  const { json, ...rest } = init;
  const body = json === undefined ? rest.body : JSON.stringify(json);
  const headers = {
    ...credentials,
    ...(rest.method !== undefined && { Origin: server.publicUrl }),
    ...(json !== undefined && { "Content-Type": "application/json" }),
    ...rest.headers,
  };
  const response = await fetch(server.publicUrl + path, { ...rest, headers, body, redirect: "manual" });
  if (response.status >= 400) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

const ACTS: Record<string, () => Promise<void>> = {
  async save() {
    const json = { measurements: VALUES, caseCode: randomUUID() };
    const { id } = await (await ask("/api/v1/predictions", { method: "POST", json })).json();
    predictions.set(id, {});
    untouched.push(id);
  },
  async note() {
    const id = untouched.shift();
    if (id === undefined) return;
    await ask(`/api/v1/predictions/${id}`, { method: "PATCH", json: { note: `of ${id}` } });
    predictions.set(id, { note: `of ${id}` });
  },
  async remove() {
    const id = untouched.shift();
    if (id === undefined) return;
    await ask(`/api/v1/predictions/${id}`, { method: "DELETE" });
    predictions.set(id, { isDeleted: true });
  },
  async import() {
    const id = [...predictions].find(([, { isDeleted }]) => !isDeleted)?.[0];
    if (id === undefined) return;
    const line = (await (await ask(`/history/export?format=jsonl&ids=${id}`)).text()).trim();
    // Deleted meanwhile by another act.
    if (line === "") return;
    const ids = Array.from({ length: IMPORTED_ROWS }, () => randomUUID());
    const form = new FormData();
    const rows = ids.map((own) => line.replace(/"id":"[^"]+"/, `"id":"${own}"`));
    form.set("file", new File([`${rows.join("\n")}\n`], "rows.jsonl"));
    const at =
      (await ask("/history/import/file", { method: "POST", body: form })).headers.get("location") ?? "";
    if (!at.includes("report=")) throw new Error(at);
    imports.push(ids);
  },
  async batch() {
    const sent = { method: "POST", body: BATCH_FILE, headers: { "Content-Type": "text/csv" } };
    batches.add((await (await ask("/api/v1/batches?start=true", sent)).json()).id);
  },
};
const imports: string[][] = [];

/** Several of each kind at a time, until the server is gone. */
async function act(): Promise<void> {
  const weights = ["save", "save", "save", "note", "note", "remove", "import", "batch"];
  for (;;) {
    const name = weights[Math.floor(Math.random() * weights.length)] ?? "save";
    try {
      await ACTS[name]?.();
      made[name] = (made[name] ?? 0) + 1;
    } catch (error) {
      // Node's fetch says so where the connection broke off; others may be importing or exporting; all else is a fault.
      if (error instanceof TypeError) return;
      if (!String(error).includes(": 503 ")) throw error;
    }
  }
}

async function check(): Promise<void> {
  type Row = { id: string; deleted_at: string | null; note: string | null; key: string };
  const found = new Map(
    (
      await askDatabase<Row>(
        url,
        "SELECT id, deleted_at, note, idempotency_key AS key FROM prediction LEFT JOIN annotation ON prediction_id = id",
      )
    ).map((row) => [row.id, row]),
  );
  for (const [id, { note, isDeleted }] of predictions) {
    const row = found.get(id);
    if (row === undefined) lost.push(`save ${id}`);
    else if (note !== undefined && row.note !== note) lost.push(`note ${id}`);
    else if (isDeleted && row.deleted_at === null) lost.push(`remove ${id}`);
  }
  const keys = [...found.values()].map(({ id, key }) => `${id} ${key}`).join("\n");
  for (const id of imports.flat()) if (!keys.includes(id)) lost.push(`import ${id}`);
  const kept = new Set((await askDatabase<{ id: string }>(url, "SELECT id FROM batch")).map(({ id }) => id));
  for (const id of batches) if (!kept.has(id)) lost.push(`batch ${id}`);
  if (HAS_SIGN_IN) await checkAudit();
}

/** Holds the acknowledged acts, and the rows themselves, against the audit. */
async function checkAudit(): Promise<void> {
  const entries = await askDatabase<{ act: string; object_id: string }>(
    url,
    "SELECT act, object_id FROM audit_entry",
  );
  const recorded = new Set(entries.map(({ act, object_id: id }) => `${act} ${id}`));
  const wanted = [...predictions].flatMap(([id, { note, isDeleted }]) => [
    `prediction_saved ${id}`,
    ...(note === undefined ? [] : [`prediction_noted ${id}`]),
    ...(isDeleted ? [`prediction_deleted ${id}`] : []),
  ]);
  for (const one of [...wanted, ...[...batches].map((id) => `batch_made ${id}`)]) {
    if (!recorded.has(one)) lost.push(`entry ${one}`);
  }
  const saved = await askDatabase<{ id: string }>(
    url,
    `SELECT id FROM prediction WHERE idempotency_key NOT LIKE '${IMPORTED}%'`,
  );
  for (const { id } of saved) if (!recorded.has(`prediction_saved ${id}`)) lost.push(`entry of ${id}`);
}

/** Kills a migration of an empty database, and lets the next one end it. */
async function killMigration(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-kills-"));
  const env = { ...process.env, DATABASE_URL: `file:${join(folder, "killed.db")}` };
  const migrate = () =>
    spawn(process.execPath, ["--import", "tsx", "scripts/database/migrate.ts", "deploy"], {
      env,
      stdio: "ignore",
    });
  const child = migrate();
  const over = once(child, "exit");
  await Promise.race([pause(300 + Math.random() * 900), over]);
  child.kill("SIGKILL");
  await over;
  const [code] = await once(migrate(), "exit");
  if (code !== 0) {
    lost.push(`migration in ${folder}`);
    copyFileSync(join(folder, "killed.db"), join(tmpdir(), `killed-${Date.now()}.db`));
  }
  rmSync(folder, { recursive: true });
}

for (let kill = 1; kill <= KILLS; kill++) {
  if (kill % MIGRATION_EVERY === 0) {
    await killMigration();
    continue;
  }
  const acting = [act(), act(), act()];
  await pause(100 + Math.random() * 1_500);
  await server.stop("SIGKILL");
  await Promise.all(acting);
  await server.start();
  await check();
  if (lost.length > 0) break;
  if (kill % 20 === 1) console.log(`${kill} kills, acknowledged: ${JSON.stringify(made)}`);
}

// A batch that was taken is answered, whatever happened meanwhile: every row once.
for (const id of batches) {
  for (let tries = 0; ; tries++) {
    const [row] = await askDatabase<{ state: string; done: number }>(
      url,
      `SELECT state, done FROM batch WHERE id = '${id}'`,
    );
    const { state, done } = row ?? { state: "gone", done: 0 };
    if (state === "finished" && done === BATCH_ROWS) break;
    if (tries > 600 || !["reading", "running", "read", "finished"].includes(state)) {
      lost.push(`batch ${id} is ${state}, ${done} done`);
      break;
    }
    await pause(100);
  }
}
await check();
const [{ integrity_check: integrity } = { integrity_check: "" }] = await askDatabase<{
  integrity_check: string;
}>(url, "PRAGMA integrity_check");
console.log(
  `${KILLS} kills, acknowledged: ${JSON.stringify(made)}; ${predictions.size} predictions, ${imports.length * IMPORTED_ROWS} imported rows, ${batches.size} batches; integrity ${integrity}; ${lost.length} lost`,
);
if (HAS_SIGN_IN) {
  const env = { ...process.env, DATABASE_URL: url };
  const verify = ["--import", "tsx", "scripts/database/audit-verify.ts"];
  const { status, stdout } = spawnSync(process.execPath, verify, { env, encoding: "utf8" });
  console.log(stdout.trim());
  if (status !== 0) lost.push("the audit's chain");
}
for (const one of lost.slice(0, 20)) console.log(one);
if (lost.length > 0) console.log(`The database stays: ${sqlitePath(url)}`);
await server.stop();
if (lost.length === 0) remove();
process.exit(lost.length > 0 || integrity !== "ok" ? 1 : 0);
