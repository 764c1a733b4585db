import "server-only";
import type * as z from "zod";
import { type FormState, type Texts, textsOf } from "@/lib/form-state";
import type { Result } from "@/lib/result";
import type { StoreError } from "@/lib/server/database/store";

/**
 * The action of a form: reads its texts by `schema`, and hands what is valid to `handle`, which gives what the form shows
 * once it is done, or why it could not be. Whatever goes wrong, the answer has what was typed.
 */
export function formAction<Field extends string, Parsed, Done>(
  schema: z.ZodType<Parsed, Texts<Field>>,
  handle: (parsed: Parsed) => Promise<Result<Done, string>>,
) {
  return async (_: FormState<Field, Done>, form: FormData): Promise<FormState<Field, Done>> => {
    const typed = textsOf(form) as Texts<Field>;
    const parsed = schema.safeParse(typed);
    if (!parsed.success) {
      // The first issue of a field is said of it; the id is hidden and has no place for one.
      const issues = parsed.error.issues.map(({ path, message }) => [path[0], message]).reverse();
      const { id, ...fields } = Object.fromEntries(issues);
      return { ok: false, typed, message: id ?? "It was not saved: see what is marked.", fields };
    }
    const handled = await handle(parsed.data);
    return handled.ok
      ? { ok: true, typed, done: handled.value }
      : { ok: false, typed, message: handled.error, fields: {} };
  };
}

const NOT_SAVED = "The database could not be written to, and nothing has changed. Try again.";

const UNKNOWN =
  "The disk or the database failed while this was saved: it may have been kept, or not. Reload the page to see, before you save it again.";

/** Why a form could not be saved, for the database's sake or by the rights of who sent it. */
export function whyNotSaved({ code, cause }: StoreError): string {
  if (code === "not_allowed" || code === "read_only") return cause.message;
  return code === "unknown" ? UNKNOWN : NOT_SAVED;
}
