import type { Settings } from "../cdk/settings";

/**
 * US dollars, list prices of us-east-1 as AWS's price pages gave them to the writer; written down by hand and never
 * read from AWS, so a deployment says that they are a guide. https://calculator.aws
 */
const HOURS = 730;
const PRICES = {
  serverlessSecond: 0.00004,
  instanceHour: { "ml.t2.medium": 0.056, "ml.m5.large": 0.115, "ml.c5.large": 0.102 } as Record<
    string,
    number
  >,
  lambdaRequest: 0.2e-6,
  lambdaGigabyteSecond: 0.0000133334,
  apiRequest: 3.5e-6,
  alarm: 0.1,
  customMetric: 0.3,
  logGigabyte: 0.5,
  imageGigabyte: 0.1,
  webInstanceHour: 0.0168,
  natInstanceHour: 0.0042,
  publicAddressHour: 0.005,
  diskGigabyte: 0.08,
};

/** What is assumed of use: predictions a month, and how long each occupies endpoint and Lambda. */
const USE = { predictions: 10_000, endpointSeconds: 0.05, lambdaSeconds: 0.06, lambdaGigabytes: 0.5 };
const ALARMS = 6;
const CUSTOM_METRICS = 5;
const DISK_GIGABYTES = 28;

export type CostLine = { what: string; usd: number | null; idle: boolean };

/** What a month costs, line by line; null where the price is not known here. `idle` lines cost without any use. */
export function costPerMonth({ endpoint, instanceType, web }: Settings): CostLine[] {
  const { predictions, endpointSeconds, lambdaSeconds, lambdaGigabytes } = USE;
  const instanceHour = PRICES.instanceHour[instanceType];
  const lines: CostLine[] = [
    endpoint === "serverless"
      ? {
          what: `endpoint, serverless, ${predictions} predictions`,
          usd: predictions * endpointSeconds * PRICES.serverlessSecond,
          idle: false,
        }
      : {
          what: `endpoint, one ${instanceType} at all times`,
          usd: instanceHour === undefined ? null : instanceHour * HOURS,
          idle: true,
        },
    {
      what: `Lambda, ${predictions} predictions`,
      usd:
        predictions * (PRICES.lambdaRequest + lambdaSeconds * lambdaGigabytes * PRICES.lambdaGigabyteSecond),
      idle: false,
    },
    { what: `API Gateway, ${predictions} requests`, usd: predictions * PRICES.apiRequest, idle: false },
    {
      what: `${ALARMS} alarms and ${CUSTOM_METRICS} metrics`,
      usd: ALARMS * PRICES.alarm + CUSTOM_METRICS * PRICES.customMetric,
      idle: true,
    },
    { what: "logs, image and data", usd: 0.1 * PRICES.logGigabyte + 0.3 * PRICES.imageGigabyte, idle: true },
  ];
  if (web === "ec2") {
    lines.push(
      { what: "web server, t4g.small", usd: PRICES.webInstanceHour * HOURS, idle: true },
      {
        what: "its way out, t4g.nano with a public address",
        usd: (PRICES.natInstanceHour + PRICES.publicAddressHour) * HOURS,
        idle: true,
      },
      { what: `its disks, ${DISK_GIGABYTES} GB`, usd: DISK_GIGABYTES * PRICES.diskGigabyte, idle: true },
    );
  }
  return lines;
}

/** The lines as a table, with what is paid even when nobody predicts. */
export function formatCosts(lines: readonly CostLine[]): string {
  const sum = (some: readonly CostLine[]) => some.reduce((total, { usd }) => total + (usd ?? 0), 0);
  const money = (usd: number | null) => (usd === null ? "not known" : `$${usd.toFixed(2)}`).padStart(10);
  const unknown = lines.some(({ usd }) => usd === null);
  return [
    ...lines.map(({ what, usd, idle }) => `  ${money(usd)}  ${what}${idle ? "" : " (nothing when idle)"}`),
    `  ${money(sum(lines))}  in all a month${unknown ? ", without what is not known" : ""}`,
    `  ${money(sum(lines.filter(({ idle }) => idle)))}  of it when nobody predicts`,
    "  List prices of us-east-1, written down by hand: a guide. See https://calculator.aws",
  ].join("\n");
}
