import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { batchParameters, DEFAULT_BATCH_QUERY } from "../lib/batch/query";
import { label } from "../lib/contract";
import { DEFAULT_HISTORY_QUERY, historyParameters } from "../lib/history/query";
import { writePairs } from "../lib/list-address";
import { timeText } from "../lib/time";
import { FEATURE_KEYS, SAMPLES, table, words } from "../tables/current";
import { AppServer } from "./app-server";
import { askDatabase } from "./database";
import { freePort } from "./free-port";
import { addPerson, addTeam, SIGN_IN } from "./people";
import startDatabases, { createThrowawayDatabase, TEST_DATABASE } from "./throwaway";

/**
 * `node --import tsx test/sqlmap.ts [NAME …]`: has sqlmap (Debian's package) try to inject SQL by every parameter of every
 * address below, or of those whose name has one of the texts given, on a server and a database of its own; TEST_DATABASE=postgresql for the
 * other kind. It fails where sqlmap finds something, where an address could not be tried, where the server answered with
 * 500 or more or logged an error, and where sqlmap does not find what is open on purpose. Needs a build, and takes too long
 * for `npm test`: docs/security.md has what was seen.
 */

const OPTIONS = [
  "--batch",
  "--ignore-stdin",
  "--level=3",
  "--risk=2",
  "--flush-session",
  "--disable-coloring",
];
const AT_ONCE = Number(process.env.SQLMAP_AT_ONCE ?? 2);
/** sqlmap's own headers, which level 3 tries too, are tried once: "headers". */
const WITHOUT_HEADERS = "--skip=user-agent,referer";

type Target = {
  name: string;
  path: string;
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  headers?: Record<string, string>;
  body?: string;
  options?: readonly string[];
};

const chosen = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "sqlmap-"));
const stopDatabases = await startDatabases();
/** What would go on where this ends early. */
const running = new Set<Pick<ChildProcess, "pid" | "kill">>();
process.on("exit", () => {
  for (const { pid = 0 } of running) {
    try {
      process.kill(-pid);
    } catch {
      // It is over.
    }
  }
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const problems: string[] = [];

const [SAMPLE] = SAMPLES;
if (SAMPLE === undefined) throw new Error("the table has no sample");
const MEASUREMENTS = Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, SAMPLE.values[at]]));

// ---- what is kept, so that a condition that is injected would show more or less of it ----

type Seeded = { id: string; other: string; batch: string; unread: string; model: string; report: string };

async function send(server: AppServer, path: string, init: RequestInit, headers: Record<string, string>) {
  const response = await fetch(server.publicUrl + path, {
    ...init,
    redirect: "manual",
    headers: { Origin: server.publicUrl, ...headers, ...init.headers },
  });
  const text = await response.text();
  if (response.status >= 400) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
  return { response, text };
}

/** Few: sqlmap reads every page whole, thousands of times. */
const ROWS = 6;
const JSON_TYPE = { "Content-Type": "application/json" };

async function seed(server: AppServer, as: Record<string, string>): Promise<Seeded> {
  const api = async (method: string, path: string, body?: unknown) => {
    const init = { method, headers: JSON_TYPE, body: JSON.stringify(body) };
    const { text } = await send(server, `/api/v1${path}`, body === undefined ? {} : init, as);
    return JSON.parse(text);
  };
  const cases = Array.from({ length: ROWS }, (_, at) => {
    const values = SAMPLES[at % SAMPLES.length]?.values ?? [];
    return {
      measurements: Object.fromEntries(FEATURE_KEYS.map((key, f) => [key, values[f]])),
      caseCode: `case ${at}`,
    };
  });
  const { results } = await api("POST", "/predictions", { cases });
  const [id, other] = results.map(({ prediction }: { prediction: { id: string } }) => prediction.id);
  await api("PATCH", `/predictions/${id}`, { note: "a note" });
  const file = (first: string) =>
    [
      ["code", first, ...FEATURE_KEYS.slice(1), table.label].join(),
      ...SAMPLES.map(({ values }, at) => [`case ${at}`, ...values, table.classes.positive].join()),
      "case bad,not a number",
    ].join("\n");
  const upload = async (text: string, isAnswered: boolean) => {
    const init = { method: "POST", headers: { "Content-Type": "text/csv" }, body: text };
    const sent = await send(server, `/api/v1/batches?name=cases.csv`, init, as);
    const { id: batch } = JSON.parse(sent.text);
    const reach = async (wanted: string) => {
      for (let tries = 0; ; tries++) {
        const { state } = await api("GET", `/batches/${batch}`);
        if (state === wanted) return;
        if (tries > 600) throw new Error(`the batch is ${state}, and never ${wanted}`);
        await pause(100);
      }
    };
    await reach(isAnswered ? "read" : "unread");
    if (isAnswered) {
      await send(server, `/api/v1/batches/${batch}/start`, { method: "POST" }, as);
      await reach("finished");
    }
    return batch;
  };
  const batch = await upload(file(FEATURE_KEYS[0] ?? ""), true);
  const unread = await upload(file("first"), false);
  const { model } = await api("GET", "/model");
  return { id, other, batch, unread, model: model.version, report: randomUUID() };
}

// ---- the addresses ----

const history = (id: string, model: string) =>
  historyParameters({
    ...DEFAULT_HISTORY_QUERY,
    sort: "probability",
    size: 50,
    columns: FEATURE_KEYS.slice(0, 2),
    density: "compact",
    filters: {
      ...{ from: "2020-01-01", to: "2098-01-01", labels: label.options },
      ...{ probability: { min: 0, max: 1 }, sources: ["api"], model, outcome: "unknown", caution: null },
      measurements: FEATURE_KEYS.map((key) => ({ key, min: 0, max: null })),
      ...{ levels: [], text: "case" },
    },
    cursor: { towards: "next", value: 1, id },
  });

const rowsOfBatch = batchParameters({
  ...DEFAULT_BATCH_QUERY,
  ...{ view: "all", sort: "code", size: 50, columns: FEATURE_KEYS.slice(0, 2), extra: [0], wrong: true },
  probability: { min: 0, max: 1 },
  measurements: FEATURE_KEYS.map((key) => ({ key, min: 0, max: null })),
  ...{ caution: null, text: "case", cursor: { towards: "next", value: "a", row: 1 } },
});

const every = (pairs: [string, string][], ...names: string[]) =>
  writePairs(pairs.filter(([name]) => !names.includes(name)));
/** All measurements are read by the same lines, for pages and programs, and tried by programs' addresses; here two. */
const without = (pairs: [string, string][], ...names: string[]) =>
  every(pairs, ...names, ...FEATURE_KEYS.slice(2));

const json = (body: unknown) => ({ method: "POST" as const, headers: JSON_TYPE, body: JSON.stringify(body) });

/** "*" is where sqlmap puts what it tries, beside the parameters of an address and the values of a body. */
function withoutSignIn({ id, other, batch, unread, model, report }: Seeded): Target[] {
  const all = history(id, model);
  const ids = `ids=${id},${other}`;
  const of = (name: string, path: string, rest: Partial<Target> = {}): Target => ({ name, path, ...rest });
  return [
    of("history", `/history?${without(all)}`),
    of("history, one more range", `/history?measure=${FEATURE_KEYS[0]}&min=0&max=5000`),
    of("history, notice", `/history?notice=deleted&id=${id}`),
    of("find", "/find?q=case"),
    of("prediction", `/history/${id}*?in=${encodeURIComponent("text=case")}&${FEATURE_KEYS[0]}=1`),
    of("prediction as text", `/history/${id}*/text`),
    of("peek", `/history/peek?id=${id}&in=${encodeURIComponent("text=case")}`),
    of("compare", `/history/compare?${ids}`),
    of("rescore", `/history/rescore?${ids}`),
    of("delete", `/history/delete?${ids}`),
    of("selection", `/history/selection?do=compare&${ids}&all=${other}`),
    of("bin", `/history/bin?notice=restored&id=${id}`),
    of("export", `/history/export?format=csv&bom=1&separator=comma&${without(all, "sort", "cursor")}`),
    of("export by id", `/history/export?format=jsonl&${ids}`),
    of("import report", `/history/import?report=${report}&notice=too_large`),
    of("form", `/?sample=${SAMPLE?.key}&from=${id}`),
    of("form from a prediction", `/?from=${id}`),
    of("batches", `/batch?notice=deleted&id=${batch}`),
    of("batch", `/batch/${batch}?${without(rowsOfBatch)}`),
    of("batch, by its id", `/batch/${batch}*?view=all`),
    of("batch row", `/batch/${batch}*/rows/1*?in=${encodeURIComponent("view=all&text=case")}`),
    of("batch export", `/batch/${batch}*/export?format=csv`),
    of("batch bad rows", `/batch/${batch}*/bad-rows`),
    of("model", "/model?window=90"),
    of("model case", "/model/cases/40*"),
    of("classes", "/classes?a=1"),
    of("measurements", "/measurements?a=1"),
    of("path", "/path?notice=retention_saved"),
    of("health", "/api/health?a=1"),
    of("API predictions", `/api/v1/predictions?limit=1&${every(all, "size", "columns", "density")}`),
    of("API prediction", `/api/v1/predictions/${id}*`),
    of("API predict", "/api/v1/predictions", json({ measurements: MEASUREMENTS, caseCode: "new" })),
    of("API annotate", `/api/v1/predictions/${id}*`, {
      ...json({ caseCode: "case", note: "note" }),
      method: "PATCH",
    }),
    of("API outcome", `/api/v1/predictions/${id}*/outcome`, {
      ...json({ outcome: table.classes.positive }),
      method: "PUT",
    }),
    of("API delete", `/api/v1/predictions/${other}*`, { method: "DELETE" }),
    of("API mapping", `/api/v1/batches/${unread}*`, {
      ...json({
        mapping: {
          measurements: FEATURE_KEYS.map((_, at) => at + 1),
          code: 0,
          truth: {
            column: FEATURE_KEYS.length + 1,
            positive: table.classes.positive,
            negative: table.classes.negative,
          },
          decimal: ".",
        },
      }),
      method: "PATCH",
    }),
    of("API batches", "/api/v1/batches?limit=50"),
    of("API batch", `/api/v1/batches/${batch}*`),
    of(
      "API batch rows",
      `/api/v1/batches/${batch}/rows?limit=1&${every(rowsOfBatch, "size", "columns", "extra")}`,
    ),
    of("API batch row", `/api/v1/batches/${batch}*/rows/1*`),
    of("API batch results", `/api/v1/batches/${batch}*/results?format=csv`),
    of("API batch bad rows", `/api/v1/batches/${batch}*/bad-rows`),
    of("API inbox", "/api/v1/batches?name=a&start=false", json({ url: "file:./data/batches/inbox/a.csv" })),
    of("API columns", "/api/v1/columns*"),
    of("API model", "/api/v1/model*"),
    of(
      "inference",
      `/v2/models/${table.name}*/infer`,
      json({
        inputs: [{ name: "input", shape: [1, FEATURE_KEYS.length], datatype: "FP64", data: SAMPLE?.values }],
      }),
    ),
    of("headers", `/history?text=case`, {
      headers: {
        Cookie: "theme=dark*; tz=UTC*; guess-first=1*; form-key=1*; seen=1*",
        "User-Agent": "Mozilla/5.0*",
        Referer: "http://127.0.0.1/*",
        "Accept-Language": "en*",
        "X-Request-Id": "1*",
        "X-Forwarded-For": "10.0.0.1*",
        "X-Forwarded-Proto": "http*",
        "X-Forwarded-Host": "127.0.0.1*",
      },
    }),
    of("API headers", "/api/v1/predictions", {
      ...json({ measurements: MEASUREMENTS }),
      headers: {
        ...JSON_TYPE,
        "Idempotency-Key": "key*",
        "If-Match": '"1"*',
        "X-Request-Id": "1*",
        "User-Agent": "curl*",
      },
    }),
    of("import file", "/history/import/file?take=edits", {
      method: "POST",
      headers: { "Content-Type": "multipart/form-data; boundary=cut" },
      body: `--cut\r\nContent-Disposition: form-data; name="file"; filename="rows.csv"\r\nContent-Type: text/csv\r\n\r\nid,case_code,note\r\n${id},case*,note*\r\n--cut--\r\n`,
    }),
    of("batch file", "/api/v1/batches?name=cases.csv&start=true", {
      method: "POST",
      headers: { "Content-Type": "text/csv" },
      body: `code*,${FEATURE_KEYS.join()}\ncase*,${SAMPLE?.values.join()}`,
    }),
  ];
}

/** Pages whose forms are sent, as a browser without scripts sends them. */
const PAGES_WITH_FORMS = ({ id, other, unread }: Seeded) => [
  "/",
  "/history?text=case",
  `/history/${id}`,
  `/history/rescore?ids=${id}`,
  `/history/delete?ids=${other}`,
  "/history/bin",
  "/batch",
  `/batch/${unread}`,
  "/path",
];

function signedIn({ id, batch }: Seeded): Target[] {
  const of = (name: string, path: string, rest: Partial<Target> = {}): Target => ({ name, path, ...rest });
  const audit = `act=prediction_saved&who=ada&object=${id}&from=2020-01-01&to=2098-01-01`;
  return [
    of("sign-in page", "/sign-in?next=%2Fhistory&problem=provider", { headers: { Cookie: "" } }),
    of("second factor page", "/sign-in/second?next=%2Fhistory", { headers: { Cookie: "" } }),
    of("set-up page", "/set-up?token=abc", { headers: { Cookie: "" } }),
    of("audit", `/audit?${audit}`),
    of("audit, a place in it", "/audit?cursor=older-100"),
    of("audit export", `/audit/export?format=csv&${audit}`),
    of("people", "/people?a=1"),
    of("account", "/account?a=1"),
    of("provider's answer", "/api/auth/callback/oidc?code=1&state=1", { headers: { Cookie: "" } }),
    of(
      "passkey",
      "/api/auth/passkey/verify-authentication",
      json({ response: { id: "1", rawId: "1", type: "public-key", response: { signature: "1" } } }),
    ),
    of("key as bearer", "/api/v1/predictions", {
      headers: { Cookie: "", Authorization: `Bearer ${words.app.slug}_abc*` },
    }),
    of("key of its own header", "/api/v1/predictions", { headers: { Cookie: "", "X-Api-Key": "abc*" } }),
    of("session", "/history?text=case", { headers: { Cookie: "*" } }),
    of("history, signed in", `/history?text=case&sort=probability`),
    of("batch, signed in", `/batch/${batch}?view=all&text=case`),
  ];
}

// ---- forms ----

const decoded = (text: string) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
const attribute = (tag: string, name: string) => {
  const found = new RegExp(` ${name}(?:="([^"]*)")?(?=[ />])`).exec(tag);
  return found === null ? null : decoded(found[1] ?? "");
};

/** What is typed where a page's form has nothing yet. */
const TYPED: Record<string, string> = {
  ...{ email: "ada@example.org", password: "four words of no sense", next: "five words of no sense" },
  ...{ name: "Name", code: "123456", days: "30", caseCode: "case", note: "note", text: "case" },
  ...Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, String(SAMPLE?.values[at])])),
};
/** A form that names a row of people's is sent for one that is not there: the first request would take ours away. */
const NOBODY = new Set(["id", "user"]);

/** The same form is on many a page. */
const formsTried = new Set<string>();
/**
 * All measurements are read by the same lines, and tried where programs send them; here two. What React puts into a form itself
 * Next reads, and answers with 500 where it is malformed.
 */
const OWN_FIELDS = `--param-exclude=^MULTIPART (\\$ACTION_|(${FEATURE_KEYS.slice(2).join("|")})$)`;
/** sqlmap would send the form to where its answer leads, and again, until it calls that no connection. */
const FORM_OPTIONS = [OWN_FIELDS, "--ignore-redirects"];

/** The forms of a page that are posted to itself, each once by what it is and has. */
async function formsOf(server: AppServer, path: string, as: Record<string, string>): Promise<Target[]> {
  const { text: html } = await send(server, path, {}, as);
  const found: Target[] = [];
  for (const [, tag = "", inner = ""] of html.matchAll(/(<form[^>]*>)(.*?)<\/form>/gs)) {
    if (attribute(tag, "method")?.toLowerCase() !== "post") continue;
    const action = attribute(tag, "action") || path;
    const fields: [string, string][] = [];
    let isSent = false;
    for (const [one] of inner.matchAll(/<(?:input|textarea|select|button)[^>]*>/g)) {
      const name = attribute(one, "name");
      const isButton = one.startsWith("<button");
      if (name === null || attribute(one, "type") === "file" || (isButton && isSent)) continue;
      if (isButton) isSent = true;
      const given = attribute(one, "value") ?? "";
      const option = /<option[^>]* value="([^"]*)"/.exec(inner.slice(inner.indexOf(one)))?.[1] ?? "";
      // Into a part without a value sqlmap writes so that the whole body is malformed: hence 1.
      const isRow = NOBODY.has(name) && path !== "/history" && as.Cookie !== undefined;
      const value = isRow
        ? randomUUID()
        : given || TYPED[name] || (one.startsWith("<select") && option) || "1";
      fields.push([name, value]);
    }
    const names = fields.map(([name]) => name);
    const own = names.filter((name) => !name.startsWith("$"));
    if (own.length === 0) continue;
    const what = `${action === path ? "" : action} ${names.filter((name) => !/^\$ACTION_(?:REF|KEY)/.test(name)).join(" ")}`;
    if (formsTried.has(what)) continue;
    formsTried.add(what);
    const name =
      `form of ${path.replaceAll(/[0-9a-f-]{36}/g, "ID").replace(/token=.*/, "token")}: ${own.join(" ")}`.slice(
        0,
        120,
      );
    const isUrlEncoded =
      attribute(tag, "enctype") !== "multipart/form-data" && !names.some((n) => n[0] === "$");
    found.push({
      name,
      options: FORM_OPTIONS,
      path: action,
      method: "POST",
      headers: {
        "Content-Type": isUrlEncoded
          ? "application/x-www-form-urlencoded"
          : "multipart/form-data; boundary=cut",
      },
      body: isUrlEncoded
        ? new URLSearchParams(fields).toString()
        : `${fields.map(([name, value]) => `--cut\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join("")}--cut--\r\n`,
    });
  }
  return found;
}

// ---- one run of sqlmap ----

const FOUND = /sqlmap identified the following injection point|is vulnerable|is injectable with/;
const NOTHING = "all tested parameters do not appear to be injectable";

/** What sqlmap says of an address, on a server that listens at `url`. */
async function tryTo(url: string, target: Target, as: Record<string, string>): Promise<string> {
  const { method = "GET", path, headers, body, options = [], name } = target;
  const { host } = new URL(url);
  const lines = { Host: host, Origin: `http://${host}`, ...as, ...headers };
  const own = mkdtempSync(join(folder, "target-"));
  const request = join(own, "request.txt");
  const head = Object.entries(lines).flatMap(([key, value]) =>
    value === "" ? [] : [`${key}: ${value}\r\n`],
  );
  writeFileSync(request, `${method} ${path} HTTP/1.1\r\n${head.join("")}\r\n${body ?? ""}`);
  const args = ["-r", request, `--output-dir=${own}`, ...OPTIONS, WITHOUT_HEADERS, "--ignore-code=401"];
  const dbms = TEST_DATABASE === "postgresql" ? "PostgreSQL" : "SQLite";
  const child = spawn("sqlmap", [...args, `--dbms=${dbms}`, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  await once(child, "exit");
  running.delete(child);
  writeFileSync(join(folder, `${name.replaceAll(/\W+/g, "-")}.txt`), said);
  return said;
}

async function tryAll(server: AppServer, targets: readonly Target[], as: Record<string, string>) {
  const seen = await inWords(server);
  const left = targets.filter(({ name }) => chosen.length === 0 || chosen.some((one) => name.includes(one)));
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let target = left.shift(); target !== undefined; target = left.shift()) {
        const started = performance.now();
        const said = await tryTo(seen.url, target, as);
        const isFound = FOUND.test(said);
        const isTried = said.includes(NOTHING);
        const seconds = Math.round((performance.now() - started) / 1000);
        console.log(`${isFound ? "FOUND" : isTried ? "nothing" : "NOT TRIED"}  ${seconds} s  ${target.name}`);
        if (isFound) problems.push(`found: ${target.name}`);
        else if (!isTried)
          problems.push(`not tried: ${target.name}: ${said.trim().split("\n").slice(-4).join(" ")}`);
      }
    }),
  );
  seen.end();
}

/** Of an answer that the provider did not give, better-auth says so as an error. */
const EXPECTED = new Set(["sign_in_failed"]);

/** What the server's log says of the requests; what went wrong is a problem. */
function readLog({ log, url }: AppServer): void {
  writeFileSync(join(folder, `server-${new URL(url).port}.log`), log);
  const statuses = new Map<number, number>();
  const wrong = new Map<string, number>();
  let slowest = { ms: 0, path: "" };
  for (const line of log.split("\n")) {
    if (!line.startsWith("{")) continue;
    const { level, event, status, path, method, ms, cause } = JSON.parse(line);
    if (event === "request") {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (ms > slowest.ms) slowest = { ms, path };
      if (status < 500) continue;
    } else if (level !== "error" || EXPECTED.has(event)) continue;
    const what =
      event === "request"
        ? `${status} ${method} ${String(path)
            .replaceAll(/[0-9a-f-]{36}/g, "ID")
            .slice(0, 60)}`
        : `${event}: ${String(cause).slice(0, 300)}`;
    wrong.set(what, (wrong.get(what) ?? 0) + 1);
  }
  const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  const each = [...statuses].sort().map(([status, count]) => `${status}: ${count}`);
  console.log(`${total} requests (${each.join(", ")}), the slowest ${slowest.ms} ms (${slowest.path})`);
  for (const [what, count] of wrong) problems.push(`${count} times in the log: ${what}`);
}

// ---- the server as sqlmap sees it ----

const NOT_READ = /<(script|style|svg|head)\b.*?<\/\1>|<[^>]*>/gs;

/**
 * Stands before a server and gives of its pages what people read: sqlmap compares thousands of them, and would take a second
 * for two where each script has another nonce.
 */
async function inWords(server: AppServer): Promise<{ url: string; end: () => void }> {
  const { port: to } = new URL(server.url);
  const words = createServer(async (request, response) => {
    const { method, url: path = "", headers } = request;
    await renewals.get(path)?.();
    const asked = httpRequest({ host: "127.0.0.1", port: to, method, path, headers }, async (answer) => {
      const { "content-length": _, "transfer-encoding": __, ...others } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, others);
      const text = await readText(answer).catch(() => "");
      const isPage = answer.headers["content-type"]?.startsWith("text/html") === true;
      // Of an answer without a body sqlmap would say that it is none.
      response.end((isPage ? text.replace(NOT_READ, " ") : text) || `status ${answer.statusCode}`);
    });
    asked.on("error", () => response.destroy());
    request.pipe(asked);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => words.listen(port, "127.0.0.1", resolve));
  return { url: `http://localhost:${port}`, end: () => words.close() };
}

// ---- what has to be found ----

/** The same database behind a page that is open on purpose: where sqlmap finds nothing there, it would find nothing at all. */
async function tryOpenPage(databaseUrl: string): Promise<void> {
  const page = createServer(async (request, response) => {
    const text = new URL(request.url ?? "", "http://localhost").searchParams.get("text");
    const rows = await askDatabase(databaseUrl, `SELECT * FROM annotation WHERE case_code = '${text}'`).catch(
      () => [],
    );
    response.setHeader("Content-Type", "text/html");
    // Of several statements at once PostgreSQL's driver gives several answers, and so none here.
    const isFound = (rows ?? []).length > 0;
    response.end(`<p>${isFound ? "There are some." : "Nothing was found."}</p>`);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => page.listen(port, "127.0.0.1", resolve));
  const said = await tryTo(
    `http://127.0.0.1:${port}`,
    { name: "open on purpose", path: "/?text=case+1" },
    {},
  );
  page.close();
  console.log(`${FOUND.test(said) ? "found" : "NOT FOUND"}  open on purpose`);
  if (!FOUND.test(said)) problems.push("not found: what is open on purpose");
}

// ---- links ----

/** What is done before each request of an address: a link is for one person, once. */
const renewals = new Map<string, () => Promise<unknown>>();

/** Makes a link that makes a person, and one that sets a password anew, and gives their pages. */
async function links(databaseUrl: string): Promise<string[]> {
  const ask = <Row extends object>(statement: string) => askDatabase<Row>(databaseUrl, statement);
  await addPerson(databaseUrl, { role: "viewer" });
  const [viewer] = await ask<{ id: string }>("SELECT user_id AS id FROM member WHERE role = 'viewer'");
  const at = (days: number) => timeText(new Date(Date.now() + days * 86_400_000));
  return Promise.all(
    ["NULL", `'${viewer?.id}'`].map(async (user) => {
      const [id, token] = [randomUUID(), randomBytes(32).toString("base64url")];
      const hash = createHash("sha256").update(token).digest("hex");
      await ask(`INSERT INTO invitation (id, token_hash, team_id, role, user_id, created_at, expires_at)
        VALUES ('${id}', '${hash}', 'home', 'viewer', ${user}, '${at(0)}', '${at(1)}')`);
      const path = `/set-up?token=${token}`;
      renewals.set(path, async () => {
        if (user === "NULL") await ask(`DELETE FROM person WHERE email = '${TYPED.email}'`);
        await ask(`UPDATE invitation SET used_at = NULL WHERE id = '${id}'`);
      });
      return path;
    }),
  );
}

// ---- both servers ----

const settings = { LOG_REQUESTS: "1", WEB_PROCESSES: "1" };

{
  const database = createThrowawayDatabase();
  const server = await AppServer.start(database.url, settings);
  running.add(server.process);
  const seeded = await seed(server, {});
  const forms = (await Promise.all(PAGES_WITH_FORMS(seeded).map((path) => formsOf(server, path, {})))).flat();
  await tryOpenPage(database.url);
  await tryAll(server, [...withoutSignIn(seeded), ...forms], {});
  readLog(server);
  running.delete(server.process);
  await server.stop();
  database.remove();
}
{
  const database = createThrowawayDatabase();
  // The limits are there to stop this.
  const server = await AppServer.start(database.url, {
    ...settings,
    ...{ ...SIGN_IN, RATE_LIMIT_FACTOR: "1000", WEB_PROCESSES: "2" },
  });
  running.add(server.process);
  await addTeam(database.url, "home");
  const ada = await addPerson(database.url, { role: "administrator" });
  const seeded = await seed(server, ada);
  const open = async (path: string) => formsOf(server, path, {});
  const own = async (path: string) => formsOf(server, path, ada);
  const forms = [
    ...(await Promise.all(["/sign-in", "/sign-in/second", ...(await links(database.url))].map(open)))
      .flat()
      .map((target) => ({ ...target, headers: { ...target.headers, Cookie: "" } })),
    ...(await Promise.all(["/account", "/people", "/audit"].map(own))).flat(),
  ];
  // Tries to sign in are counted by nothing that a setting raises.
  const forgetting = setInterval(
    () => void askDatabase(database.url, "DELETE FROM rate_limit").catch(() => {}),
    250,
  );
  await tryAll(server, [...signedIn(seeded), ...forms], ada);
  clearInterval(forgetting);
  readLog(server);
  running.delete(server.process);
  await server.stop();
  database.remove();
}

for (const problem of problems) console.log(problem);
console.log(`What sqlmap said is in ${folder}`);
stopDatabases();
process.exit(problems.length > 0 ? 1 : 0);
