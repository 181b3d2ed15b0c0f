import type { Family } from './distributions.js';
import { inverseOf } from './inverseOf.js';

/**
 * Standard errors of the parameters of a fit; `NaN` where the likelihood has no curvature. Of equal weights: roots of the
 * diagonal of the inverse of the observed information. Sizes that count differently say less than their weights claim, so
 * there that inverse encloses the squares of what each size pulls at the parameters (Huber 1967, White 1982).
 */
export function standardErrors(
  family: Family,
  sizes: Float64Array,
  weights: Float64Array,
  parameters: readonly number[],
): number[] {
  const { values, scales } = family.free(parameters);
  const moved = (...moves: ReadonlyArray<readonly [number, number]>) => {
    const free = [...values];
    for (const [k, sign] of moves) free[k]! += sign * 1e-3 * scales[k]!;
    return family.complete(free);
  };
  const count = values.length;
  // All derivatives are per step, so that numbers are of one order whatever the unit.
  const information = Array.from({ length: count }, () => new Float64Array(count));
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      const [first, second, third, fourth] = [
        moved([a, 1], [b, 1]),
        moved([a, 1], [b, -1]),
        moved([a, -1], [b, 1]),
        moved([a, -1], [b, -1]),
      ];
      let sum = 0;
      for (let i = 0; i < sizes.length; i++) {
        const at = (place: readonly number[]) => family.logDensity(sizes[i]!, place);
        sum += weights[i]! * (at(first) - at(second) - at(third) + at(fourth));
      }
      information[a]![b] = -sum / 4;
      information[b]![a] = -sum / 4;
    }
  }
  const inverse = inverseOf(information);
  if (inverse === undefined) return parameters.map(() => Number.NaN);
  const ends = values.map((_, k) => [moved([k, 1]), moved([k, -1])] as const);
  const covariance = weights.every((weight) => weight === weights[0])
    ? inverse
    : product(product(inverse, pulls(family, sizes, weights, ends)), inverse);
  return parameters.map((_, k) => {
    const slopes = ends.map(([up, down]) => (up[k]! - down[k]!) / 2);
    let variance = 0;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) variance += slopes[a]! * slopes[b]! * covariance[a]![b]!;
    }
    return Math.sqrt(variance);
  });
}

/** Sums of squares and products of the derivatives of what each size adds to the likelihood. */
function pulls(
  family: Family,
  sizes: Float64Array,
  weights: Float64Array,
  ends: ReadonlyArray<readonly [up: number[], down: number[]]>,
): Float64Array[] {
  const sums = ends.map(() => new Float64Array(ends.length));
  for (let i = 0; i < sizes.length; i++) {
    const pull = ends.map(
      ([up, down]) => (weights[i]! * (family.logDensity(sizes[i]!, up) - family.logDensity(sizes[i]!, down))) / 2,
    );
    for (let a = 0; a < ends.length; a++) for (let b = 0; b < ends.length; b++) sums[a]![b]! += pull[a]! * pull[b]!;
  }
  return sums;
}

function product(left: readonly Float64Array[], right: readonly Float64Array[]): Float64Array[] {
  return left.map((line) =>
    Float64Array.from(right, (_, j) => line.reduce((sum, value, k) => sum + value * right[k]![j]!, 0)),
  );
}
