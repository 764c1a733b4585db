import { readKept } from "@/lib/server/metrics/kept";
import { metricsText } from "@/lib/server/metrics/metrics";
import { mayReadMetrics } from "@/lib/server/metrics/reader";
import { sayPlainly } from "@/lib/server/plain-answer";

/** What Prometheus reads: docs/operations.md. */
export async function GET(request: Request): Promise<Response> {
  if (!mayReadMetrics(request.headers.get("authorization"))) {
    const headers = { "www-authenticate": "Bearer" };
    return sayPlainly(
      401,
      "The metrics are read with METRICS_TOKEN or with an API key that may read.",
      headers,
    );
  }
  const { type, text } = await metricsText(await readKept());
  return new Response(text, { headers: { "content-type": type, "cache-control": "no-store" } });
}
