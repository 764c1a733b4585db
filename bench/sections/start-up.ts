import type { Section } from "../report";
import { formatMs } from "../report";
import type { DjangoSetup, Server, Workshop } from "../servers";
import { median } from "../statistics";

/** From starting the process to the first page, with everything built. */
export async function measureStartUp(
  shop: Workshop,
  django: DjangoSetup | null,
  { rounds }: { rounds: number },
): Promise<Section> {
  const database = shop.createDatabase();
  const starts: [name: string, start: () => Promise<Server>][] = [
    ["Cytodesk", () => shop.startApp(database)],
    ["plain Node", () => shop.startPlain(database)],
  ];
  if (django !== null) {
    const djangoDatabase = shop.createDjangoDatabase(django);
    starts.push(["Django, runserver", () => shop.startRunserver(django, djangoDatabase)]);
    if (django.gunicorn !== null) {
      starts.push([
        "Django, gunicorn 2 sync workers",
        () => shop.startGunicorn(django, "2 sync workers", djangoDatabase),
      ]);
    }
  }
  const times = new Map<string, number[]>(starts.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, start] of starts) {
      const server = await start();
      times.get(name)?.push(server.startMs);
      await server.stop();
    }
  }
  const medians = starts.map(([name]) => ({ name, ms: median(times.get(name) ?? []) }));
  return {
    title: "Start-up to the first 200 of the form page",
    header: ["", "ms"],
    rows: medians.map(({ name, ms }) => [name, formatMs(ms)]),
    notes: [],
    data: { contestants: medians },
    errors: [],
  };
}
