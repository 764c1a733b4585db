/** How both classes lie along a measurement's track: a digit of base 36 for each bin, 0 to 35. */
export type FormDistribution = { positive: string; negative: string };
