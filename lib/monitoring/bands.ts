import type { Band, UncertainBand } from "../contract";
import { wilsonInterval } from "../wilson";

/** Below it a probability is as good as none; between it and the uncertain band a few cases lie. */
const CLEAR = 0.01;
/** Above every probability, so that the last band has 1 in it. */
const END = 1.000_001;

/**
 * How cases fared, by probability: in bands between `CLEAR`, the uncertain band's ends and the threshold, the same for every
 * answer, so that each counts as many cases as there are. Bands without a case are left out.
 */
export function bandsOf(
  cases: readonly { probability: number; isPositive: boolean }[],
  { threshold, uncertain }: { threshold: number; uncertain?: UncertainBand | null | undefined },
): Band[] {
  const edges = [
    ...new Set([0, CLEAR, uncertain?.from ?? threshold, threshold, uncertain?.to ?? threshold, END]),
  ];
  edges.sort((a, b) => a - b);
  return edges.slice(1).flatMap((to, at) => {
    const from = edges[at] as number;
    const within = cases.filter(({ probability }) => probability >= from && probability < to);
    if (within.length === 0) return [];
    const positives = within.filter(({ isPositive }) => isPositive).length;
    return [{ from, to, cases: within.length, positives, ...wilsonInterval(positives, within.length) }];
  });
}
