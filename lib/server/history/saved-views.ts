import "server-only";
import { v7 as uuidv7 } from "uuid";
import { fail, ok, type Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import type { StoreError } from "@/lib/server/prediction/predictions";

/** A history address under a name; `query` has no question mark. */
export type SavedView = { id: string; name: string; query: string };

/** More views than this nobody finds their way in. */
const MOST_VIEWS = 50;

/** All views by name. */
export async function listViews(): Promise<Result<SavedView[], StoreError>> {
  try {
    const { savedView } = await database();
    return ok(
      await savedView.findMany({
        select: { id: true, name: true, query: true },
        orderBy: { name: "asc" },
        take: MOST_VIEWS,
      }),
    );
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

/** Keeps a view; one of the same name gets the new address. "full" where there are too many. */
export async function saveView(
  name: string,
  query: string,
): Promise<Result<void, StoreError | { code: "full" }>> {
  try {
    const { savedView } = await database();
    const known = await savedView.findUnique({ where: { name }, select: { id: true } });
    if (known === null && (await savedView.count()) >= MOST_VIEWS) return fail({ code: "full" });
    await savedView.upsert({
      where: { name },
      create: { id: uuidv7(), name, query, createdAt: new Date() },
      update: { query },
    });
    return ok(undefined);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}

/** Forgets a view; one that is not there is forgotten already. */
export async function removeView(id: string): Promise<Result<void, StoreError>> {
  try {
    await (await database()).savedView.deleteMany({ where: { id } });
    return ok(undefined);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}
