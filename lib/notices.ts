import * as z from "zod";
import { NOT_ALLOWED } from "./not-allowed";

const NOTHING_CHANGED = "The database could not be written to, and nothing has changed. Try again.";
const IMPORT_STOPPED = "The file was not imported completely.";
const IMPORT_AGAIN = "except up to the last 1,000 predictions. Import the file again to add them.";

const NOT_READ = "No file was read.";

type Notice = { kind: "done" | "error"; title: string; detail?: string };
const done = (title: string): Notice => ({ kind: "done", title });
const error = (title: string, detail?: string): Notice => ({ kind: "error", title, detail });

/** Everything that a page can say of the action that redirected to it. */
const NOTICES = {
  deleted: done("Deleted."),
  restored: done("Restored."),
  purged: done("Deleted for ever."),
  not_allowed: error("Nothing was changed.", NOT_ALLOWED.predict),
  not_administrator: error("Nothing was changed.", NOT_ALLOWED.administer),
  nothing_selected: error("No prediction is selected. Tick the boxes of the predictions, then try again."),
  not_deleted: error("Nothing was deleted.", NOTHING_CHANGED),
  not_restored: error("Nothing was restored.", NOTHING_CHANGED),
  view_saved: done("The view is saved."),
  view_deleted: done("The view is deleted."),
  view_unnamed: error("A view needs a name of 1 to 60 characters."),
  view_full: error("There are as many views as can be saved; delete one first."),
  view_not_changed: error("The view could not be changed.", NOTHING_CHANGED),
  no_file: error(IMPORT_STOPPED, "No file was chosen."),
  too_large: error(IMPORT_STOPPED, "The file is larger than 2 GB. Split it, and import the parts."),
  broken_off: error(
    IMPORT_STOPPED,
    `The file did not arrive completely. What arrived was saved, ${IMPORT_AGAIN}`,
  ),
  not_imported: error(
    IMPORT_STOPPED,
    `Not all of it could be saved. Everything before that was saved, ${IMPORT_AGAIN}`,
  ),
  batch_no_file: error(NOT_READ, "No file was chosen."),
  batch_too_large: error(NOT_READ, "The file is larger than can be taken. Split it, or pack it with gzip."),
  batch_broken_off: error(NOT_READ, "The file did not arrive completely. Send it again."),
  batch_not_kept: error(NOT_READ, "It could not be stored. Ask your administrator to check the disk."),
  batch_not_changed: error("The batch could not be changed.", NOTHING_CHANGED),
  batch_deleted: done("The batch is deleted."),
  batch_restored: done("The batch is restored."),
  rows_kept: done("The rows are in the history."),
  rows_not_kept: error(
    "The rows were not kept in the history.",
    "The model did not answer, or the database could not be written to. Try again: nothing is kept twice.",
  ),
  rows_none: error("No row is selected. Tick the boxes of the rows, then try again."),
  no_report: error("The report of this import could not be saved.", "The file itself was imported."),
} satisfies Record<string, Notice>;

export type NoticeName = keyof typeof NOTICES;

/** The notice of what could not be done for want of a right, or else `otherwise`. */
export const whyNot = (
  { code }: { code: string },
  otherwise: NoticeName,
  right: "not_allowed" | "not_administrator" = "not_allowed",
): NoticeName => (code === "not_allowed" ? right : otherwise);

const parameters = z.object({
  notice: z.enum(Object.keys(NOTICES) as [NoticeName, ...NoticeName[]]),
  id: z.uuid().optional(),
});

/** `href` with a notice for the page there; `id` of the one prediction that it is about. */
export const withNotice = (href: string, notice: NoticeName, id?: string) =>
  `${href}${href.includes("?") ? "&" : "?"}notice=${notice}${id === undefined ? "" : `&id=${id}`}`;

/** The notice of an address; null where it has none that is known. */
export function readNotice(
  params: Readonly<Record<string, unknown>>,
): (Notice & { name: NoticeName; id: string | null }) | null {
  const parsed = parameters.safeParse(params);
  if (!parsed.success) return null;
  const { notice: name, id = null } = parsed.data;
  return { ...NOTICES[name], name, id };
}
