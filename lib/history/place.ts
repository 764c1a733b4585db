import {
  DEFAULT_HISTORY_QUERY,
  type HistoryQuery,
  historyHref,
  parseHistoryQuery,
  searchParamsOf,
} from "./query";

/** A prediction's page knows the list from which it was opened: its address has the history's in `in`. */

/** The address of a prediction's page as one of `query`'s list, wherever in that it is. */
export function predictionHref(id: string, query: HistoryQuery): string {
  const list = historyHref(listOf(query)).split("?")[1];
  return list === undefined ? `/history/${id}` : `/history/${id}?in=${encodeURIComponent(list)}`;
}

/** The list that a prediction's address names; the whole history by date where it names none that can be read. */
export function readList(given: string | string[] | undefined): HistoryQuery {
  const parsed =
    typeof given === "string" ? parseHistoryQuery(searchParamsOf(new URLSearchParams(given))) : null;
  return parsed?.ok ? listOf(parsed.value) : DEFAULT_HISTORY_QUERY;
}

const listOf = (query: HistoryQuery): HistoryQuery => ({ ...query, cursor: null });

/** Where a prediction is in a list: the ids beside it, null at an end, and how many of how many it is, where that is known. */
export type Place = {
  previous: string | null;
  next: string | null;
  position: { at: number; of: number } | null;
};
