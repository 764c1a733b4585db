import { gzipSync } from "node:zlib";
import type { Case } from "../cases";
import { alternate, type Contestant, exchange, type Result } from "../load";
import { formatKilobytes, formatMs, rateRatio, type Section, summarize } from "../report";
import { page } from "../requests";
import { seedDjango, seedPredictions } from "../seed";
import type { DjangoSetup, Server, Workshop } from "../servers";

const WANTED_RATIO = 1.5;
const DJANGO_LIMIT_MS = 15_000;

/** The history's first page at several numbers of rows, one request at a time. */
export async function measureHistory(
  shop: Workshop,
  django: DjangoSetup | null,
  cases: readonly Case[],
  { seconds, rounds, sizes, log }: HistoryOptions,
): Promise<Section> {
  const ours: Contestant[] = [];
  const plain: Contestant[] = [];
  const servers: Server[] = [];
  for (const size of sizes) {
    const database = shop.createDatabase();
    log(`seeding ${count(size)} rows`);
    await seedPredictions(database, size, cases);
    const app = await shop.startApp(database);
    const limit = await shop.startPlain(database);
    servers.push(app, limit);
    const next = () => page("/history", ["<table", "</html>"]);
    ours.push({ name: `Cytodesk, ${count(size)} rows`, ...app, next });
    plain.push({
      name: `plain Node, ${count(size)} rows`,
      ...limit,
      next: () => page("/history", ["</table>"]),
    });
  }
  log("history pages");
  const plan = { connections: 1, rounds, seconds, warmUp: 300 };
  const results = await alternate([...ours, ...plain], plan);
  const sizesOfHtml = await Promise.all([...ours, ...plain].map(({ port }) => htmlSize(port, "/history")));
  await Promise.all(servers.map((server) => server.stop()));

  const measured = results.map((result, index) => row(result, sizesOfHtml[index]));
  const djangoList = django === null ? [] : await measureDjangoList(shop, django, cases, sizes, log);
  const [first, last] = [results[0], results[ours.length - 1]] as [Result, Result];
  const growth = summarize(last).p50Ms / summarize(first).p50Ms;
  const smallest = sizes[0] ?? 0;
  const largest = sizes.at(-1) ?? 0;
  return {
    title: "History, first page, one connection",
    header: ["", "p50 ms", "p95 ms", "server CPU ms", "HTML", "gzip", "errors"],
    rows: [...measured, ...djangoList.map((entry) => entry.row)],
    notes: [
      ...(sizes.length < 2
        ? []
        : [
            `${count(largest)} rows take x ${growth.toFixed(2)} the time of ${count(smallest)} (wanted: at most x ${WANTED_RATIO}): ${
              growth <= WANTED_RATIO ? "met" : "NOT MET"
            }. By rounds side by side: x ${(1 / rateRatio(last, first)).toFixed(2)}.`,
          ]),
      ...djangoList.flatMap(({ note }) => note ?? []),
    ],
    data: {
      contestants: results.map((result, index) => ({ ...summarize(result), html: sizesOfHtml[index] })),
      growth,
      djangoList: djangoList.map(({ data }) => data),
    },
    errors: [...results, ...djangoList.flatMap(({ result }) => result ?? [])].flatMap(({ errors }) => errors),
  };
}

export type HistoryOptions = {
  seconds: number;
  rounds: number;
  sizes: readonly number[];
  log: (text: string) => void;
};

type HtmlSize = { bytes: number; gzipBytes: number };

async function htmlSize(port: number, path: string): Promise<HtmlSize> {
  const { body } = await exchange(port, false, { method: "GET", path });
  return { bytes: body.length, gzipBytes: gzipSync(body).length };
}

function row(result: Result, html: HtmlSize | undefined): string[] {
  const { name, p50Ms, p95Ms, serverMsPerRequest, errors } = summarize(result);
  return [
    name,
    formatMs(p50Ms),
    formatMs(p95Ms),
    serverMsPerRequest === null ? "-" : formatMs(serverMsPerRequest),
    html === undefined ? "-" : formatKilobytes(html.bytes),
    html === undefined ? "-" : formatKilobytes(html.gzipBytes),
    String(errors),
  ];
}

type DjangoList = { row: string[]; note?: string; result?: Result; data: unknown };

/** Django's list of all rows, from the smallest; a size that would take too long is left out and said so. */
async function measureDjangoList(
  shop: Workshop,
  django: DjangoSetup,
  cases: readonly Case[],
  sizes: readonly number[],
  log: (text: string) => void,
): Promise<DjangoList[]> {
  const lists: DjangoList[] = [];
  let msPerRow = 0;
  for (const size of sizes) {
    const name = `Django list of all, ${count(size)} rows`;
    if (msPerRow * size > DJANGO_LIMIT_MS) {
      const seconds = Math.round((msPerRow * size) / 1000);
      const note = `${name}: not run; from the smaller ones, about ${seconds} s a page.`;
      lists.push({ row: [name, "not run"], note, data: { name, estimatedSeconds: seconds } });
      continue;
    }
    log(name);
    const database = shop.createDjangoDatabase(django);
    seedDjango(database, size, cases);
    const server =
      django.gunicorn === null
        ? await shop.startRunserver(django, database)
        : await shop.startGunicorn(django, "2 sync workers", database);
    const next = () => page("/list", ["</table>"]);
    const plan = { connections: 1, rounds: 3, seconds: 0.3, warmUp: 1 };
    const [result] = (await alternate([{ name, ...server, next }], plan)) as [Result];
    const html = await htmlSize(server.port, "/list");
    await server.stop();
    msPerRow = summarize(result).p50Ms / size;
    lists.push({ row: row(result, html), result, data: { ...summarize(result), html } });
  }
  return lists;
}

const count = (rows: number) => rows.toLocaleString("en");
