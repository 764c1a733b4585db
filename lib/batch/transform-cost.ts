/** What a batch that SageMaker answers will take and cost, before it starts: an estimate by stated assumptions. */

/**
 * US dollars of an hour of an instance, on demand in US East (N. Virginia); other regions differ. Found on this date in
 * public sources that quote AWS, not at AWS itself.
 */
export const PRICES = {
  asOf: "2026-11-26",
  region: "US East",
  hour: {
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.m5.2xlarge": 0.46,
    "ml.c5.xlarge": 0.204,
    "ml.c5.2xlarge": 0.408,
  } as Readonly<Record<string, number>>,
};

/** What the estimate takes for granted. */
export const ASSUMED = {
  /** Until instances, image and model are there; it is paid for. */
  startMinutes: 5,
  /** One instance of any size, since the container works with one thread: measured at 17,000 and more. */
  rowsASecond: 15_000,
};

/** `dollars`: null for an instance type whose price is not known here. */
export type TransformEstimate = { minutes: number; dollars: number | null };

/** For `rows` rows on `count` instances, which share them. */
export function estimateTransform(rows: number, instance: string, count: number): TransformEstimate {
  const minutes = ASSUMED.startMinutes + rows / count / ASSUMED.rowsASecond / 60;
  const hour = PRICES.hour[instance];
  return { minutes, dollars: hour === undefined ? null : (hour * count * minutes) / 60 };
}

/** The estimate and what it rests on, as a sentence or two for a page. */
export function transformCostText(rows: number, instance: string, count: number): string {
  const { minutes, dollars } = estimateTransform(rows, instance, count);
  const shown = Math.ceil(minutes).toLocaleString("en");
  const where = `SageMaker needs about ${shown} minutes of ${count === 1 ? "one" : count} ${instance}`;
  const assumed = `${ASSUMED.startMinutes} minutes to start, then ${ASSUMED.rowsASecond.toLocaleString("en")} rows a second and instance`;
  const cost =
    dollars === null
      ? "Its price is not known here"
      : `That costs about $${Math.max(0.01, dollars).toFixed(2)} at ${PRICES.region}'s price of ${PRICES.asOf}`;
  return `${where}: ${assumed}. ${cost}; storage in S3 comes on top.`;
}
