import { createHash } from "node:crypto";
import { measureShape } from "../lib/measure/features";
import type { Outline } from "../lib/measure/outline";
import {
  ALGORITHM,
  asKept,
  type MeasuredOutline,
  type MeasurementRecord,
  measuredText,
} from "../lib/measure/record";
import { summarise } from "../lib/measure/summary";
import { byKey, type Measurements } from "../lib/predict/measurements";

/** Measured images for tests: outlines as a page would have them, and the values that follow. */

/** Something like an outline around a place, its radius in measured pixels; `dents` bends it. */
export const outlineAround = (x: number, y: number, radius: number, dents = 0.04): Outline =>
  asKept(
    Array.from({ length: 48 }, (_, at) => {
      const angle = (2 * Math.PI * at) / 48;
      const r = radius * (1 + dents * Math.sin(3 * angle) + dents * Math.cos(5 * angle));
      return [x + r * Math.cos(angle), y + r * 0.9 * Math.sin(angle)];
    }),
  );

export function measuredOf(points: Outline, texture: number | null = 14.5): MeasuredOutline {
  const { plainSmoothness, snakePoints: _, ...shape } = measureShape(points);
  return {
    ...{ points, state: "snapped", isDark: true, edgeQuality: 0.93, plainSmoothness },
    values: { ...shape, texture },
  };
}

export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** A file that says nothing; that it is none that can be opened, nothing here minds. */
export const IMAGE = Buffer.from("no picture, but the very file that was measured");

/** A record of `count` outlines on the image with this hash. */
export function recordOf(count = 12, hash = sha256(IMAGE)): MeasurementRecord {
  return {
    algorithm: ALGORITHM,
    image: {
      ...{ sha256: hash, greySha256: sha256("grey"), type: "image/png" },
      ...{ width: 640, height: 480, factor: 1, grey: "luminance" },
    },
    outlines: Array.from({ length: count }, (_, at) =>
      measuredOf(
        outlineAround(60 + 100 * (at % 6), 60 + 90 * Math.floor(at / 6), 10 + (at % 5), 0.01 * (at % 4)),
        10 + at / 3,
      ),
    ),
  };
}

/** The values that a form has of a record. */
export function valuesOf({ outlines }: MeasurementRecord): Measurements {
  const summary: Partial<Record<string, number | null>> = summarise(outlines.map(({ values }) => values));
  return byKey(({ key }) => Number(measuredText(summary[key] ?? 0)));
}
