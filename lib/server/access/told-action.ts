import "server-only";
import type * as z from "zod";
import type { Told, ToldState } from "@/lib/access/told";
import type { Texts } from "@/lib/form-state";
import type { Result } from "@/lib/result";
import { formAction } from "@/lib/server/form-action";
import { isNotAllowed } from "./actor";

const NOT_ALLOWED = "You may not do this. Ask an administrator of your team.";

/** The action of a form about people and keys: as any, but what is secret of what was typed is not sent back. */
export function toldAction<Parsed>(
  schema: z.ZodType<Parsed, Texts<string>>,
  handle: (parsed: Parsed) => Promise<Result<Told, string>>,
) {
  const act = formAction<string, Parsed, Told>(schema, handle);
  return async (last: ToldState, form: FormData): Promise<ToldState> => {
    try {
      const state = await act(last, form);
      if (state === null) return null;
      const { password: _, next: __, ...typed } = state.typed;
      return { ...state, typed };
    } catch (error) {
      if (!isNotAllowed(error)) throw error;
      return { ok: false, typed: {}, message: NOT_ALLOWED, fields: {} };
    }
  };
}
