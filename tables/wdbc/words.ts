import type { Words } from "../table";

/** Ten properties of the nuclei in one image. */
export const properties = {
  radius: { label: "Radius", measures: "mean distance from the centre to points on the contour" },
  texture: { label: "Texture", measures: "standard deviation of grey values" },
  perimeter: { label: "Perimeter", measures: "length of the contour" },
  area: { label: "Area", measures: "pixels inside the contour, plus half its length" },
  smoothness: { label: "Smoothness", measures: "local variation in radius lengths" },
  compactness: { label: "Compactness", measures: "how far perimeter and area depart from a circle" },
  concavity: { label: "Concavity", measures: "severity of the concave portions of the contour" },
  concave_points: {
    label: "Concave points",
    measures: "share of the contour's points that lie in a dent",
    names: ["concave pts", "nconcave"],
  },
  symmetry: {
    label: "Symmetry",
    measures: "difference in chord lengths either side of the longest axis",
  },
  fractal_dimension: {
    label: "Fractal dimension",
    measures: "coastline approximation of the contour",
    names: ["fractal dim"],
  },
};

/**
 * Each property is reported three times; "worst" is the mean of the three largest values in the image. Names: of
 * scikit-learn ("radius error"), R's mclust ("Radius_extreme") and ucimlrepo ("radius1").
 */
const groups = {
  mean: { label: "Mean", names: ["1"] },
  se: { label: "SE", long: "Standard error", names: ["error", "standard error", "2"] },
  worst: { label: "Worst", names: ["extreme", "3"] },
};

export type Property = keyof typeof properties;
export type FeatureKey = `${Property}_${keyof typeof groups}`;

/**
 * What a cytologist looks at together. Radius, perimeter and area all say how large the nuclei are, and their standard
 * errors how much that varies between nuclei (anisokaryosis). The fractal dimension, though of the contour, is beside
 * symmetry: like it, and unlike the rest of the contour, it hardly tells the classes apart.
 */
const families = {
  size: { label: "Size" },
  size_variation: { label: "Variation in size" },
  contour: { label: "Contour" },
  texture: { label: "Texture" },
  symmetry: { label: "Symmetry, fractal dimension" },
};

function familyOf(property: Property, group: keyof typeof groups): keyof typeof families {
  if (property === "texture" || property === "symmetry") return property;
  if (property === "fractal_dimension") return "symmetry";
  if (property !== "radius" && property !== "perimeter" && property !== "area") return "contour";
  return group === "se" ? "size_variation" : "size";
}

const inLabel = { mean: "mean", se: "SE", worst: "worst" };

const columns = Object.fromEntries(
  (Object.keys(groups) as (keyof typeof groups)[]).flatMap((group) =>
    (Object.keys(properties) as Property[]).map((property) => [
      `${property}_${group}`,
      {
        label: `${properties[property].label}, ${inLabel[group]}`,
        // Kaggle's copy separates two words with a space in these names and in no others.
        alias: `${property.replace("concave_points", "concave points")}_${group}`,
        family: familyOf(property, group),
      },
    ]),
  ),
) as Record<FeatureKey, { label: string; alias: string; family: string }>;

export const words = {
  app: { name: "Cytodesk", slug: "cytodesk" },
  notice: [
    "For education and research.",
    "Not a medical device",
    ": do not use it to diagnose or treat anyone.",
  ],
  classes: { M: { word: "malignant", shape: "▲" }, B: { word: "benign", shape: "●" } },
  nouns: {
    value: "measurement",
    values: "measurements",
    heading: "Measurement",
    ofCase: "What was measured",
    errors: "errors of measurement",
    answer: "diagnosis",
    person: "patient",
  },
  outcome: { test: "biopsy", aTest: "a biopsy", tested: "biopsied" },
  grid: { heading: "Image units", units: "in image units" },
  groups,
  properties,
  families,
  columns,
  samples: {
    malignant: { label: "Malignant", about: "a clear malignant case" },
    benign: { label: "Benign", about: "a clear benign case" },
    borderline: { label: "Borderline", about: "benign, close to the cut-off" },
    hard: { label: "Missed", about: "malignant, and missed by every model tried" },
  },
} satisfies Words<FeatureKey>;
