import { keptFile } from "@/app/kept-file";
import { wantedCode } from "@/lib/privacy/case-form";
import { sayPlainly } from "@/lib/server/plain-answer";
import { exportCase } from "@/lib/server/privacy/case";

/** Everything of the form's `code` as a JSON document; by a form, since an address would be kept by the browser. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => null);
  const code = wantedCode.safeParse(form?.get("code"));
  if (!code.success) return sayPlainly(400, code.error.issues[0]?.message ?? "");
  const made = await exportCase(code.data);
  if (!made.ok) {
    const { code: why, cause } = made.error;
    return why === "not_allowed"
      ? sayPlainly(403, cause.message)
      : sayPlainly(503, "It could not be read, or the export not recorded, so it is not made. Try again.");
  }
  return keptFile("case", "json", made.value);
}
