import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Result } from "@/lib/result";
import { reading, type StoreError, writing } from "@/lib/server/database/store";

/** A history address under a name; `query` has no question mark. */
export type SavedView = { id: string; name: string; query: string };

/** More views than this nobody finds their way in. */
const MOST_VIEWS = 50;

/** All views by name. */
export async function listViews(): Promise<Result<SavedView[], StoreError>> {
  return reading("views_not_read", ({ savedView }) =>
    savedView.findMany({
      select: { id: true, name: true, query: true },
      orderBy: { name: "asc" },
      take: MOST_VIEWS,
    }),
  );
}

/** Saves a view; one of the same name gets the new address. "full" where there are too many. */
export async function saveView(name: string, query: string): Promise<Result<"saved" | "full", StoreError>> {
  return writing("view_not_saved", async ({ savedView }) => {
    const known = await savedView.findUnique({ where: { name }, select: { id: true } });
    if (known === null && (await savedView.count()) >= MOST_VIEWS) return "full";
    await savedView.upsert({
      where: { name },
      create: { id: uuidv7(), name, query, createdAt: new Date() },
      update: { query },
    });
    return "saved";
  });
}

/** Deletes a view, whether it is there or not. */
export async function removeView(id: string): Promise<Result<void, StoreError>> {
  return writing("view_not_removed", async ({ savedView }) => {
    await savedView.deleteMany({ where: { id } });
  });
}
