import "server-only";
import * as z from "zod";
import { LEAST_AREA, refusalOf } from "@/lib/measure/checks";
import { measureShape, PROPERTIES, SHAPE_PROPERTIES } from "@/lib/measure/features";
import { lengthOf, sum } from "@/lib/measure/outline";
import {
  ALGORITHM,
  GREY_CHOICES,
  type MeasuredOutline,
  type MeasurementRecord,
  MOST_LENGTH,
  MOST_OUTLINES,
  MOST_POINTS,
  MOST_RECORD_BYTES,
  measuredText,
  OUTLINE_STATES,
} from "@/lib/measure/record";
import { summarise } from "@/lib/measure/summary";
import type { Measurements } from "@/lib/predict/measurements";
import { fail, ok, type Result } from "@/lib/result";
import type { NewMeasurement } from "@/lib/server/prediction/new-prediction";
import { FEATURE_KEYS, measuring } from "@/tables/current";

/** What a browser says of the outlines that a form's values were measured on: parsed, and its shapes measured here again. */

/** How far a number may be from the one that is worked out here: of that one, or of 1 where it is smaller. */
const TOLERANCE = 1e-6;
/** Beyond any image that a browser can open. */
const MOST_PIXELS = 100_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const pixels = z.int().min(1).max(MOST_PIXELS);
/** In measured pixels, to two decimals. */
const place = z
  .number()
  .min(-MOST_PIXELS)
  .max(MOST_PIXELS)
  .refine((value) => Math.round(value * 100) / 100 === value, "has more than two decimals");

const measured: z.ZodType<MeasuredOutline> = z.strictObject({
  points: z
    .array(z.tuple([place, place]))
    .min(3)
    .max(MOST_POINTS),
  state: z.enum(OUTLINE_STATES),
  isDark: z.boolean(),
  edgeQuality: z.number().min(0).max(1),
  values: z.strictObject({
    ...(Object.fromEntries(PROPERTIES.map((property) => [property, z.number()])) as Record<
      (typeof SHAPE_PROPERTIES)[number],
      z.ZodNumber
    >),
    texture: z.number().min(0).max(255).nullable(),
  }),
  plainSmoothness: z.number(),
});

const measurementRecord: z.ZodType<MeasurementRecord> = z.strictObject({
  algorithm: z.string().max(20),
  image: z.strictObject({
    sha256,
    greySha256: sha256,
    // Whatever a browser calls what it could open.
    type: z.string().regex(/^[\w.+-]{1,40}(\/[\w.+-]{1,80})?$/),
    width: pixels,
    height: pixels,
    factor: z.number().min(0.001).max(1_000),
    grey: z.enum(GREY_CHOICES),
  }),
  outlines: z.array(measured).max(MOST_OUTLINES),
});

const AGAIN = "Open the page that measures images, and use its numbers again.";

/**
 * The measurement that came with a form of these values, null where none did; why it cannot be kept, as sentences for a
 * person. Every number of a shape is measured here on the outline's points; texture cannot be, for want of the image.
 */
export function readMeasurement(input: unknown, values: Measurements): Result<NewMeasurement | null, string> {
  if (input === undefined || input === null) return ok(null);
  if (measuring === null) return fail("No image can be measured here, so the outlines were not taken.");
  if (sizeOf(input) > MOST_RECORD_BYTES)
    return fail(`The outlines take more than ${MOST_RECORD_BYTES.toLocaleString("en")} bytes. ${AGAIN}`);
  const parsed = measurementRecord.safeParse(input);
  if (!parsed.success) return fail(`The outlines that came with these values cannot be read. ${AGAIN}`);
  const { algorithm, image, outlines } = parsed.data;
  if (algorithm !== ALGORITHM)
    return fail(`The outlines were measured by another version of this application. ${AGAIN}`);
  const { counts, nouns, demos } = measuring;
  if (outlines.length < counts.least)
    return fail(
      `${counts.least} ${nouns.many} are needed at least, and ${outlines.length} came with these values.`,
    );
  if (sum(outlines.map(({ points }) => lengthOf(points))) > MOST_LENGTH)
    return fail(
      `The outlines are more than ${MOST_LENGTH.toLocaleString("en")} pixels long together. ${AGAIN}`,
    );
  const checked: MeasuredOutline[] = [];
  for (const [at, outline] of outlines.entries()) {
    const measured = measureAgain(outline);
    if (!measured.ok) return fail(`Outline ${at + 1} ${measured.error} ${AGAIN}`);
    checked.push(measured.value);
  }
  return ok({
    record: { algorithm, image, outlines: checked },
    changed: changedOf(checked, values),
    synthetic: demos.some((demo) => demo.sha256 === image.sha256),
  });
}

/** Bytes of the JSON; more than any limit for what has none. */
function sizeOf(input: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(input) ?? "");
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const WHY = {
  "crosses itself": "crosses itself.",
  "too small": `encloses less than ${LEAST_AREA} square pixels.`,
  "off the image": "lies beside the image.",
};

/** The outline with the numbers of its shape as they are worked out here; what is wrong with it, where that is something. */
function measureAgain(outline: MeasuredOutline): Result<MeasuredOutline, string> {
  const { points, values, plainSmoothness } = outline;
  const refusal = refusalOf(points);
  if (refusal !== null) return fail(WHY[refusal]);
  const { snakePoints: _, plainSmoothness: plain, ...shape } = measureShape(points);
  const wrong = SHAPE_PROPERTIES.find((property) => !isNear(values[property], shape[property]));
  if (wrong !== undefined || !isNear(plainSmoothness, plain))
    return fail("has other numbers than its points give.");
  return ok({ ...outline, values: { ...shape, texture: values.texture }, plainSmoothness: plain });
}

const isNear = (given: number | null, own: number) =>
  given !== null && Math.abs(given - own) <= TOLERANCE * Math.max(1, Math.abs(own));

/** The keys of the values that are not those measured. */
function changedOf(outlines: readonly MeasuredOutline[], values: Measurements) {
  const summary: Partial<Record<string, number | null>> = summarise(
    outlines.map((outline) => outline.values),
  );
  return FEATURE_KEYS.filter((key) => {
    const own = summary[key];
    return own == null || Number(measuredText(own)) !== values[key];
  });
}
