import "server-only";
import * as z from "zod";
import { diagnosis, modelIdentity } from "@/lib/contract";
import { parseArtifact } from "@/model/artifact";
import artifactJson from "@/model/artifact.json";
import evaluationJson from "@/model/evaluation.json";

const share = z.number().min(0).max(1);
const spread = z.object({ mean: z.number(), sd: z.number() });

/** What `npm run evaluate -- --json` writes; counts of `confusion` are means over the repeats. */
const evaluation = z.object({
  model: modelIdentity.omit({ uncertain: true }),
  trainingData: z.string(),
  protocol: z.string(),
  cases: z.int(),
  figures: z.object({
    accuracy: spread,
    rocAuc: spread,
    logLoss: spread,
    brier: spread,
    sensitivity: spread,
    specificity: spread,
    specificityAt99Sensitivity: spread,
    calibrationError: spread,
  }),
  conformal: z.object({ malignantCoverage: spread, benignCoverage: spread, uncertainRate: spread }),
  atypicalRate: spread,
  confusion: z.object({
    truePositive: z.number(),
    falseNegative: z.number(),
    falsePositive: z.number(),
    trueNegative: z.number(),
  }),
  roc: z.array(z.tuple([share, share])).min(2),
  reliability: z.array(
    z
      .object({
        from: share,
        to: share,
        count: z.int(),
        meanProbability: share.nullable(),
        malignantShare: share.nullable(),
      })
      .transform(({ malignantShare, ...bin }) => ({ ...bin, positiveShare: malignantShare })),
  ),
  missed: z.array(
    z.object({
      row: z.int(),
      truth: diagnosis,
      probability: share,
      missedShare: share,
      uncertainShare: share,
    }),
  ),
  /** By row of the training data: the mean probability that models gave it which had not been trained on it. */
  heldOut: z.array(share.nullable()).optional(),
  singleSplit: z
    .object({ cases: z.int(), correct: z.int(), benign: z.int() })
    .transform(({ benign, ...counts }) => ({ ...counts, negatives: benign })),
  peers: z.record(z.string(), z.record(z.string(), z.number())),
});
export type Evaluation = z.infer<typeof evaluation>;

/** The committed model's evaluation, and whether it is of the very model that is installed. Throws where it cannot be read. */
export function modelCard(): Evaluation & {
  installed: { version: string; hash: string; isEvaluated: boolean };
} {
  const parsed = evaluation.parse(evaluationJson);
  const { version, hash } = parseArtifact(artifactJson);
  return { ...parsed, installed: { version, hash, isEvaluated: hash === parsed.model.hash } };
}
