/** "1 prediction", "3 predictions". */
export const countPredictions = (count: number) =>
  `${count.toLocaleString("en")} prediction${count === 1 ? "" : "s"}`;
