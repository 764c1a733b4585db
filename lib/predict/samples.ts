/** A row of the dataset that fills the form with one click; `values` are 30 numbers in the dataset's order. */
export type Sample = {
  key: string;
  label: string;
  /** 0-based row of model/data/wdbc.csv, the header not counted. */
  row: number;
  about: string;
  values: readonly number[];
};

export const SAMPLES: readonly [Sample, ...Sample[]] = [
  {
    key: "malignant",
    label: "Malignant sample",
    row: 0,
    about: "a clear malignant case",
    values: [
      17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4,
      0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656,
      0.7119, 0.2654, 0.4601, 0.1189,
    ],
  },
  {
    key: "benign",
    label: "Benign sample",
    row: 46,
    about: "a clear benign case",
    values: [
      8.196, 16.84, 51.71, 201.9, 0.086, 0.05943, 0.01588, 0.005917, 0.1769, 0.06503, 0.1563, 0.9567, 1.094,
      8.205, 0.008968, 0.01646, 0.01588, 0.005917, 0.02574, 0.002582, 8.964, 21.96, 57.26, 242.2, 0.1297,
      0.1357, 0.0688, 0.02564, 0.3105, 0.07409,
    ],
  },
  {
    key: "borderline",
    label: "Borderline",
    row: 413,
    about: "benign, close to the threshold",
    values: [
      14.99, 22.11, 97.53, 693.7, 0.08515, 0.1025, 0.06859, 0.03876, 0.1944, 0.05913, 0.3186, 1.336, 2.31,
      28.51, 0.004449, 0.02808, 0.03312, 0.01196, 0.01906, 0.004015, 16.76, 31.55, 110.2, 867.1, 0.1077,
      0.3345, 0.3114, 0.1308, 0.3163, 0.09251,
    ],
  },
  {
    key: "hard",
    label: "Known hard case",
    row: 297,
    about: "malignant, and missed by every model tried",
    values: [
      11.76, 18.14, 75, 431.1, 0.09968, 0.05914, 0.02685, 0.03515, 0.1619, 0.06287, 0.645, 2.105, 4.138,
      49.11, 0.005596, 0.01005, 0.01272, 0.01432, 0.01575, 0.002758, 13.36, 23.39, 85.1, 553.6, 0.1137,
      0.07974, 0.0612, 0.0716, 0.1978, 0.06915,
    ],
  },
];
