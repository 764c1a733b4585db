import { FAMILIES } from "../../tables/current";
import { rankMeasurements, rankReasons } from "./reasons";

/** What a reason added, from the log-odds before it to those after. */
export type Step = { key: string; label: string; term: number; from: number; to: number };

/** How many measurements have steps of their own where the table has no families. */
const OWN_STEPS = 5;

/**
 * The way from the average case's log-odds (`base`) to this case's, family by family in the table's order; where it has none,
 * the strongest measurements and the rest in one. `contributions` and `values` are in the table's order.
 */
export function waterfallOf(
  base: number,
  contributions: readonly number[],
  values?: readonly number[],
): Step[] {
  let at = base;
  return reasonsInOrder(contributions, values).map(({ key, label, term }) => {
    const from = at;
    at += term;
    return { key, label, term, from, to: at };
  });
}

function reasonsInOrder(contributions: readonly number[], values?: readonly number[]) {
  const reasons = rankReasons(contributions);
  const families = FAMILIES.flatMap(({ key }) => reasons.filter((reason) => reason.key === key));
  if (families.length > 0) return families;
  const ranked = rankMeasurements(contributions, values);
  const rest = ranked.slice(OWN_STEPS).reduce((sum, { term }) => sum + term, 0);
  if (ranked.length <= OWN_STEPS + 1) return ranked;
  return [
    ...ranked.slice(0, OWN_STEPS),
    { key: "rest", label: `The other ${ranked.length - OWN_STEPS}`, term: rest },
  ];
}
