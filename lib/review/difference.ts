/** How `value` differs from `from`: both texts signed, the second null where a share of zero means nothing. */
export function describeDifference(
  value: number,
  from: number,
): { absolute: string; percent: string | null } {
  const difference = value - from;
  // 17.99 - 10.38 is 7.609999999999999 in binary; no more decimals than the two have themselves are known.
  const decimals = Math.min(Math.max(decimalsOf(value), decimalsOf(from)), 20);
  const absolute = signed(difference, (size) => String(Number(size.toFixed(decimals))));
  if (difference === 0) return { absolute, percent: "±0 %" };
  if (from === 0) return { absolute, percent: null };
  const percent = (difference / Math.abs(from)) * 100;
  return { absolute, percent: `${signed(percent, shorten)} %` };
}

function shorten(size: number): string {
  if (size >= 10_000) return size.toExponential(1);
  if (size < 0.1) return "0";
  return size.toFixed(size < 10 ? 1 : 0);
}

function signed(difference: number, write: (size: number) => string): string {
  const size = write(Math.abs(difference));
  return Number(size) === 0 ? "±0" : `${difference < 0 ? "−" : "+"}${size}`;
}

/** How many decimals the shortest text of a number has. */
function decimalsOf(value: number): number {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}
