/** An axis in log-odds, 0 in its middle, labelled in probability. */
export type LogOddsAxis = { reach: number };
type Tick = { probability: number; at: number; isMajor: boolean };

/** Log-odds of a probability, at most 30 either way. */
export function logOddsOf(probability: number): number {
  const odds = Math.log(probability / (1 - probability));
  return Math.min(30, Math.max(-30, odds));
}

/** The axis from -`least` to `least`, or as many steps of 2 further as all of `logOdds` need. */
export function axisFor(logOdds: readonly number[], least: number): LogOddsAxis {
  const most = Math.max(...logOdds.map(Math.abs));
  return { reach: least + 2 * Math.max(0, Math.ceil((most - least) / 2)) };
}

/** Where log-odds lie on the axis, 0..1. */
export const placeOn = ({ reach }: LogOddsAxis, logOdds: number): number =>
  Math.min(1, Math.max(0, (logOdds + reach) / (2 * reach)));

const BELOW_HALF = [0.2, 0.1, 0.05, 0.01, 0.001, 0.0001, 0.00001];

/** The probabilities to label, from small to large: apart enough to be read, and `isMajor` on a narrow screen too. */
export function ticksOf(axis: LogOddsAxis): Tick[] {
  const [close, narrow] = [1 / 14, 1 / 6];
  let [last, lastMajor] = [0.5, 0.5];
  const below = BELOW_HALF.flatMap((probability): Tick[] => {
    const at = placeOn(axis, logOddsOf(probability));
    if (at <= 0 || last - at < close) return [];
    last = at;
    const isMajor = lastMajor - at >= narrow;
    if (isMajor) lastMajor = at;
    return [{ probability, at, isMajor }];
  });
  const above = below.map(({ probability, at, isMajor }) => ({
    probability: Number((1 - probability).toFixed(5)),
    at: 1 - at,
    isMajor,
  }));
  return [...below.reverse(), { probability: 0.5, at: 0.5, isMajor: true }, ...above];
}
