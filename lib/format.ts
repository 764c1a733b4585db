/** A share of 1 as a percentage: "97.3 %". */
export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** A number with its sign and a true minus: "+0.25", "−1.00". */
export const signed = (value: number, digits = 2) =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

/** "1 prediction", "3 predictions". */
export const countPredictions = (count: number) =>
  `${count.toLocaleString("en")} prediction${count === 1 ? "" : "s"}`;
