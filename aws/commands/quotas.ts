import * as z from "zod";
import { ok, type Result } from "../../lib/result";
import { JOB_INSTANCE, SERVERLESS_CONCURRENCY } from "../cdk/project";
import type { Settings } from "../cdk/settings";
import { askAws } from "./aws-api";

/** `isNeeded`: whether a deployment fails without it; `least`: what it takes. */
type Wanted = { name: string; least: number; isNeeded: boolean; why: string };

/** A quota that is too low for the settings, and how more is asked for. */
export type Shortage = Wanted & { value: number; command: string };

function wantedBy({ endpoint, instanceType, batch }: Settings): Wanted[] {
  return [
    endpoint === "instance"
      ? {
          name: `${instanceType} for endpoint usage`,
          // An update starts the new instances beside the old ones.
          least: 2,
          isNeeded: true,
          why: "an update of the endpoint",
        }
      : {
          name: "Maximum total concurrency that can be allocated across all serverless endpoints",
          least: SERVERLESS_CONCURRENCY,
          isNeeded: true,
          why: "the endpoint",
        },
    {
      name: `${JOB_INSTANCE} for training job usage`,
      least: 1,
      isNeeded: false,
      why: "npm run aws:train",
    },
    ...(batch === "sagemaker"
      ? [{ name: `${JOB_INSTANCE} for transform job usage`, least: 1, isNeeded: false, why: "a batch" }]
      : []),
  ];
}

const page = z.object({
  Quotas: z.array(z.object({ QuotaName: z.string(), QuotaCode: z.string(), Value: z.number() })),
  NextToken: z.string().nullish(),
});

/**
 * The quotas of SageMaker that are too low; by name, since each instance type has a quota of its own. Many are 0 in an account
 * that is new. Source: https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
 */
export async function findShortages(region: string, settings: Settings): Promise<Result<Shortage[], string>> {
  const missing = new Map(wantedBy(settings).map((wanted) => [wanted.name, wanted]));
  const short: Shortage[] = [];
  let NextToken: string | undefined;
  do {
    const listed = await askAws(
      region,
      "quotas",
      "ListServiceQuotas",
      { ServiceCode: "sagemaker", MaxResults: 100, NextToken },
      page,
    );
    if (!listed.ok) return listed;
    for (const { QuotaName, QuotaCode, Value } of listed.value.Quotas) {
      const wanted = missing.get(QuotaName);
      if (wanted === undefined) continue;
      missing.delete(QuotaName);
      const command = `aws service-quotas request-service-quota-increase --region ${region} --service-code sagemaker --quota-code ${QuotaCode} --desired-value ${wanted.least}`;
      if (Value < wanted.least) short.push({ ...wanted, value: Value, command });
    }
    NextToken = listed.value.NextToken ?? undefined;
  } while (NextToken !== undefined && missing.size > 0);
  return ok(short);
}
