import { frameworkScripts, pageScripts, totalBytes } from "../client-scripts";
import { formatKilobytes, type Section } from "../report";
import type { Workshop } from "../servers";

/** Bytes after gzip that each page may load beyond an empty page's. */
const PAGES = [
  { path: "/", allowed: 60_000 },
  { path: "/history", allowed: 25_000 },
  { path: "/model", allowed: 25_000 },
  { path: "/path", allowed: 25_000 },
  { path: "/history/import", allowed: 25_000 },
  // Has the layout and its controls, and nothing else.
  { path: "/no-such-page", allowed: null },
] as const;

/** What a browser has to load of JavaScript. */
export async function measureClientJavaScript(shop: Workshop): Promise<Section> {
  const app = await shop.startApp(shop.createDatabase());
  const framework = totalBytes(frameworkScripts());
  const measured = await Promise.all(
    PAGES.map(async ({ path, allowed }) => {
      const bytes = totalBytes(await pageScripts(app.port, path));
      return { path, bytes, own: bytes - framework, allowed };
    }),
  );
  await app.stop();
  return {
    title: "Client JavaScript, gzip",
    header: ["", "all", "beyond the empty page", "allowed"],
    rows: [
      ["an empty page of this build", formatKilobytes(framework), "", ""],
      ...measured.map(({ path, bytes, own, allowed }) => [
        path,
        formatKilobytes(bytes),
        formatKilobytes(own),
        allowed === null ? "" : `${formatKilobytes(allowed)} ${own <= allowed ? "met" : "NOT MET"}`,
      ]),
    ],
    notes: ["The plain Node and Django pages have none. The empty page: the one Next prerenders for errors."],
    data: { frameworkBytes: framework, pages: measured },
    errors: [],
  };
}
