/**
 * The one list of the 30 measurements, in the dataset's order: ten means, ten standard errors, ten worsts.
 * Fields, wire order, table columns and database columns follow it or are tested against it.
 * Source: UCI Breast Cancer Wisconsin (Diagnostic), DOI 10.24432/C5DW2B, CC BY 4.0. Units are image units.
 */

/** The ten nuclear properties, each reported as a mean, a standard error and a worst. */
export const PROPERTIES = [
  { key: "radius", label: "Radius", measures: "mean distance from the centre to points on the contour" },
  { key: "texture", label: "Texture", measures: "standard deviation of grey values" },
  { key: "perimeter", label: "Perimeter", measures: "length of the contour" },
  { key: "area", label: "Area", measures: "pixels inside the contour" },
  { key: "smoothness", label: "Smoothness", measures: "local variation in radius lengths" },
  { key: "compactness", label: "Compactness", measures: "how far perimeter and area depart from a circle" },
  { key: "concavity", label: "Concavity", measures: "severity of the concave portions of the contour" },
  {
    key: "concave_points",
    label: "Concave points",
    measures: "extent of the concave portions of the contour",
  },
  {
    key: "symmetry",
    label: "Symmetry",
    measures: "difference in chord lengths either side of the longest axis",
  },
  {
    key: "fractal_dimension",
    label: "Fractal dimension",
    measures: "coastline approximation of the contour",
  },
] as const;

/** The three statistics; "worst" is the mean of the three largest values in the image. */
export const GROUPS = [
  { key: "mean", label: "Mean" },
  { key: "se", label: "SE" },
  { key: "worst", label: "Worst" },
] as const;

type Property = (typeof PROPERTIES)[number]["key"];
type Group = (typeof GROUPS)[number]["key"];
export type FeatureKey = `${Property}_${Group}`;

type Range = { low: number; high: number; min: number; max: number };

/** low..high: 5th to 95th percentile of the 569 training rows; min..max: their extremes. */
const RANGES: Record<FeatureKey, Range> = {
  radius_mean: { low: 9.529, high: 20.58, min: 6.981, max: 28.11 },
  texture_mean: { low: 13.09, high: 27.15, min: 9.71, max: 39.28 },
  perimeter_mean: { low: 60.5, high: 135.8, min: 43.79, max: 188.5 },
  area_mean: { low: 275.8, high: 1310, min: 143.5, max: 2501 },
  smoothness_mean: { low: 0.07504, high: 0.1188, min: 0.05263, max: 0.1634 },
  compactness_mean: { low: 0.04066, high: 0.2087, min: 0.01938, max: 0.3454 },
  concavity_mean: { low: 0.004983, high: 0.243, min: 0, max: 0.4268 },
  concave_points_mean: { low: 0.005621, high: 0.1257, min: 0, max: 0.2012 },
  symmetry_mean: { low: 0.1415, high: 0.2307, min: 0.106, max: 0.304 },
  fractal_dimension_mean: { low: 0.05393, high: 0.07609, min: 0.04996, max: 0.09744 },
  radius_se: { low: 0.1601, high: 0.9595, min: 0.1115, max: 2.873 },
  texture_se: { low: 0.5401, high: 2.212, min: 0.3602, max: 4.885 },
  perimeter_se: { low: 1.133, high: 7.042, min: 0.757, max: 21.98 },
  area_se: { low: 11.36, high: 115.8, min: 6.802, max: 542.2 },
  smoothness_se: { low: 0.00369, high: 0.01264, min: 0.001713, max: 0.03113 },
  compactness_se: { low: 0.007892, high: 0.06058, min: 0.002252, max: 0.1354 },
  concavity_se: { low: 0.003253, high: 0.07894, min: 0, max: 0.396 },
  concave_points_se: { low: 0.003831, high: 0.02288, min: 0, max: 0.05279 },
  symmetry_se: { low: 0.01176, high: 0.03499, min: 0.007882, max: 0.07895 },
  fractal_dimension_se: { low: 0.001522, high: 0.00796, min: 0.0008948, max: 0.02984 },
  radius_worst: { low: 10.53, high: 25.64, min: 7.93, max: 36.04 },
  texture_worst: { low: 16.57, high: 36.3, min: 12.02, max: 49.54 },
  perimeter_worst: { low: 67.86, high: 171.6, min: 50.41, max: 251.2 },
  area_worst: { low: 331.1, high: 2010, min: 185.2, max: 4254 },
  smoothness_worst: { low: 0.09573, high: 0.1718, min: 0.07117, max: 0.2226 },
  compactness_worst: { low: 0.0712, high: 0.5641, min: 0.02729, max: 1.058 },
  concavity_worst: { low: 0.01836, high: 0.6824, min: 0, max: 1.252 },
  concave_points_worst: { low: 0.02429, high: 0.2369, min: 0, max: 0.291 },
  symmetry_worst: { low: 0.2127, high: 0.4062, min: 0.1565, max: 0.6638 },
  fractal_dimension_worst: { low: 0.06256, high: 0.1195, min: 0.05504, max: 0.2075 },
};

export type Feature = {
  key: FeatureKey;
  label: string;
  property: Property;
  group: Group;
  index: number;
  measures: string;
  range: Range;
};

/** The 30 features; `index` is the position on every wire. */
export const FEATURES: readonly Feature[] = GROUPS.flatMap((group, g) =>
  PROPERTIES.map((property, p) => {
    const key: FeatureKey = `${property.key}_${group.key}`;
    return {
      key,
      label: `${property.label}, ${group.label === "SE" ? "SE" : group.label.toLowerCase()}`,
      property: property.key,
      group: group.key,
      index: g * PROPERTIES.length + p,
      measures: property.measures,
      range: RANGES[key],
    };
  }),
);

export const FEATURE_KEYS: readonly FeatureKey[] = FEATURES.map((feature) => feature.key);
