import "server-only";
import * as z from "zod";
import { diagnosis, modelIdentity, type UncertainBand } from "@/lib/contract";
import { createPredictor } from "@/model/predict";
import { DEPTH } from "@/model/trees";
import { evaluationJson } from "@/tables/current-model";
import { INSTALLED } from "./installed";

const share = z.number().min(0).max(1);
const figure = z.object({ mean: z.number(), sd: z.number(), low: z.number(), high: z.number() });
const figures = z
  .object({
    accuracy: figure,
    rocAuc: figure,
    logLoss: figure,
    brier: figure,
    sensitivity: figure,
    specificity: figure,
    specificityAt99Sensitivity: figure,
    calibrationError: figure,
    malignantCoverage: figure,
    benignCoverage: figure,
    uncertainRate: figure,
    certainAndWrong: figure,
    atypicalRate: figure,
  })
  .transform(({ malignantCoverage: positiveCoverage, benignCoverage: negativeCoverage, ...others }) => ({
    ...others,
    positiveCoverage,
    negativeCoverage,
  }));
const answers = z.object({ answers: z.number(), wrong: z.number() });

/**
 * What `npm run evaluate -- --nested --json` writes; counts of `certain` and `confusion` are means over the repeats,
 * `low` and `high` the 95 % interval over resampled cases. `fixed`: with the settings that all cases chose.
 */
const evaluation = z.object({
  model: modelIdentity.omit({ uncertain: true }),
  trainingData: z.string(),
  nested: z.literal(true),
  protocol: z.string(),
  cases: z.int(),
  repeats: z.int(),
  figures,
  fixed: figures,
  certain: z.object({ positive: answers, negative: answers }),
  confusion: z.object({
    truePositive: z.number(),
    falseNegative: z.number(),
    falsePositive: z.number(),
    trueNegative: z.number(),
  }),
  rocBand: z.array(z.tuple([share, share, share])),
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

export type ModelCard = Evaluation & {
  installed: { version: string; hash: string; isEvaluated: boolean; band: UncertainBand; trees: number };
};

/** The committed model's evaluation, and whether it is of the very model that is installed; read once, at start. */
export const MODEL_CARD: ModelCard = readCard();

function readCard(): ModelCard {
  const parsed = evaluation.parse(evaluationJson);
  const { version, hash, model } = INSTALLED;
  const trees = (model.trees?.inputs.length ?? 0) / DEPTH;
  const { uncertainBand: band } = createPredictor(INSTALLED);
  return { ...parsed, installed: { version, hash, isEvaluated: hash === parsed.model.hash, band, trees } };
}
