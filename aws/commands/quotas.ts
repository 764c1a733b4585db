import * as z from "zod";
import { ok, type Result } from "../../lib/result";
import { JOB_INSTANCE, SERVERLESS_CONCURRENCY, WEB_TASKS } from "../cdk/project";
import type { Settings } from "../cdk/settings";
import { askAws } from "./aws-api";

/** `isNeeded`: whether a deployment fails without it; `least`: what it takes. */
type Wanted = {
  service: "sagemaker" | "fargate";
  name: string;
  least: number;
  isNeeded: boolean;
  why: string;
};

/** A quota that is too low for the settings, and how more is asked for. */
export type Shortage = Wanted & { value: number; command: string };

function wantedBy({ endpoint, instanceType, batch, web }: Settings): Wanted[] {
  const service = "sagemaker";
  return [
    endpoint === "instance"
      ? {
          service,
          name: `${instanceType} for endpoint usage`,
          // An update starts the new instances beside the old ones.
          least: 2,
          isNeeded: true,
          why: "an update of the endpoint",
        }
      : {
          service,
          name: "Maximum total concurrency that can be allocated across all serverless endpoints",
          least: SERVERLESS_CONCURRENCY,
          isNeeded: true,
          why: "the endpoint",
        },
    {
      service,
      name: `${JOB_INSTANCE} for training job usage`,
      least: 1,
      isNeeded: false,
      why: "npm run aws:train",
    },
    ...(batch === "sagemaker"
      ? [
          {
            service,
            name: `${JOB_INSTANCE} for transform job usage`,
            least: 1,
            isNeeded: false,
            why: "a batch",
          } as const,
        ]
      : []),
    ...(web === "fargate"
      ? [
          {
            service: "fargate",
            name: "Fargate On-Demand vCPU resource count",
            // A release starts as many tasks of one vCPU as there are already.
            least: 2 * WEB_TASKS.least,
            isNeeded: true,
            why: "two tasks of the web application, and two of the next release",
          } as const,
        ]
      : []),
  ];
}

const page = z.object({
  Quotas: z.array(z.object({ QuotaName: z.string(), QuotaCode: z.string(), Value: z.number() })),
  NextToken: z.string().nullish(),
});

/**
 * The quotas that are too low; by name, since each instance type has a quota of its own. Many are 0 in an account that is
 * new. Source: https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
 */
export async function findShortages(region: string, settings: Settings): Promise<Result<Shortage[], string>> {
  const wanted = wantedBy(settings);
  const short: Shortage[] = [];
  for (const service of new Set(wanted.map((one) => one.service))) {
    const found = await shortagesOf(
      region,
      service,
      wanted.filter((one) => one.service === service),
    );
    if (!found.ok) return found;
    short.push(...found.value);
  }
  return ok(short);
}

async function shortagesOf(
  region: string,
  service: Wanted["service"],
  wanted: readonly Wanted[],
): Promise<Result<Shortage[], string>> {
  const missing = new Map(wanted.map((one) => [one.name, one]));
  const short: Shortage[] = [];
  let NextToken: string | undefined;
  do {
    const listed = await askAws(
      region,
      "quotas",
      "ListServiceQuotas",
      { ServiceCode: service, MaxResults: 100, NextToken },
      page,
    );
    if (!listed.ok) return listed;
    for (const { QuotaName, QuotaCode, Value } of listed.value.Quotas) {
      const one = missing.get(QuotaName);
      if (one === undefined) continue;
      missing.delete(QuotaName);
      const command = `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${QuotaCode} --desired-value ${one.least}`;
      if (Value < one.least) short.push({ ...one, value: Value, command });
    }
    NextToken = listed.value.NextToken ?? undefined;
  } while (NextToken !== undefined && missing.size > 0);
  return ok(short);
}
