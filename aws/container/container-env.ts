import { join } from "node:path";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";

const wholeNumber = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number);

const containerEnv = z.object({
  /** Where SageMaker mounts data and model. */
  ML_ROOT: z.string().min(1).default("/opt/ml"),
  SAGEMAKER_BIND_TO_PORT: wholeNumber.default(8080),
  /** All of the container's, by which SageMaker reaches it; loopback where it runs on one's own machine. */
  BIND_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default("0.0.0.0"),
  /** "true" in a batch transform job. */
  SAGEMAKER_BATCH: z.enum(["true", "false"]).default("false"),
  SAGEMAKER_MAX_PAYLOAD_IN_MB: wholeNumber.optional(),
  /** What the endpoint passes on of an answer, where it is less than of a request; a batch job of the same model has no such limit. */
  MAX_ANSWER_MB: wholeNumber.optional(),
  /** What an answer in CSV has: score and label, or all that fits in a line. */
  CSV_COLUMNS: z.enum(["score", "all"]).default("score"),
});

/** Folders and limits of one container. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms.html */
export type ContainerSettings = {
  port: number;
  address: string;
  isBatch: boolean;
  maxPayloadMB: number;
  /** Infinite where nothing is known to limit it. */
  maxAnswerMB: number;
  csvColumns: "score" | "all";
  modelFile: string;
  hyperparametersFile: string;
  channel: (name: "train" | "validation") => string;
  failureFile: string;
};

/** MB of a request: what real-time endpoints pass on (InvokeEndpoint), and what batch transform may send at most. */
const PAYLOAD_MB = { realTime: 25, batch: 100 };

/** Parses the container's environment; the error names every bad variable. */
export function parseContainerEnv(
  source: Record<string, string | undefined>,
): Result<ContainerSettings, string> {
  const parsed = containerEnv.safeParse(source);
  if (!parsed.success) {
    return fail(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  }
  const { ML_ROOT, SAGEMAKER_BIND_TO_PORT, BIND_ADDRESS, SAGEMAKER_BATCH, SAGEMAKER_MAX_PAYLOAD_IN_MB } =
    parsed.data;
  const isBatch = SAGEMAKER_BATCH === "true";
  return ok({
    port: SAGEMAKER_BIND_TO_PORT,
    address: BIND_ADDRESS,
    isBatch,
    maxPayloadMB: SAGEMAKER_MAX_PAYLOAD_IN_MB ?? (isBatch ? PAYLOAD_MB.batch : PAYLOAD_MB.realTime),
    maxAnswerMB: isBatch ? Number.POSITIVE_INFINITY : (parsed.data.MAX_ANSWER_MB ?? PAYLOAD_MB.realTime),
    csvColumns: parsed.data.CSV_COLUMNS,
    modelFile: join(ML_ROOT, "model", "artifact.json"),
    hyperparametersFile: join(ML_ROOT, "input", "config", "hyperparameters.json"),
    channel: (name) => join(ML_ROOT, "input", "data", name),
    failureFile: join(ML_ROOT, "output", "failure"),
  });
}
