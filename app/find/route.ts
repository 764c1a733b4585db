import type { Found } from "@/lib/history/found";
import { parseHistoryQuery } from "@/lib/history/query";
import { formatTime } from "@/lib/locale";
import { answerOf } from "@/lib/prediction/words";
import { listPredictions } from "@/lib/server/history/history";
import { listViews } from "@/lib/server/history/saved-views";
import { findCaseCodes } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";
import { sayPlainly } from "@/lib/server/plain-answer";

const MOST = 6;

/** Cases and saved views for the command menu: those whose code, note or name has the text `q` of the address in it. */
export async function GET(request: Request): Promise<Response> {
  const text = new URL(request.url).searchParams.get("q")?.trim() ?? "";
  const query = parseHistoryQuery(text === "" ? {} : { text });
  if (!query.ok) return sayPlainly(400, query.error.message);
  const [page, views] = await Promise.all([listPredictions(query.value), listViews()]);
  if (!page.ok || !views.ok) return sayPlainly(503, "The history cannot be read at the moment.");
  const rows = page.value.rows.slice(0, MOST);
  const codes = await findCaseCodes(rows.map(({ id }) => id));
  if (!codes.ok) return sayPlainly(503, "The history cannot be read at the moment.");
  const locale = await readLocale();
  const found: Found = {
    cases: rows.map(({ id, createdAt, label, diagnosis }) => ({
      id,
      code: codes.value.get(id) ?? null,
      answer: answerOf(label ?? diagnosis),
      at: formatTime(createdAt, locale),
    })),
    views: views.value
      .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
      .slice(0, MOST)
      .map(({ id, name, query: view }) => ({
        id,
        name,
        href: view === "" ? "/history" : `/history?${view}`,
      })),
  };
  return Response.json(found, { headers: { "cache-control": "no-store" } });
}
