import { table } from "../../tables/current";
import type { HistoryFilters } from "./filters";

/**
 * The history's own views, which its tabs lead to. A view is what is asked of answer and outcome; whatever else the
 * history is narrowed to stays on from one to the next.
 */

type Asked = Pick<HistoryFilters, "labels" | "outcome">;

export type View = { key: "all" | "review" | "open" | "disagreeing"; name: string; asks: Asked };

export const VIEWS: readonly View[] = [
  { key: "all", name: "All", asks: { labels: [], outcome: null } },
  { key: "review", name: "To review", asks: { labels: ["uncertain", "no_answer"], outcome: null } },
  { key: "open", name: "Without outcome", asks: { labels: [], outcome: "unknown" } },
  { key: "disagreeing", name: "Disagreeing", asks: { labels: [], outcome: "disagrees" } },
];

/** Where the summary's three counts lead: the certain answers, and what is left to a person. */
export const ANSWER_VIEWS: readonly Asked["labels"][] = [
  [table.classes.positive],
  ["uncertain", "no_answer"],
  [table.classes.negative],
];

/** Whether `filters` ask of answer and outcome what `asks` does. */
export const isAsked = ({ labels, outcome }: Asked, filters: HistoryFilters) =>
  filters.outcome === outcome &&
  filters.labels.length === labels.length &&
  labels.every((one) => filters.labels.includes(one));

/** `filters` without what they ask of answer and outcome: all that the tabs choose among. */
export const openTo = (filters: HistoryFilters): HistoryFilters => ({
  ...filters,
  labels: [],
  outcome: null,
});
