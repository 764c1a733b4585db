import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { boxOf, refusalOf } from "@/lib/measure/checks";
import { measureShape, PROPERTIES, textureOf } from "@/lib/measure/features";
import { readGeoJson } from "@/lib/measure/geojson";
import { greyBytes, greyInto } from "@/lib/measure/pixels";
import { summarise } from "@/lib/measure/summary";
import { measuring } from "./measuring";

/** Where both images say that a computer drew them. */
const WORDS = { left: 268, top: 258, right: 355, bottom: 266 };

/** Some of the numbers of what was drawn, worked out by whoever drew it before there was this program. */
const DRAWN = {
  calm: {
    ...{
      radius_mean: 11.85,
      radius_se: 0.2367,
      radius_worst: 13.07,
      texture_mean: 18.55,
      texture_worst: 21.62,
    },
    ...{ perimeter_mean: 75.26, area_mean: 437.7, area_worst: 529.4, compactness_mean: 0.0365 },
    ...{ concavity_mean: 0.004782, concave_points_worst: 0.02083, fractal_dimension_mean: 0.0515 },
  },
  wild: {
    ...{
      radius_mean: 17.97,
      radius_se: 1.003,
      radius_worst: 23.09,
      texture_mean: 23.95,
      texture_worst: 26.66,
    },
    ...{ perimeter_mean: 115.2, area_mean: 1043, area_worst: 1716, compactness_mean: 0.0528 },
    ...{ concavity_mean: 0.0452, concave_points_worst: 0.1161, fractal_dimension_mean: 0.04737 },
  },
} as Record<string, Record<string, number>>;

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const fileOf = (address: string) => readFileSync(`tables/wdbc${address}`);

it("names images of its folder", () => {
  expect(measuring.demos.map(({ key }) => key)).toEqual(Object.keys(DRAWN));
});

describe.each(measuring.demos)("the image $key", ({ key, image, truth, sha256 }) => {
  const text = fileOf(truth).toString();
  const read = readGeoJson(text, 1);
  if (!read.ok) throw new Error(read.error);
  const outlines = read.value.outlines.map(({ points }) => points);

  async function grey() {
    const { data, info } = await sharp(fileOf(image)).raw().toBuffer({ resolveWithObject: true });
    const values = new Float32Array(info.width * info.height);
    greyInto(values, data, "luminance", { samples: info.channels });
    return { width: info.width, height: info.height, data: values };
  }

  it("is the one that is named, and that the outlines were drawn on", async () => {
    expect(sha256Of(fileOf(image))).toBe(sha256);
    expect(JSON.parse(text).image).toMatchObject({ sha256, greySha256: sha256Of(greyBytes(await grey())) });
    expect(read.value.sha256).toBe(sha256);
  });

  it("has outlines that can all be measured", async () => {
    const size = await grey();
    expect(read.value.leftOut).toEqual([]);
    expect(outlines.length).toBeGreaterThan(measuring.counts.enough);
    expect(outlines.map((outline) => refusalOf(outline, size))).toEqual(outlines.map(() => null));
  });

  it("says in its corner that a computer drew it, where no outline is", async () => {
    const { width, data } = await grey();
    let ink = 0;
    for (let y = WORDS.top; y <= WORDS.bottom; y++) {
      for (let x = WORDS.left; x <= WORDS.right; x++) if ((data[y * width + x] ?? 255) < 120) ink++;
    }
    expect(ink).toBeGreaterThan(100);
    for (const outline of outlines) {
      const { right, bottom } = boxOf(outline);
      // Nor is one close enough for its edge to be looked for there.
      expect(right < WORDS.left - 10 || bottom < WORDS.top - 10).toBe(true);
    }
  });

  it("has the numbers that were drawn", async () => {
    const picture = await grey();
    const values = outlines.map((outline) => ({
      ...measureShape(outline),
      texture: textureOf(outline, picture),
    }));
    const { features } = JSON.parse(text);
    expect(features.length).toBe(outlines.length);
    for (const [at, { properties }] of features.entries()) {
      for (const property of PROPERTIES) {
        expect(properties.measurements[property]).toBeCloseTo(values[at]?.[property] ?? Number.NaN, 6);
      }
    }
    const summary: Record<string, number | null> = summarise(values);
    for (const [column, drawn] of Object.entries(DRAWN[key] ?? {})) {
      // The file has 120 points of each outline, and shallow dents lose most by that.
      const share = column.startsWith("concavity") ? 0.05 : 0.01;
      expect(Math.abs((summary[column] ?? Number.NaN) / drawn - 1), column).toBeLessThan(share);
    }
  });
});
