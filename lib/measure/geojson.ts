import { fail, ok, type Result } from "../result";
import { PROPERTIES } from "./features";
import { type OutlineRead, outlinesOf, type ShapeInFile, toFile } from "./outlines-in-file";
import { type MeasuredOutline, type MeasurementRecord, OUTLINE_STATES } from "./record";

// Outlines as GeoJSON in pixels of the image's file, y downwards, as QuPath writes and reads it.

/** Outlines from a file, in measured pixels of an image at `factor`. */
export type OutlinesRead = {
  outlines: readonly OutlineRead[];
  /** SHA-256 of the file that they were drawn on, null where the file does not say. */
  sha256: string | null;
  /** Sentences: what was left out and why. */
  leftOut: readonly string[];
};

/** Characters of a file: some hundred outlines by a program that writes many decimals are a tenth of it. */
const MOST_CHARACTERS = 20_000_000;

/**
 * The outlines of a FeatureCollection, a Feature, a list of features or a bare geometry: the outer rings of its polygons.
 * The error is for a person.
 */
export function readGeoJson(text: string, factor: number): Result<OutlinesRead, string> {
  if (text.length > MOST_CHARACTERS) return fail("The file is larger than 20 MB.");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail("The file is no GeoJSON: it cannot be read as JSON.");
  }
  const features = featuresOf(json);
  if (features === null) return fail("The file is no GeoJSON: it has neither features nor a geometry.");
  const read = outlinesOf(shapesOf(features), factor);
  return read.ok ? ok({ ...read.value, sha256: sha256Of(json) }) : read;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function featuresOf(json: unknown): readonly unknown[] | null {
  if (Array.isArray(json)) return json;
  if (!isObject(json) || typeof json.type !== "string") return null;
  if (json.type === "FeatureCollection") return Array.isArray(json.features) ? json.features : null;
  if (json.type === "Feature") return [json];
  return Array.isArray(json.coordinates) ? [{ type: "Feature", geometry: json }] : null;
}

function sha256Of(json: unknown): string | null {
  const sha256 = isObject(json) && isObject(json.image) ? json.image.sha256 : null;
  return typeof sha256 === "string" && /^[0-9a-f]{64}$/i.test(sha256) ? sha256.toLowerCase() : null;
}

function* shapesOf(features: readonly unknown[]): Generator<ShapeInFile> {
  for (const feature of features) {
    const { geometry, properties } = isObject(feature) ? feature : {};
    const { type, coordinates } = isObject(geometry) ? geometry : {};
    const { state: named, isDark } = isObject(properties) ? properties : {};
    const state = OUTLINE_STATES.find((one) => one === named);
    const polygons = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : null;
    if (!Array.isArray(polygons)) yield { points: null };
    else {
      for (const rings of polygons) {
        const [outer, ...holes] = Array.isArray(rings) ? rings : [];
        yield {
          points: Array.isArray(outer) ? outer : null,
          hasHoles: holes.length > 0,
          ...(state !== undefined && { state }),
          ...(typeof isDark === "boolean" && { isDark }),
        };
      }
    }
  }
}

/** A FeatureCollection of the outlines with the image's facts as a foreign member; a feature to a line. */
export function writeGeoJson(
  { algorithm, image, outlines }: MeasurementRecord,
  names: { one: string },
): string {
  const { sha256, greySha256, width, height, factor, grey } = image;
  const facts = JSON.stringify({ sha256, greySha256, width, height, factor, grey, algorithm }, null, 2);
  const features = outlines.map((outline, at) =>
    JSON.stringify(featureOf(outline, `${names.one} ${at + 1}`, factor)),
  );
  const list = features.length === 0 ? "[]" : `[\n    ${features.join(",\n    ")}\n  ]`;
  return `{\n  "type": "FeatureCollection",\n  "image": ${facts.replaceAll("\n", "\n  ")},\n  "features": ${list}\n}\n`;
}

function featureOf(
  { points, state, isDark, edgeQuality, values }: MeasuredOutline,
  name: string,
  factor: number,
) {
  // A tenth of what the points are kept to, so that they come back the same.
  const decimals = Math.max(3, Math.ceil(Math.log10(factor)) + 3);
  const ring = points.map((point) =>
    point.map((measured) => Number(toFile(measured, factor).toFixed(decimals))),
  );
  // QuPath takes numbers only.
  const known = PROPERTIES.filter((property) => values[property] !== null);
  const measurements = Object.fromEntries(known.map((property) => [property, values[property]]));
  return {
    type: "Feature",
    properties: { name, state, isDark, edgeQuality, measurements },
    geometry: { type: "Polygon", coordinates: [[...ring, ...ring.slice(0, 1)]] },
  };
}
