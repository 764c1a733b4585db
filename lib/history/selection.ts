import * as z from "zod";
import { fail, ok, type Result } from "../result";
import { predictionId } from "./query";

/** What can be selected at once. */
export const MOST_SELECTED = 100;

/** Why an address or a form names no usable selection; for the reader. */
export type SelectionError = { code: "bad_selection"; message: string };

/**
 * The ids of a selection, in the order given: separated by commas, or one a parameter as a plain form sends them.
 * Refuses what is no id, what is repeated, and fewer or more than may be.
 */
export function parseIds(
  given: string | readonly string[] | undefined,
  { least = 1, most = MOST_SELECTED }: { least?: number; most?: number } = {},
): Result<string[], SelectionError> {
  const texts = [given ?? []]
    .flat()
    .flatMap((text) => text.split(","))
    .filter((text) => text !== "");
  const parsed = z.array(predictionId).safeParse(texts);
  if (!parsed.success) {
    const wrong = texts[Number(parsed.error.issues[0]?.path[0] ?? 0)] ?? "";
    return bad(`"${wrong.slice(0, 40)}" is not the id of a prediction.`);
  }
  const ids = parsed.data.map((id) => id.toLowerCase());
  if (new Set(ids).size < ids.length) return bad("A prediction is named more than once.");
  if (ids.length === 0) return bad("No prediction is selected.");
  if (ids.length < least)
    return bad(`It takes at least ${least} predictions, and ${ids.length} is selected.`);
  if (ids.length > most)
    return bad(`At most ${most} predictions can be taken, and ${ids.length} are selected.`);
  return ok(ids);
}

/** The same of ticked boxes, where one prediction may be ticked twice: in its own row, and in the box of the whole page. */
export const parseTicked = (given: readonly string[], limits?: { least: number; most: number }) =>
  parseIds([...new Set(given.flatMap((text) => text.split(",")))], limits);

const bad = (message: string) => fail<SelectionError>({ code: "bad_selection", message });

/** What can be done with a selection, and the address that does it. */
export const SELECTION_ACTIONS = {
  compare: { path: "/history/compare", least: 2, most: 5 },
  rescore: { path: "/history/rescore", least: 1, most: MOST_SELECTED },
  export: { path: "/history/export", least: 1, most: MOST_SELECTED },
  delete: { path: "/history/delete", least: 1, most: MOST_SELECTED },
} as const;

export const selectionAction = z.enum(
  Object.keys(SELECTION_ACTIONS) as [keyof typeof SELECTION_ACTIONS, ...(keyof typeof SELECTION_ACTIONS)[]],
);
