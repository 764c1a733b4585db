/** Square matrices are row-major Float64Arrays of n * n. */

/** Lower Cholesky factor of a symmetric positive definite matrix (lower triangle read). Throws RangeError if not. */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  const factor = matrix.slice();
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * n;
      let sum = factor[rowI + j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[rowI + k] as number) * (factor[rowJ + k] as number);
      if (i !== j) {
        factor[rowI + j] = sum / (factor[rowJ + j] as number);
        continue;
      }
      if (!(sum > 0)) throw new RangeError("the matrix is not positive definite");
      factor[rowI + i] = Math.sqrt(sum);
    }
  }
  return factor;
}

/** Solves A x = b by the Cholesky factor of A; b is not changed. */
export function solve(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (factor[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = (x[i] as number) / (factor[i * n + i] as number);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - value * (factor[i * n + k] as number);
  }
  return x;
}

/** The diagonal of A^-1, by the Cholesky factor of A. */
export function inverseDiagonal(factor: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let j = i; j < n; j++) {
      let sum = j === i ? 1 : 0;
      for (let k = i; k < j; k++) sum -= (factor[j * n + k] as number) * (column[k] as number);
      const value = sum / (factor[j * n + j] as number);
      column[j] = value;
      squares += value * value;
    }
    diagonal[i] = squares;
  }
  return diagonal;
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
