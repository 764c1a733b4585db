import { performance } from "node:perf_hooks";
import Database from "better-sqlite3";
import { predictForm } from "../../lib/predict/submitted-form";
import { type Case, takeTurns } from "../cases";
import { alternate, type Contestant, type Result } from "../load";
import { model, predictAll } from "../model";
import { createInserter, makeDurable, newFormKey } from "../prediction-row";
import {
  formatMs,
  generatorNotes,
  LOAD_HEADER,
  loadRows,
  rateRatio,
  type Section,
  summarize,
} from "../report";
import { apiPredict, appPredict, djangoPredict, findActionId, plainPredict } from "../requests";
import type { DjangoSetup, GunicornKind, Server, Workshop } from "../servers";
import { median } from "../statistics";

const CONNECTIONS = 8;
const WARM_UP = 8000;
const WANTED_RATIO = 2;
/** How many times the rate of the better Django peer, and of the plain server, the API should reach. */
const WANTED_OF_API = { django: 3, plain: 0.7 };

type Entry = { contestant: Contestant; server: Server; database: string; table: string; tuned?: boolean };

/** Predict and save: every answer checked, every row counted afterwards. */
export async function measurePredict(
  shop: Workshop,
  django: DjangoSetup | null,
  cases: readonly Case[],
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<Section> {
  const entries = [await enterApp(shop, cases), await enterApi(shop, cases), await enterPlain(shop, cases)];
  const gateway = django === null ? null : await shop.startGateway();
  if (django !== null && gateway !== null) entries.push(...(await enterDjango(shop, django, gateway, cases)));

  const results = await alternate(
    entries.map(({ contestant }) => contestant),
    { connections: CONNECTIONS, rounds, seconds, warmUp: WARM_UP },
  );
  await Promise.all(entries.map(({ server }) => server.stop()));
  await gateway?.stop();

  const miscounted = entries.flatMap(({ contestant, database, table }, index) => {
    const { answered = 0, errors = [] } = results[index] ?? {};
    const saved = countRows(database, table);
    return errors.length === 0 && saved !== answered
      ? [`${contestant.name}: ${answered} answers, but ${saved} rows in the database`]
      : [];
  });
  const costs = await measureCosts(shop.createDatabase(), cases);
  const [app, api, plain, ...peers] = results as [Result, Result, Result, ...Result[]];
  const best = bestOf(peers, entries, false);
  const bestTuned = bestOf(peers, entries, true);
  const ratio = best === null ? null : rateRatio(app, best);
  const ofApi = {
    django: best === null ? null : rateRatio(api, best),
    plain: rateRatio(api, plain),
  };
  return {
    title: `Predict and save, ${CONNECTIONS} connections`,
    header: LOAD_HEADER,
    rows: loadRows(results),
    notes: [
      ...(best === null || ratio === null
        ? []
        : [
            `x ${ratio.toFixed(2)} of the better Django peer (${best.name}); wanted: at least x ${WANTED_RATIO}: ${
              ratio >= WANTED_RATIO ? "met" : "NOT MET"
            }.`,
          ]),
      describeApi(ofApi),
      describeCosts(summarize(app), costs),
      ...generatorNotes(results),
    ],
    data: {
      contestants: results.map(summarize),
      ratioToBetterDjango: ratio,
      apiRatios: ofApi,
      ratioToTunedDjango: bestTuned === null ? null : rateRatio(app, bestTuned),
      costsInMicroseconds: costs,
    },
    errors: [...results.flatMap(({ errors }) => errors), ...miscounted],
  };
}

async function enterApp(shop: Workshop, cases: readonly Case[]): Promise<Entry> {
  const database = shop.createDatabase();
  const server = await shop.startApp(database);
  const actionId = findActionId("app/actions.ts", "predict");
  const turn = takeTurns(cases);
  const next = () => appPredict(server.port, actionId, turn);
  return { contestant: { name: "Cytodesk", ...server, next }, server, database, table: "prediction" };
}

async function enterApi(shop: Workshop, cases: readonly Case[]): Promise<Entry> {
  const database = shop.createDatabase();
  const server = await shop.startApp(database);
  const turn = takeTurns(cases);
  const contestant = { name: "POST /api/v1/predictions", ...server, next: () => apiPredict(turn) };
  return { contestant, server, database, table: "prediction" };
}

async function enterPlain(shop: Workshop, cases: readonly Case[]): Promise<Entry> {
  const database = shop.createDatabase();
  const server = await shop.startPlain(database);
  const turn = takeTurns(cases);
  const contestant = { name: "plain Node, the same work", ...server, next: () => plainPredict(turn) };
  return { contestant, server, database, table: "prediction" };
}

async function enterDjango(
  shop: Workshop,
  django: DjangoSetup,
  gateway: Server,
  cases: readonly Case[],
): Promise<Entry[]> {
  const entries: Entry[] = [];
  const enter = async (name: string, start: (database: string) => Promise<Server>, tuned = false) => {
    const database = shop.createDjangoDatabase(django);
    const server = await start(database);
    const turn = takeTurns(cases);
    const contestant = { name: `Django, ${name}`, ...server, next: () => djangoPredict(turn) };
    entries.push({ contestant, server, database, table: "peer_prediction", tuned });
  };
  await enter("runserver", (database) => shop.startRunserver(django, database, gateway));
  if (django.gunicorn !== null) {
    const gunicorn = (kind: GunicornKind, wal: boolean) => (database: string) =>
      shop.startGunicorn(django, kind, database, { gateway, wal });
    await enter("gunicorn 2 sync workers", gunicorn("2 sync workers", false));
    await enter("gunicorn 2 workers x 4 threads", gunicorn("2 workers x 4 threads", false));
    // Not what Django does by itself: how much of the difference is SQLite's journal, and not the rest.
    await enter("gunicorn 2 sync workers, WAL", gunicorn("2 sync workers", true), true);
  }
  return entries;
}

/** Behind the application, its API and the plain server. */
const FIRST_PEER = 3;

function bestOf(peers: readonly Result[], entries: readonly Entry[], tuned: boolean): Result | null {
  const eligible = peers.filter((_, index) => {
    const entry = entries[index + FIRST_PEER];
    return entry?.table === "peer_prediction" && (tuned || entry.tuned !== true);
  });
  const rate = (result: Result) => summarize(result).perSecond;
  return eligible.reduce<Result | null>(
    (best, peer) => (best === null || rate(peer) > rate(best) ? peer : best),
    null,
  );
}

function countRows(path: string, table: string): number {
  const database = new Database(path, { readonly: true });
  const { count } = database.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number };
  database.close();
  return count;
}

function describeApi(ratios: { [peer in keyof typeof WANTED_OF_API]: number | null }): string {
  const told = (["django", "plain"] as const).flatMap((peer) => {
    const ratio = ratios[peer];
    if (ratio === null) return [];
    const wanted = WANTED_OF_API[peer];
    const name = peer === "django" ? "the better Django peer" : "the plain server";
    return [
      `x ${ratio.toFixed(2)} of ${name}, wanted at least x ${wanted}: ${ratio >= wanted ? "met" : "NOT MET"}`,
    ];
  });
  return `POST /api/v1/predictions: ${told.join("; ")}.`;
}

type Costs = { readAndCheck: number; model: number; insert: number };

/** Microseconds that the parts of one saved prediction take by themselves, in this process. */
async function measureCosts(path: string, cases: readonly Case[]): Promise<Costs> {
  const database = new Database(path);
  makeDurable(database);
  const insert = createInserter(database, model);
  const spent: { [part in keyof Costs]: number[] } = { readAndCheck: [], model: [], insert: [] };
  for (const { texts } of cases) {
    const body = JSON.stringify([{ key: newFormKey(), values: texts }]);
    const begun = performance.now();
    const { key, values: measurements } = predictForm.parse((JSON.parse(body) as unknown[])[0]);
    const checked = performance.now();
    const values = Object.values(measurements);
    const [prediction] = await predictAll([values]);
    if (prediction === undefined) throw new Error("no prediction");
    const predicted = performance.now();
    insert({ formKey: key, values, prediction, latencyMs: 1 });
    const saved = performance.now();
    spent.readAndCheck.push((checked - begun) * 1000);
    spent.model.push((predicted - checked) * 1000);
    spent.insert.push((saved - predicted) * 1000);
  }
  database.close();
  return {
    readAndCheck: median(spent.readAndCheck),
    model: median(spent.model),
    insert: median(spent.insert),
  };
}

function describeCosts(app: { perSecond: number }, { readAndCheck, model, insert }: Costs): string {
  const totalMs = 1000 / app.perSecond;
  const restMs = totalMs - (readAndCheck + model) / 1000;
  const share = Math.round((100 * restMs) / totalMs);
  return `What dominates: of ${formatMs(totalMs)} ms per saved prediction, reading and checking the form takes ${readAndCheck.toFixed(0)} µs and the model ${model.toFixed(0)} µs; the rest, ${formatMs(restMs)} ms or ${share} %, is Next's request and action handling and React's encoding. INSERT and sync, ${insert.toFixed(0)} µs for one row alone, are done meanwhile by a thread, for several rows at once.`;
}
