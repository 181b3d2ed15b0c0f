/**
 * Elementary functions made of + - * / and exact scaling alone, so that seeded results have the same bytes on every
 * platform: ECMAScript leaves the last digits of `Math.exp` and its like to the engine. Errors are below 2 units in
 * the last place over the stated ranges. Internal to the library.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TWO_OVER_PI = 0.6366197723675814;
// pi / 2 in three pieces of 33 bits: products with quotients up to 2^20 are exact.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;

function powerOfTwo(exponent: number): number {
  let result = 1;
  let base = exponent < 0 ? 0.5 : 2;
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

/** e to the power of `x`. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.133219101941) return 0;
  const quotient = Math.round(x / Math.LN2);
  const r = x - quotient * LN2_HIGH - quotient * LN2_LOW;
  let sum = 1;
  for (let term = 14; term >= 1; term--) sum = 1 + (sum * r) / term;
  const half = Math.trunc(quotient / 2);
  return sum * powerOfTwo(half) * powerOfTwo(quotient - half);
}

/** Natural logarithm; `NaN` below 0, `-Infinity` at 0. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  let mantissa = x;
  let exponent = 0;
  while (mantissa >= 4294967296) {
    mantissa /= 4294967296;
    exponent += 32;
  }
  while (mantissa < 1 / 4294967296) {
    mantissa *= 4294967296;
    exponent -= 32;
  }
  while (mantissa >= Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent -= 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let power = 23; power >= 3; power -= 2) series = square * (series + 1 / power);
  return exponent * LN2_HIGH + (2 * s + (2 * s * series + exponent * LN2_LOW));
}

/** `base` to the power of `exponent`, for a base of 0 or more; relative error grows as |exponent ln base| * 2^-53. */
export function pow(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  if (base === 0) return exponent > 0 ? 0 : Number.POSITIVE_INFINITY;
  return exp(exponent * log(base));
}

function sinSeries(r: number): number {
  const square = r * r;
  let sum = 1;
  for (let term = 19; term >= 3; term -= 2) sum = 1 - (sum * square) / (term * (term - 1));
  return r * sum;
}

function cosSeries(r: number): number {
  const square = r * r;
  let sum = 1;
  for (let term = 18; term >= 2; term -= 2) sum = 1 - (sum * square) / (term * (term - 1));
  return sum;
}

function quarter(x: number, turn: number): number {
  if (!(Math.abs(x) < 1e6)) return Number.NaN;
  const quotient = Math.round(x * TWO_OVER_PI);
  const r = x - quotient * HALF_PI_1 - quotient * HALF_PI_2 - quotient * HALF_PI_3;
  switch ((((quotient + turn) % 4) + 4) % 4) {
    case 0:
      return sinSeries(r);
    case 1:
      return cosSeries(r);
    case 2:
      return -sinSeries(r);
    default:
      return -cosSeries(r);
  }
}

/** Sine of an angle in radians, |x| below 1e6; `NaN` beyond. */
export function sin(x: number): number {
  return quarter(x, 0);
}

/** Cosine of an angle in radians, |x| below 1e6; `NaN` beyond. */
export function cos(x: number): number {
  return quarter(x, 1);
}

/** Natural logarithm of the gamma function for x > 0 (Stirling's series after shifting to x >= 8). */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < 8) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 -
      square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360360)))));
  return (shifted - 0.5) * log(shifted) - shifted + 0.9189385332046728 + series - log(product);
}
