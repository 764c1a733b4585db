import { searchParamsOf } from "../list-address";
import { DEFAULT_HISTORY_QUERY, type HistoryQuery, parseHistoryQuery, viewOf } from "./query";

/** A prediction's page knows the list from which it was opened: its address has the history's in `in`. */

/** What such an address ends with for a prediction of `query`'s list, wherever in that it is; nothing for the whole history. */
export function withinList(query: HistoryQuery): string {
  const list = viewOf(query);
  return list === "" ? "" : `?in=${encodeURIComponent(list)}`;
}

/** The address of a prediction's page as one of `query`'s list. */
export const predictionHref = (id: string, query: HistoryQuery): string =>
  `/history/${id}${withinList(query)}`;

/** The list that a prediction's address names; the whole history by date where it names none that can be read. */
export function readList(given: string | string[] | undefined): HistoryQuery {
  const parsed =
    typeof given === "string" ? parseHistoryQuery(searchParamsOf(new URLSearchParams(given))) : null;
  return parsed?.ok ? { ...parsed.value, cursor: null } : DEFAULT_HISTORY_QUERY;
}

/** Where a prediction is in a list: the ids beside it, null at an end, and how many of how many it is, where that is known. */
export type Place = {
  previous: string | null;
  next: string | null;
  position: { at: number; of: number } | null;
};
