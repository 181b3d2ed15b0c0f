import { exp, log, logGamma } from '../core/math.js';

/** Regularised lower incomplete gamma function P(a, x) for a > 0, x >= 0: its series, or beyond a + 1 its continued fraction. */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
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

/** Cumulative distribution of the standard normal. */
export function normalCdf(z: number): number {
  const half = gammaP(0.5, (z * z) / 2) / 2;
  return z < 0 ? 0.5 - half : 0.5 + half;
}

/** The z below which a share of the standard normal lies, by bisection of {@link normalCdf}. */
export function normalQuantile(share: number): number {
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

/** Derivative of the logarithm of the gamma function, x > 0. */
export function digamma(x: number): number {
  let shifted = x;
  let sum = 0;
  for (; shifted < 10; shifted++) sum -= 1 / shifted;
  const square = 1 / (shifted * shifted);
  return (
    sum +
    log(shifted) -
    0.5 / shifted -
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
  );
}

/** Second derivative of the logarithm of the gamma function, x > 0. */
export function trigamma(x: number): number {
  let shifted = x;
  let sum = 0;
  for (; shifted < 10; shifted++) sum += 1 / (shifted * shifted);
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  return (
    sum +
    inverse +
    square / 2 +
    inverse * square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - (5 * square) / 66))))
  );
}
