import type { Artifact } from "./artifact";

export type ProbabilityRange = { low: number; high: number };

/**
 * The two probabilities of the inductive Venn-Abers predictor (Vovk, Petej and Fedorova, 2015) for a logit: isotonic
 * regression of the training cases' labels on their held-out logits with the case added, once as negative (low) and once
 * as positive (high). One of the two is calibrated where the case and the held-out logits are exchangeable.
 */
export function createProbabilityRange({
  heldOut: { logits, positive },
}: Pick<Artifact, "heldOut">): (logit: number) => ProbabilityRange {
  const order = [...logits.keys()].sort((a, b) => (logits[a] as number) - (logits[b] as number));
  const cases = order.map((i) => ({ logit: logits[i] as number, label: positive[i] as number }));
  /** By place among the training cases: between two of them every logit has the same range. */
  const known = new Map<number, ProbabilityRange>();
  return (logit) => {
    const found = cases.findIndex((one) => one.logit >= logit);
    const at = found === -1 ? cases.length : found;
    const place = cases[at]?.logit === logit ? at : at - 0.5;
    const range = known.get(place);
    if (range !== undefined) return range;
    const withCase = (label: 0 | 1) => isotonicAt(logit, cases.toSpliced(at, 0, { logit, label }));
    const worked = { low: withCase(0), high: withCase(1) };
    known.set(place, worked);
    return worked;
  };
}

/**
 * Value at `logit` of the non-decreasing function of the logit nearest to the labels, by pooling adjacent violators.
 * `cases`: by ascending logit.
 */
function isotonicAt(logit: number, cases: readonly { logit: number; label: number }[]): number {
  const blocks: { sum: number; count: number; to: number }[] = [];
  for (let start = 0, end = 0; start < cases.length; start = end) {
    const block = { sum: 0, count: 0, to: (cases[start] as { logit: number }).logit };
    for (; cases[end]?.logit === block.to; end++) {
      block.sum += cases[end]?.label ?? 0;
      block.count++;
    }
    // Means are compared by whole numbers, which are exact.
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum * block.count <= block.sum * last.count) break;
      block.sum += last.sum;
      block.count += last.count;
      blocks.pop();
    }
    blocks.push(block);
  }
  const { sum, count } = blocks.find(({ to }) => to >= logit) as { sum: number; count: number };
  return sum / count;
}
