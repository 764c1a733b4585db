/** What another cut-off would make of cases whose probabilities are known: confusion, ROC curve and a sentence. */

/** A case of known truth; `probability` of the positive class, by models that were not trained on it. */
export type UnseenCase = { row: number; positive: boolean; probability: number };

/** Cases in each cell at a cut-off; `missed` and `alarms` are the wrong ones themselves, in the order given. */
export type CutOff = {
  at: number;
  found: number;
  missed: UnseenCase[];
  alarms: UnseenCase[];
  leftAlone: number;
};

/** A case is called positive from the cut-off on. */
export function confusionAt(cases: readonly UnseenCase[], at: number): CutOff {
  const wrong = cases.filter(({ positive, probability }) => positive !== probability >= at);
  const missed = wrong.filter(({ positive }) => positive);
  const alarms = wrong.filter(({ positive }) => !positive);
  const positives = cases.filter(({ positive }) => positive).length;
  return {
    at,
    found: positives - missed.length,
    missed,
    alarms,
    leftAlone: cases.length - positives - alarms.length,
  };
}

/**
 * Corners of the ROC curve as [share of negatives called positive, share of positives called positive], from [0, 0] to
 * [1, 1]; cases of one probability are one step, so that the point of any cut-off is on it.
 */
export function rocOf(cases: readonly UnseenCase[]): [number, number][] {
  const ordered = [...cases].sort((a, b) => b.probability - a.probability);
  const positives = cases.filter(({ positive }) => positive).length;
  const corners: [number, number][] = [[0, 0]];
  let [alarms, found] = [0, 0];
  for (let start = 0; start < ordered.length; ) {
    const { probability } = ordered[start] as UnseenCase;
    for (; ordered[start]?.probability === probability; start++) {
      if (ordered[start]?.positive) found++;
      else alarms++;
    }
    const next = [alarms / (cases.length - positives), found / positives] as [number, number];
    const [last, before] = [corners.at(-1), corners.at(-2)];
    // A point on a straight run along one axis adds nothing.
    if (last && before && [0, 1].some((axis) => before[axis] === last[axis] && last[axis] === next[axis]))
      corners.pop();
    corners.push(next);
  }
  return corners;
}

/** The area under a curve of such corners, by trapezoids; the chance that a positive case ranks above a negative one. */
export function areaUnder(corners: readonly (readonly [number, number])[]): number {
  return corners.slice(1).reduce((area, [x, y], i) => {
    const [before, height] = corners[i] as readonly [number, number];
    return area + ((x - before) * (y + height)) / 2;
  }, 0);
}

/** Ten-thousandths, which are shown as three decimals. */
const UNITS = 10_000;

/**
 * Cases in few characters for a slider in steps of a hundredth: by row, the probability in ten-thousandths, rounded where
 * that does not lift it to a hundredth that it has not reached, and whether it is positive.
 */
export type PackedCases = { tenThousandths: number[]; positive: (0 | 1)[] };

/** Rows have to be 0 to n - 1, in that order; probabilities have at most six decimals. */
export function packCases(cases: readonly UnseenCase[]): PackedCases {
  return {
    tenThousandths: cases.map(({ probability }) => {
      const rounded = Math.round(UNITS * probability);
      // By millionths, since 0.57 x 100 alone falls short of 57.
      return rounded % 100 === 0 ? Math.floor(Math.round(1e6 * probability) / 100) : rounded;
    }),
    positive: cases.map(({ positive }) => (positive ? 1 : 0)),
  };
}

export function unpackCases({ tenThousandths, positive }: PackedCases): UnseenCase[] {
  return tenThousandths.map((probability, row) => ({
    row,
    positive: positive[row] === 1,
    probability: probability / UNITS,
  }));
}

/** What a cut-off does, as one text; `positive` and `negative` are the words of the classes. */
export function describeCutOff(
  cutOff: CutOff,
  { positive, negative }: Record<"positive" | "negative", string>,
) {
  const { at, found, missed, alarms, leftAlone } = cutOff;
  const [positives, negatives] = [found + missed.length, leftAlone + alarms.length];
  const raised = `${alarms.length === 0 ? "no false alarm" : alarms.length === 1 ? "1 false alarm" : `${alarms.length} false alarms`}`;
  return `At ${at.toFixed(2)} it finds ${found} of ${positives} ${positive} cases, misses ${missed.length}, and raises ${raised} among ${negatives} ${negative} cases. ${rightAnswers(positive, found, alarms.length)} ${rightAnswers(negative, leftAlone, missed.length)}`;
}

function rightAnswers(word: string, right: number, wrong: number): string {
  if (right + wrong === 0) return `No case is called ${word}.`;
  if (wrong === 0) return `Every answer “${word}” is right.`;
  // Rounded down, so that 99.6 is not all.
  return `Of 100 answers “${word}”, ${Math.floor((100 * right) / (right + wrong))} are right.`;
}
