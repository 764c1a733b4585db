import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Result } from "@/lib/result";
import { entriesOf, recorded } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
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
  return writing("view_not_saved", async (db) => {
    const { savedView } = db;
    const known = await savedView.findUnique({ where: { name }, select: { id: true } });
    if (known === null && (await savedView.count()) >= MOST_VIEWS) return "full";
    const id = known?.id ?? uuidv7();
    const saving = savedView.upsert({
      where: { name },
      create: { id, name, query, createdAt: new Date() },
      update: { query },
    });
    await recorded(db, entriesOf("setting_changed", { object: "view", objectId: id }), saving);
    return "saved";
  });
}

/** Deletes a view, whether it is there or not. */
export async function removeView(id: string): Promise<Result<void, StoreError>> {
  return writing("view_not_removed", async (db) => {
    const about = { object: "view", objectId: id, detail: { isRemoved: true } } as const;
    const removing = db.savedView.deleteMany({ where: { id } });
    await recorded(db, entriesOf("setting_changed", about), removing, ofRow("saved_view"));
  });
}
