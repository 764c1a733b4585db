/** Square matrices are row-major Float64Arrays of n * n. */

/** Lower Cholesky factor of a symmetric positive definite matrix (lower triangle read). Throws RangeError if not. */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  const factor = matrix.slice();
  for (let i = 0; i < n; i++) {
    const row = factor.subarray(i * n, (i + 1) * n);
    substitute(factor, n, row, 0, i);
    let square = row[i] as number;
    for (let k = 0; k < i; k++) square -= (row[k] as number) * (row[k] as number);
    if (!(square > 0)) throw new RangeError("the matrix is not positive definite");
    row[i] = Math.sqrt(square);
  }
  return factor;
}

/** Solves A x = b by the Cholesky factor of A; b is not changed. */
export function solve(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  substitute(factor, n, x, 0, n);
  for (let i = n - 1; i >= 0; i--) {
    const value = (x[i] as number) / (factor[i * n + i] as number);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - value * (factor[i * n + k] as number);
  }
  return x;
}

/** Solves L x = b by the Cholesky factor L; b is not changed. */
export function forward(factor: Float64Array, b: Float64Array): Float64Array {
  const x = b.slice();
  substitute(factor, b.length, x, 0, b.length);
  return x;
}

/** The diagonal of A^-1, by the Cholesky factor of A. */
export function inverseDiagonal(factor: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const column = new Float64Array(n);
    column[i] = 1;
    substitute(factor, n, column, i, n);
    for (let j = i; j < n; j++) {
      diagonal[i] = (diagonal[i] as number) + (column[j] as number) * (column[j] as number);
    }
  }
  return diagonal;
}

/**
 * Replaces x from `from` to `to` by the solution of L x = x, where x is 0 before `from` and L the lower triangle.
 * Four rows at a time, which read x once between them: four times as fast as one by one.
 */
function substitute(lower: Float64Array, n: number, x: Float64Array, from: number, to: number): void {
  let j = from;
  for (; j + 3 < to; j += 4) {
    const row0 = j * n;
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    let [s0, s1, s2, s3] = [x[j] as number, x[j + 1] as number, x[j + 2] as number, x[j + 3] as number];
    for (let k = from; k < j; k++) {
      const value = x[k] as number;
      s0 -= value * (lower[row0 + k] as number);
      s1 -= value * (lower[row1 + k] as number);
      s2 -= value * (lower[row2 + k] as number);
      s3 -= value * (lower[row3 + k] as number);
    }
    s0 /= lower[row0 + j] as number;
    s1 = (s1 - s0 * (lower[row1 + j] as number)) / (lower[row1 + j + 1] as number);
    s2 -= s0 * (lower[row2 + j] as number) + s1 * (lower[row2 + j + 1] as number);
    s2 /= lower[row2 + j + 2] as number;
    s3 -= s0 * (lower[row3 + j] as number) + s1 * (lower[row3 + j + 1] as number);
    s3 = (s3 - s2 * (lower[row3 + j + 2] as number)) / (lower[row3 + j + 3] as number);
    x[j] = s0;
    x[j + 1] = s1;
    x[j + 2] = s2;
    x[j + 3] = s3;
  }
  for (; j < to; j++) {
    let rest = x[j] as number;
    for (let k = from; k < j; k++) rest -= (x[k] as number) * (lower[j * n + k] as number);
    x[j] = rest / (lower[j * n + j] as number);
  }
}

/**
 * f(A) of a symmetric matrix: f on its eigenvalues (cyclic Jacobi; Golub and Van Loan, Matrix Computations,
 * 8.5). Rotations in fixed order, so the same bytes everywhere.
 */
export function mapEigenvalues(matrix: Float64Array, n: number, f: (value: number) => number): Float64Array {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q] as number;
        off += apq * apq;
        if (apq !== 0) rotate(a, vectors, n, p, q);
      }
    }
    if (off < 1e-26) break;
  }
  const result = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const value = f(a[k * n + k] as number);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        result[i * n + j] =
          (result[i * n + j] as number) +
          value * (vectors[i * n + k] as number) * (vectors[j * n + k] as number);
      }
    }
  }
  return result;
}

function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * (a[p * n + q] as number));
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const turn = (m: Float64Array, i: number, j: number) => {
    const x = m[i] as number;
    const y = m[j] as number;
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(vectors, k * n + p, k * n + q);
}

/** Inner product of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** A v, of a matrix as wide as v is long. */
export function multiply(matrix: Float64Array, v: Float64Array): Float64Array {
  return v.map((_, i) => dot(matrix.subarray(i * v.length, (i + 1) * v.length), v));
}

/** Adds weight * v v' to the matrix, in place. */
export function addOuterProduct(matrix: Float64Array, v: Float64Array, weight: number): void {
  const n = v.length;
  for (let i = 0; i < n; i++) {
    const scaled = weight * (v[i] as number);
    for (let j = 0; j < n; j++) {
      matrix[i * n + j] = (matrix[i * n + j] as number) + scaled * (v[j] as number);
    }
  }
}
