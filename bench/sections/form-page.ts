import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { alternate, type Contestant, exchange } from "../load";
import { generatorNotes, LOAD_HEADER, loadRows, type Section, summarize } from "../report";
import { FORM_FIELDS, page } from "../requests";
import type { DjangoSetup, Workshop } from "../servers";

const CONNECTIONS = 8;
const WARM_UP = 600;

/** Form pages a second. */
export async function measureFormPage(
  shop: Workshop,
  django: DjangoSetup | null,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<Section> {
  const app = await shop.startApp(shop.createDatabase());
  const { body } = await exchange(app.port, false, { method: "GET", path: "/" });
  const html = join(shop.folder, "form.html");
  writeFileSync(html, body);
  const plain = await shop.startPlain(shop.createDatabase(), html);
  const form = () => page("/", FORM_FIELDS);
  const contestants: Contestant[] = [
    { name: "Cytodesk", ...app, next: form },
    { name: "plain Node, the same HTML", ...plain, next: form },
  ];
  const servers = [app, plain];
  if (django !== null) {
    const database = shop.createDjangoDatabase(django);
    const runserver = await shop.startRunserver(django, database);
    servers.push(runserver);
    contestants.push({ name: "Django, runserver", ...runserver, next: form });
    if (django.gunicorn !== null) {
      const gunicorn = await shop.startGunicorn(django, "2 sync workers", database);
      servers.push(gunicorn);
      contestants.push({ name: "Django, gunicorn 2 sync workers", ...gunicorn, next: form });
    }
  }
  const results = await alternate(contestants, {
    connections: CONNECTIONS,
    rounds,
    seconds,
    warmUp: WARM_UP,
  });
  await Promise.all(servers.map((server) => server.stop()));
  return {
    title: `Form page, ${CONNECTIONS} connections`,
    header: LOAD_HEADER,
    rows: loadRows(results),
    notes: [`The application's page is ${body.length} bytes of HTML.`, ...generatorNotes(results)],
    data: { htmlBytes: body.length, contestants: results.map(summarize) },
    errors: results.flatMap(({ errors }) => errors),
  };
}
