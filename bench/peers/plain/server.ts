import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Database from "better-sqlite3";
import { predictForm } from "../../../lib/predict/submitted-form";
import { FEATURE_KEYS } from "../../../tables/current";
import { model, predictAll } from "../../model";
import { createInserter, makeDurable } from "../../prediction-row";

/**
 * The limit: what this machine's Node can do at best for the same work. The same schema, model, statement and
 * durability as the application, and nothing else: no framework, no checks of who asks, no headers.
 * Environment: PORT, DATABASE (a path), FORM_HTML (the file that is the form page; optional).
 */

const { PORT, DATABASE = "", FORM_HTML } = process.env;

const database = new Database(DATABASE);
makeDurable(database);
const insert = createInserter(database, model);
const selectPage = database.prepare(`
  SELECT id, created_at, diagnosis, probability, radius_mean, texture_mean, perimeter_mean, model_version
  FROM prediction WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 26`);
const countSome = database.prepare(
  "SELECT count(*) AS count FROM (SELECT 1 FROM prediction WHERE deleted_at IS NULL LIMIT 10001) AS some",
);
const form = FORM_HTML === undefined ? "" : readFileSync(FORM_HTML);

async function predict(incoming: IncomingMessage): Promise<object> {
  let body = "";
  for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
  const started = performance.now();
  const [{ key, values: measurements }] = [predictForm.parse((JSON.parse(body) as unknown[])[0])];
  const values = FEATURE_KEYS.map((feature) => measurements[feature]);
  const [prediction] = await predictAll([values]);
  if (prediction === undefined) throw new Error("no prediction");
  const saved = insert({ formKey: key, values, prediction, latencyMs: performance.now() - started });
  return { ok: true, value: { ...saved, ...prediction, model, values } };
}

function history(): string {
  const rows = selectPage.raw().all() as (string | number)[][];
  const { count } = countSome.get() as { count: number };
  const cells = rows.slice(0, 25).map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`);
  return `<!DOCTYPE html><title>History</title><p>${count} predictions</p><table>${cells.join("\n")}</table>`;
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (incoming.method === "POST") {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(await predict(incoming)));
    } else {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(incoming.url === "/history" ? history() : form);
    }
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}

createServer((incoming, response) => void answer(incoming, response)).listen(Number(PORT), "127.0.0.1");
