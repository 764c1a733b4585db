import * as z from "zod";
import { FEATURE_KEYS } from "../tables/current";

const vector = z.array(z.number());
const counts = z.array(z.int().nonnegative());
/** Upper triangle of a symmetric matrix, row by row, diagonal included. */
const triangle = z.array(z.number());
const sizeOfTriangle = (width: number) => (width * (width + 1)) / 2;
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
   * With `inputs`, z is made of them: of a column's number as above, or without the logarithm and the offset ("value"), 0
   * where it is not known; or of 1 where the column is "missing", or has one of these levels, and else 0.
   * With `trees`, one value of each is added: that of the cell 4 a + 2 b + c, where a, b and c are 1 where z of the tree's
   * three `inputs` is above its three `cuts`. `cases`: how many training cases are in each of the eight cells.
   */
  model: z.strictObject({
    kind: z.literal("quadratic-logistic-regression"),
    inputs: z
      .array(
        z.strictObject({
          column: z.literal([...FEATURE_KEYS.keys()]),
          of: z.union([z.literal(["logarithm", "value", "missing"]), z.array(z.int().nonnegative())]),
        }),
      )
      .optional(),
    low: vector,
    high: vector,
    offsets: vector,
    means: vector,
    scales: z.array(z.number().positive()),
    intercept: z.number(),
    weights: vector,
    products: triangle,
    /** Mean over the training cases of each input's share of the quadratic part; see explain.ts. */
    expected: vector,
    trees: z.strictObject({ inputs: counts, cuts: vector, values: vector, cases: counts }).optional(),
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
   * With z of the inputs that are numbers: z' precision z beyond `limit` (the `quantile` of the training cases) is atypical.
   * `scales`: the logarithm of the factor by which a case's values look multiplied is weights . z, with the standard
   * deviation `sd` over the training cases; more than `limit` deviations are not one case's.
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
type Trees = NonNullable<Artifact["model"]["trees"]>;

/** What is wrong with trees of a model of `width` inputs that was fitted to `rows` cases. */
function ungrown({ inputs, cuts, values, cases }: Trees, width: number, rows: number): string[] {
  const trees = values.length / 8;
  const inTree = cases.map((_, at) => cases.slice(at, at + 8)).filter((_, at) => at % 8 === 0);
  return [
    inputs.length === 3 * trees && cuts.length === 3 * trees && cases.length === 8 * trees
      ? ""
      : "trees need three inputs, three cuts, eight values and eight counts each",
    inputs.every((input) => input < width) ? "" : `trees have inputs beyond the model's ${width}`,
    inTree.every((counts) => counts.reduce((sum, count) => sum + count, 0) === rows)
      ? ""
      : `each tree's counts must add up to ${rows} cases`,
  ].filter((problem) => problem !== "");
}

/** The parts whose length is not that of the model's inputs, or of those of them that are numbers, and trees that do not fit. */
function misfits({ model, typicality, heldOut }: Artifact): string[] {
  const { inputs, trees, low, high, offsets, means, scales, weights, products, expected } = model;
  const width = inputs?.length ?? FEATURE_KEYS.length;
  const numbers = inputs?.filter(({ of }) => of === "logarithm" || of === "value").length ?? width;
  const lengths = Object.entries({ low, high, offsets, means, scales, weights, expected }).map(
    ([name, { length }]) => ({ name, length, wanted: width }),
  );
  const wrong = [
    ...lengths,
    { name: "products", length: products.length, wanted: sizeOfTriangle(width) },
    { name: "precision", length: typicality.precision.length, wanted: sizeOfTriangle(numbers) },
    ...typicality.scales.map(({ key, weights }) => ({ name: key, length: weights.length, wanted: numbers })),
  ].flatMap(({ name, length, wanted }) =>
    length === wanted ? [] : [`${name} has ${length} numbers instead of ${wanted}`],
  );
  return [...wrong, ...(trees === undefined ? [] : ungrown(trees, width, heldOut.logits.length))];
}

export type UnsignedArtifact = Omit<Artifact, "hash">;

/** Checks a decoded artifact.json; throws an Error that names every bad field. */
export function parseArtifact(json: unknown): Artifact {
  const parsed = artifactSchema.safeParse(json);
  const problems = parsed.success ? misfits(parsed.data) : [z.prettifyError(parsed.error)];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new Error(`the model artifact cannot be used:\n${problems.join("\n")}`);
}

/** The text that is hashed: JSON without spaces, in the order `train` builds it. */
export function canonicalJson(artifact: UnsignedArtifact): string {
  return JSON.stringify(artifact);
}
