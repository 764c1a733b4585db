import { FEATURE_KEYS, table } from "../tables/current";
import { calibrate } from "./calibrate";
import type { Dataset } from "./dataset";
import { exp, log } from "./elementary";
import { fitKernelLogistic, type KernelLogistic } from "./kernel-logistic";
import { addOuterProduct, dot, mapEigenvalues, multiply } from "./linear-algebra";
import { logLossOf } from "./log-loss";
import { fitLogarithms, type Inputs, standardise } from "./standardise";

/** What can be chosen of a quadratic logistic regression; docs/decisions/0024-model.md says how it is. */
export type Setting = {
  /** Medians added to a value before its logarithm: 0 the logarithm itself, many nearly the value as it is; of pinned ones. */
  shift: number;
  /** A number is taken as its logarithm where its skewness is beyond this and falls by it; of searched ones. */
  skewed?: number;
  /** How far the correlated logarithms are pulled towards independence: 0 not at all, 1 wholly. */
  whitening: number;
  /** Of the kernel (1 + curvature * u.v / width)^2; the larger, the more the products of measurements weigh. */
  curvature: number;
  /** The penalty, as a share of what the kernel gives two equal cases of ordinary length. */
  ridge: number;
};

/** Settings of one shift whose logits are averaged; the weights add up to 1. */
export type Choice = (Setting & { weight: number })[];

type Fit = KernelLogistic & { setting: Setting; whitened: Float64Array[]; whitener: Float64Array };

/** The fits of one shift, on the same standardised training cases. */
export type Fits = {
  shift: number;
  inputs: Inputs;
  rows: Float64Array[];
  correlation: Float64Array;
  fits: Fit[];
};

const WIDTH = FEATURE_KEYS.length;

/** Added to the eigenvalues of the correlation matrix, so that tiny ones are not blown up. */
const EIGENVALUE_FLOOR = 0.03;

/** All that are tried; none where the table leaves it to a search. */
export const SETTINGS: readonly Setting[] = allOf(table.settings);

function allOf(pinned: typeof table.settings): Setting[] {
  if (pinned === null) return [];
  return pinned.shift.flatMap((shift) =>
    pinned.whitening.flatMap((whitening) =>
      pinned.curvature.flatMap((curvature) =>
        pinned.ridge.map((ridge) => ({ shift, whitening, curvature, ridge })),
      ),
    ),
  );
}

/** A model before its calibration, and what it was made of. */
export type Fitted = {
  inputs: Inputs;
  /** The cases as inputs. */
  rows: Float64Array[];
  /** Mean over the cases of the product of every two inputs, row by row. */
  correlation: Float64Array;
  quadratic: Quadratic;
};

/** What chooses settings for the cases it was made for, and fits a choice to them; its fits are made once. */
export type Fitting = { choose: () => Choice; fit: (choice: Choice) => Fitted };

/** The fitting of a table whose settings are pinned. Throws if a class is missing. */
export function gridFitting(dataset: Dataset, settings: readonly Setting[] = SETTINGS): Fitting {
  const grid = fitGrid(dataset, settings);
  return {
    choose: () => choose(grid, dataset.positive),
    fit: (choice) => {
      const fits = grid.find(({ shift }) => shift === choice[0]?.shift);
      if (fits === undefined) throw new RangeError("the chosen settings were not fitted");
      const { inputs, rows, correlation } = fits;
      return { inputs, rows, correlation, quadratic: average(fits, choice) };
    },
  };
}

/** Fits each setting to the dataset, those of one shift together. Throws if a class is missing. */
export function fitGrid(dataset: Dataset, settings: readonly Setting[]): Fits[] {
  return [...new Set(settings.map(({ shift }) => shift))].map((shift) => {
    const inputs = fitLogarithms(dataset.features, shift);
    const rows = dataset.features.map((row) => standardise(inputs, row));
    const correlation = correlations(rows);
    const fits: Fit[] = [];
    for (const setting of settings) {
      if (setting.shift !== shift) continue;
      const before = fits.at(-1);
      const isSameSpace = before?.setting.whitening === setting.whitening;
      const whitener = isSameSpace ? before.whitener : partialWhitener(correlation, setting.whitening);
      const whitened = isSameSpace ? before.whitened : rows.map((row) => multiply(whitener, row));
      const { curvature, ridge } = setting;
      const fitted = fitKernelLogistic(
        gramOf(whitened, curvature),
        dataset.positive,
        ridge * curvature * (2 + curvature),
        before?.logits,
      );
      fits.push({ ...fitted, setting, whitened, whitener });
    }
    return { shift, inputs, rows, correlation, fits };
  });
}

/** (correlation + floor)^(-whitening / 2), scaled to make the mean square length of a case its number of inputs. */
export function partialWhitener(correlation: Float64Array, whitening: number): Float64Array {
  const width = Math.sqrt(correlation.length);
  let meanSquare = 0;
  const power = (value: number) => {
    const floored = Math.max(value, 0) + EIGENVALUE_FLOOR;
    const shrink = exp((-whitening / 2) * log(floored));
    meanSquare += (Math.max(value, 0) * shrink * shrink) / width;
    return shrink;
  };
  const whitener = mapEigenvalues(correlation, width, power);
  return whitener.map((x) => x / Math.sqrt(meanSquare));
}

function gramOf(rows: readonly Float64Array[], curvature: number): Float64Array {
  const n = rows.length;
  const gram = new Float64Array(n * n);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j <= i; j++) {
      const inner = 1 + (curvature / WIDTH) * dot(row, rows[j] as Float64Array);
      gram[i * n + j] = inner * inner;
    }
  }
  return gram;
}

export function correlations(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const matrix = new Float64Array(width * width);
  for (const row of rows) addOuterProduct(matrix, row, 1 / rows.length);
  return matrix;
}

/** All settings of a shift with one weight: of the shift whose mean has the least leave-one-out log-loss. */
export function choose(grid: readonly Fits[], positive: readonly (0 | 1)[]): Choice {
  const averages = grid.map((fits) => {
    const choice = fits.fits.map(({ setting }) => ({ ...setting, weight: 1 / fits.fits.length }));
    return { choice, loss: leaveOneOutLoss(average(fits, choice), positive) };
  });
  const best = averages.reduce((least, one) => (one.loss < least.loss ? one : least));
  return best.choice;
}

/** Mean log-loss of the leave-one-out logits, calibrated. */
function leaveOneOutLoss({ leaveOneOut }: Quadratic, positive: readonly (0 | 1)[]): number {
  const { slope, intercept } = calibrate(leaveOneOut, positive);
  let loss = 0;
  for (const [i, logit] of leaveOneOut.entries()) {
    const calibrated = slope * logit + intercept;
    loss += logLossOf(calibrated, positive[i]) / positive.length;
  }
  return loss;
}

/** logit = intercept + weights.z + z' matrix z, and the logit of each training case from a model without it. */
export type Quadratic = {
  intercept: number;
  weights: Float64Array;
  matrix: Float64Array;
  leaveOneOut: Float64Array;
};

/** The weighted mean of the fits: as quadratic in z as each of them, and no training case is needed to predict. */
export function average({ fits, rows }: Fits, choice: Choice): Quadratic {
  const mean: Quadratic = {
    intercept: 0,
    weights: new Float64Array(WIDTH),
    matrix: new Float64Array(WIDTH * WIDTH),
    leaveOneOut: new Float64Array(rows.length),
  };
  for (const { weight, ...setting } of choice) {
    const fit = fits.find((one) => isSame(one.setting, setting));
    if (fit === undefined) throw new RangeError("the chosen setting was not fitted");
    const { weights, matrix } = multipliedOut(fit);
    // The kernel's constant term cancels: the coefficients add up to 0.
    mean.intercept += weight * fit.intercept;
    addTo(mean.weights, weights, weight);
    addTo(mean.matrix, matrix, weight);
    addTo(mean.leaveOneOut, fit.leaveOneOut, weight);
  }
  return mean;
}

/** The kernel expansion as weights and a symmetric matrix of z. */
function multipliedOut({ setting, coefficients, whitened, whitener }: Fit) {
  const c = setting.curvature / WIDTH;
  return expand(coefficients, { rows: whitened, whitener }, { linear: 2 * c, quadratic: c * c });
}

/** The sum of the coefficients times linear u.v + quadratic (u.v)^2, v a whitened case, as weights and a symmetric matrix of z. */
export function expand(
  coefficients: Float64Array,
  { rows, whitener }: { rows: readonly Float64Array[]; whitener: Float64Array },
  { linear, quadratic }: { linear: number; quadratic: number },
): Pick<Quadratic, "weights" | "matrix"> {
  const weights = new Float64Array(rows[0]?.length ?? 0);
  const matrix = new Float64Array(weights.length * weights.length);
  for (const [i, row] of rows.entries()) {
    const a = coefficients[i] as number;
    addTo(weights, row, linear * a);
    addOuterProduct(matrix, row, quadratic * a);
  }
  return { weights: multiply(whitener, weights), matrix: turnBack(matrix, whitener) };
}

/** A symmetric matrix of whitened inputs as one of the inputs themselves. */
export function turnBack(matrix: Float64Array, whitener: Float64Array): Float64Array {
  const width = Math.sqrt(matrix.length);
  // The whitener W and the quadratic Q are symmetric, so W Q W is row by row W (Q w), w a row of W.
  const turned = new Float64Array(matrix.length);
  for (let j = 0; j < width; j++) {
    const row = whitener.subarray(j * width, (j + 1) * width);
    turned.set(multiply(whitener, multiply(matrix, row)), j * width);
  }
  return turned;
}

/** Adds the values times the weight to the sum, in place. */
export function addTo(sum: Float64Array, values: ArrayLike<number>, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + weight * (values[i] as number);
}

const isSame = (a: Setting, b: Setting) =>
  a.shift === b.shift && a.whitening === b.whitening && a.curvature === b.curvature && a.ridge === b.ridge;
