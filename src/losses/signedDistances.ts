import { euclideanDistances } from '../morphology/euclideanDistances.js';

/**
 * Signed distances to the boundary of the pixels that are 1, as Kervadec et al. 2019 define them: outside the distance to
 * the nearest of them, inside 1 less than that to the nearest other, negative; 0 on the inner rim.
 */
export function signedDistances(inside: Uint8Array, height: number, width: number): Float32Array {
  const outside = new Uint8Array(inside.length);
  for (let i = 0; i < inside.length; i++) outside[i] = 1 - inside[i]!;
  const distances = euclideanDistances(outside, height, width, 1, 1);
  const depths = euclideanDistances(inside, height, width, 1, 1);
  for (let i = 0; i < inside.length; i++) {
    // Without anything outside there is no boundary.
    if (inside[i] === 1) distances[i] = depths[i] === Number.POSITIVE_INFINITY ? 0 : 1 - depths[i]!;
  }
  return distances;
}
