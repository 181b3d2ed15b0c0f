import { exp, log, logGamma } from '../core/math.js';

/** Regularised lower incomplete gamma function P(a, x) for a > 0, x >= 0: its series, or beyond a + 1 its continued fraction. */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  if (a > 1e5) return gammaNearNormal(a, x);
  const front = exp(a * log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.min(1, front * sum);
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b || 1e-300);
    c = b + numerator / c || 1e-300;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return Math.max(0, 1 - front * fraction);
}

/** P(a, x) for large a: a normal distribution with Temme's (1979) first correction, within 1e-10. */
function gammaNearNormal(a: number, x: number): number {
  const e = (x - a) / a;
  const eta = Math.sign(e) * Math.sqrt(2 * logExcess(e));
  // 1 / e - 1 / eta; near the middle by its series.
  const correction = Math.abs(e) > 1e-3 ? 1 / e - 1 / eta : -1 / 3 + eta * (1 / 12 - (2 * eta) / 135);
  const rest = (exp(-0.5 * a * eta * eta) * correction) / Math.sqrt(2 * Math.PI * a);
  return Math.min(1, Math.max(0, normalCdf(eta * Math.sqrt(a)) - rest));
}

/** Cumulative distribution of the standard normal. */
export function normalCdf(z: number): number {
  const half = gammaP(0.5, (z * z) / 2) / 2;
  return z < 0 ? 0.5 - half : 0.5 + half;
}

/** The z below which a share of the standard normal lies, by bisection of {@link normalCdf}. */
export function normalQuantile(share: number): number {
  if (share === 0 || share === 1) return share === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return bisect((z) => normalCdf(z) - share, -40, 40);
}

/** A zero of a rising function between two bounds. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** e - log(1 + e) for e above -1, to all digits also where e is small. */
export function logExcess(e: number): number {
  if (Math.abs(e) > 0.1) return e - log(1 + e);
  let sum = 0;
  let power = e * e;
  for (let n = 2; Math.abs(power) > 1e-17 * sum; n++) {
    sum += power / n;
    power *= -e;
  }
  return sum;
}

/** log(gamma(k)) - k log(k) + k, what Stirling's powers leave, for k > 0. */
export function stirlingGap(k: number): number {
  if (k < 10) return logGamma(k) - k * log(k) + k;
  const square = 1 / (k * k);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / k;
  return 0.5 * log((2 * Math.PI) / k) + series;
}

/** log(k) - digamma(k) and its slope, for k > 0: digamma by recurrence up to 10, from there by its asymptotic series. */
export function stirlingSlope(k: number): { value: number; slope: number } {
  let shifted = k;
  let sum = 0;
  let squares = 0;
  for (; shifted < 10; shifted++) {
    sum += 1 / shifted;
    squares += 1 / (shifted * shifted);
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const value =
    0.5 * inverse + square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  const slope =
    -square / 2 -
    inverse * square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - (5 * square) / 66))));
  if (shifted === k) return { value, slope };
  return { value: value + sum + log(k) - log(shifted), slope: slope - squares + 1 / k - inverse };
}
