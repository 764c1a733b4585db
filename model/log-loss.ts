import { log, sigmoid } from "./elementary";

/** The log-loss of a case that is positive with log-odds `logit`, in nats. */
export const logLossOf = (logit: number, label: 0 | 1 | undefined): number =>
  -log(sigmoid(label === 1 ? logit : -logit));

/** How much the second losses are below the first on average, case by case, and the standard error of that. */
export function pairedGain(first: Float64Array, second: Float64Array): { gain: number; error: number } {
  const gains = first.map((loss, i) => loss - (second[i] as number));
  const gain = gains.reduce((sum, x) => sum + x, 0) / gains.length;
  const squares = gains.reduce((sum, x) => sum + (x - gain) * (x - gain), 0);
  return { gain, error: Math.sqrt(squares) / gains.length };
}
