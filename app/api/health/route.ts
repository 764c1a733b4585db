import { checkHealth } from "@/lib/server/health";

/** 200 where the database can be written and the model is there, 503 where either is not. */
export async function GET() {
  const health = await checkHealth();
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  });
}
