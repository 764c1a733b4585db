import * as z from "zod";
import { FEATURE_KEYS } from "./features";

const vector = z.array(z.number()).length(FEATURE_KEYS.length);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");

/** Everything a prediction needs, as `npm run train` writes it. */
const artifactSchema = z.strictObject({
  format: z.literal(1),
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  /** SHA-256 of `canonicalJson` of the artifact without this field. */
  hash: sha256,
  /** SHA-256 of the training file's bytes. */
  trainingData: sha256,
  features: z
    .array(z.string())
    .refine((keys) => keys.join() === FEATURE_KEYS.join(), "the feature order is not this code's"),
  /** Malignant when the probability is at least this. */
  threshold: z.number().gt(0).lt(1),
  /** Standardisation, then one weight a feature: logit = intercept + sum of weight * (x - mean) / scale. */
  model: z.strictObject({
    kind: z.literal("logistic-regression"),
    means: vector,
    scales: z.array(z.number().positive()).length(FEATURE_KEYS.length),
    weights: vector,
    intercept: z.number(),
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
