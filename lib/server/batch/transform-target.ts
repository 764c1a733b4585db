import "server-only";
import type { Batch } from "@/lib/batch/batch";
import { totalOf } from "@/lib/batch/progress";
import { transformCostText } from "@/lib/batch/transform-cost";
import { env } from "@/lib/server/env";
import { batchPlace } from "./store";

/** Where SageMaker is, and what it is to use. */
export type TransformTarget = {
  region: string;
  /** The batches' place in S3, ending in a slash. */
  place: string;
  modelName: string;
  instance: string;
  instances: number;
  /** ARN of the KMS key of what SageMaker writes. */
  kmsKey: string | undefined;
  /** "name=value": what the cost of its jobs is counted by. */
  tag: string | undefined;
};

/** Null where the batch is answered here; the environment is refused at the start where something is missing. */
export function transformTarget(): TransformTarget | null {
  const { BATCH_ENGINE, BATCH_MODEL_NAME, BATCH_INSTANCE, BATCH_INSTANCES, AWS_REGION } = env();
  const { BATCH_KMS_KEY, BATCH_TAG } = env();
  if (BATCH_ENGINE !== "sagemaker") return null;
  const place = batchPlace();
  if (place.kind !== "bucket") return null;
  if (BATCH_MODEL_NAME === undefined || AWS_REGION === undefined) return null;
  return {
    region: AWS_REGION,
    place: `s3://${place.bucket}/${place.prefix}`,
    modelName: BATCH_MODEL_NAME,
    instance: BATCH_INSTANCE,
    instances: BATCH_INSTANCES,
    kmsKey: BATCH_KMS_KEY,
    tag: BATCH_TAG,
  };
}

/** What answering a batch will cost, as a page says it before the start; null where it is answered here, at no cost. */
export function describeCost({ check }: Pick<Batch, "check">): string | null {
  const target = transformTarget();
  if (target === null || check === null) return null;
  return transformCostText(totalOf({ check }), target.instance, target.instances);
}
