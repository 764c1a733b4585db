/**
 * Elementary functions from IEEE additions, multiplications and divisions only.
 * Math.exp and Math.log may differ in the last bit between engines and platforms; these cannot, so training
 * and prediction give the same bytes everywhere. Method: Sun's fdlibm (e_exp.c, e_log.c), error below 1 ulp.
 */

const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;
const SMALLEST_EXPONENT = -1022;

// Halving and doubling are exact; Math.pow(2, k) need not be.
const POWERS_OF_TWO = (() => {
  const powers = new Float64Array(1024 - SMALLEST_EXPONENT);
  for (let k = 0, value = 1; k <= 1023; k++, value *= 2) powers[k - SMALLEST_EXPONENT] = value;
  for (let k = 0, value = 1; k >= SMALLEST_EXPONENT; k--, value /= 2) powers[k - SMALLEST_EXPONENT] = value;
  return powers;
})();

/** e^x; 0 below -708 (where doubles lose digits), Infinity above 709.78, NaN for NaN. */
export function exp(x: number): number {
  if (x < -708) return 0;
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  const k = Math.round(x * Math.LOG2E);
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  // 2^1024 itself is not a number: scale in two steps at the top.
  if (k > 1023) return y * 2 * (POWERS_OF_TWO[k - 1 - SMALLEST_EXPONENT] as number);
  return y * (POWERS_OF_TWO[k - SMALLEST_EXPONENT] as number);
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which half of a double holds its sign and exponent: depends on the machine's byte order. */
export const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  // Numbers that halving would rob of digits are lifted by 2^54 first.
  const tiny = x < 1e-290;
  const value = tiny ? x * 18014398509481984 : x;
  double[0] = value;
  let k = ((words[HIGH] as number) >>> 20) - 1023;
  // m = value / 2^k in 1..2, exactly, and three times as fast as writing an exponent of 0 into `words`.
  let m = 0.5 * value * (POWERS_OF_TWO[1 - k - SMALLEST_EXPONENT] as number);
  if (tiny) k -= 54;
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const t2 =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + t1 + t2) + k * LN2_LO) - f);
}

/** 1 / (1 + e^-x), without overflow: logit to probability. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}
