import * as z from "zod";
import { keptFile, TYPES } from "@/app/kept-file";
import { parseAuditQuery } from "@/lib/access/audit-query";
import { searchParamsOf } from "@/lib/list-address";
import { AUDIT_FORMATS, exportAudit } from "@/lib/server/access/audit-list";
import { sayPlainly } from "@/lib/server/plain-answer";

const parameters = z.looseObject({ format: z.enum(AUDIT_FORMATS).default("csv") });

/** The entries that the address's filters show, as a file, streamed; for administrators. */
export async function GET(request: Request): Promise<Response> {
  // As its picture, frame or link: six at a time from one page.
  if (request.headers.get("sec-fetch-site") === "cross-site") {
    return sayPlainly(403, "Another site cannot export the audit.");
  }
  const given = parameters.safeParse(searchParamsOf(new URL(request.url).searchParams));
  if (!given.success) return sayPlainly(400, `"format" can be ${AUDIT_FORMATS.join(" or ")}.`);
  const { format, ...rest } = given.data;
  const query = parseAuditQuery(rest as Record<string, string>);
  if (!query.ok) return sayPlainly(400, query.error);
  const made = await exportAudit(query.value.filters, format);
  if (!made.ok) {
    const { code, cause } = made.error;
    return code === "not_allowed"
      ? sayPlainly(403, cause.message)
      : sayPlainly(
          503,
          "The audit could not be read, or the export not recorded, so it is not made. Try again.",
        );
  }
  return keptFile("audit", format, made.value);
}

/** What the answer would begin with: Next's own HEAD would record an export that nobody takes. */
export function HEAD(): Response {
  return new Response(null, { headers: { "content-type": TYPES.csv, "cache-control": "no-store" } });
}
