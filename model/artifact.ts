import * as z from "zod";
import { FEATURE_KEYS } from "../tables/current";

const WIDTH = FEATURE_KEYS.length;
const vector = z.array(z.number()).length(WIDTH);
const positiveVector = z.array(z.number().positive()).length(WIDTH);
/** Upper triangle of a symmetric matrix, as wide as a case, row by row, diagonal included. */
const triangle = z.array(z.number()).length((WIDTH * (WIDTH + 1)) / 2);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");

/** Everything a prediction needs, as `npm run train` writes it. Numbers have at most 12 significant digits. */
const artifactSchema = z.strictObject({
  format: z.literal(3),
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  /** SHA-256 of `canonicalJson` of the artifact without this field. */
  hash: sha256,
  /** SHA-256 of the training file's bytes. */
  trainingData: sha256,
  features: z
    .array(z.string())
    .refine((keys) => keys.join() === FEATURE_KEYS.join(), "the feature order is not this code's"),
  /** Positive when the probability is at least this. */
  threshold: z.number().gt(0).lt(1),
  /**
   * z = (ln(clamp(x, low, high) + offset) - mean) / scale; low and high are the training extremes.
   * logit = intercept + sum of weights[j] z[j] + sum over j <= k of products[j, k] z[j] z[k].
   */
  model: z.strictObject({
    kind: z.literal("quadratic-logistic-regression"),
    low: vector,
    high: vector,
    offsets: vector,
    means: vector,
    scales: positiveVector,
    intercept: z.number(),
    weights: vector,
    products: triangle,
    /** Mean over the training cases of each measurement's share of the quadratic part; see explain.ts. */
    expected: vector,
  }),
  /**
   * The positive class is in the prediction set when logit >= malignantFrom, the negative one when logit <= benignTo;
   * `level`: the share of each class that should keep its true label at least (calibrate.ts says why).
   */
  conformal: z.strictObject({
    level: z.number().gt(0).lt(1),
    malignantFrom: z.number(),
    benignTo: z.number(),
  }),
  /** Each training case's logit from a model without it, calibrated, and its class; in the training file's order. */
  heldOut: z
    .strictObject({ logits: z.array(z.number()), positive: z.array(z.literal([0, 1])) })
    .refine(({ logits, positive }) => logits.length === positive.length, "each logit needs its class"),
  /**
   * z' precision z beyond `limit` (the `quantile` of the training cases) is atypical. `scales`: the logarithm of the factor
   * by which a case's values look multiplied is weights . z, with the standard deviation `sd` over the training cases;
   * more than `limit` deviations are not one case's.
   */
  typicality: z.strictObject({
    quantile: z.number().gt(0).lt(1),
    limit: z.number(),
    precision: triangle,
    scales: z.array(
      z.strictObject({
        key: z.string(),
        weights: vector,
        sd: z.number().positive(),
        limit: z.number().positive(),
      }),
    ),
  }),
});

export type Artifact = z.infer<typeof artifactSchema>;
export type UnsignedArtifact = Omit<Artifact, "hash">;

/** Checks a decoded artifact.json; throws an Error that names every bad field. */
export function parseArtifact(json: unknown): Artifact {
  const parsed = artifactSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`the model artifact cannot be used:\n${z.prettifyError(parsed.error)}`);
}

/** The text that is hashed: JSON without spaces, in the order `train` builds it. */
export function canonicalJson(artifact: UnsignedArtifact): string {
  return JSON.stringify(artifact);
}
