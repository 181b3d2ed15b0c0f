import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { exp } from '../core/math.js';
import type { Image } from '../core/types.js';
import { beyond, paddedPlaces } from './borders.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';

/** Options of {@link nonLocalMeans}. */
export interface NonLocalMeansOptions {
  /** Side of the patches that are compared, odd. @defaultValue 7 */
  readonly patchSize?: number;
  /** How far patches are looked for, in pixels along rows and columns. @defaultValue 11 */
  readonly patchDistance?: number;
  /** Difference of patches, in sample values, at which a weight has fallen to 1/e. @defaultValue 0.1 */
  readonly h?: number;
  /** Standard deviation of the noise, taken off the differences. @defaultValue 0 */
  readonly sigma?: number;
  /** `'gaussian'` counts the middle of a patch more; `'flat'` counts all alike and is faster. @defaultValue 'gaussian' */
  readonly patchWeights?: 'gaussian' | 'flat';
}

/**
 * Returns a grey image whose every pixel is the mean of the pixels around it weighted by how alike their patches are
 * (Buades, Coll and Morel 2005): noise goes, texture stays. With Gaussian patches the weights are those of scikit-image's
 * `denoise_nl_means(fast_mode=False)`, with the exact exponential where it has an approximate one.
 *
 * @throws RangeError for several channels, samples that are not finite, or an even patch.
 *
 * @example
 * ```ts
 * const flat = createImage(new Float32Array(64).fill(0.5), [8, 8]);
 * nonLocalMeans(flat).get(3, 3); // 0.5
 * ```
 */
export function nonLocalMeans(image: Image, options: NonLocalMeansOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('nonLocalMeans', options, ['patchSize', 'patchDistance', 'h', 'sigma', 'patchWeights']);
  const { patchSize = 7, patchDistance = 11, h = 0.1, sigma = 0, patchWeights = 'gaussian' } = options;
  const { data, height, width } = greyImage('image', image);
  requireInteger('patchSize', patchSize, { min: 1, max: 101 });
  if (patchSize % 2 === 0) throw new RangeError(`patchSize must be odd, got ${patchSize}.`);
  requireInteger('patchDistance', patchDistance, { min: 1, max: 1000 });
  requireNumber('h', h, { above: 0 });
  requireNumber('sigma', sigma, { min: 0 });
  requireOneOf('patchWeights', patchWeights, ['gaussian', 'flat']);
  requireFiniteSamples('image', data);

  const radius = patchSize >> 1;
  const paddedWidth = width + 2 * radius;
  const paddedHeight = height + 2 * radius;
  const padded = new Float64Array(paddedWidth * paddedHeight);
  const places = paddedPlaces(width, radius, radius, 'mirror');
  for (let row = 0, at = 0; row < paddedHeight; row++) {
    const from = beyond(row - radius, height, 'mirror') * width;
    for (let i = 0; i < paddedWidth; i++, at++) padded[at] = data[from + places[i]!]!;
  }
  const kernel = patchKernel(patchSize, patchWeights);
  const variance = 2 * sigma * sigma;
  const scale = 1 / (h * h);
  // A pixel is like itself.
  const weights = new Float64Array(data.length).fill(1);
  const sums = Float64Array.from(data);
  const across = new Float64Array(paddedHeight * width);
  const distances = new Float64Array(width);
  for (let down = 0; down <= Math.min(patchDistance, height - 1); down++) {
    for (let right = down === 0 ? 1 : -patchDistance; right <= patchDistance; right++) {
      const first = Math.max(0, -right);
      const last = Math.min(width, width - right);
      if (first >= last) continue;
      const shift = down * paddedWidth + right;
      for (let row = 0; row < paddedHeight - down; row++) {
        alongPatch(padded, row * paddedWidth, shift, kernel, across, row * width, first, last, patchWeights === 'flat');
      }
      for (let row = 0; row < height - down; row++) {
        distances.fill(0, first, last);
        for (let k = 0; k < patchSize; k++) {
          const from = (row + k) * width;
          const weight = kernel[k]!;
          for (let x = first; x < last; x++) distances[x]! += weight * across[from + x]!;
        }
        const here = row * width;
        const there = here + down * width + right;
        for (let x = first; x < last; x++) {
          const distance = Math.max(0, (distances[x]! - variance) * scale);
          if (distance > 5) continue;
          const weight = exp(-distance);
          weights[here + x]! += weight;
          weights[there + x]! += weight;
          sums[here + x]! += weight * data[there + x]!;
          sums[there + x]! += weight * data[here + x]!;
        }
      }
    }
  }
  return createImage(
    Float32Array.from(sums, (sum, i) => sum / weights[i]!),
    [height, width],
  );
}

/** Weights along one side of a patch; they sum to 1, and so do their products. */
function patchKernel(side: number, weights: 'gaussian' | 'flat'): Float64Array {
  const sigma = (side - 1) / 4;
  const radius = side >> 1;
  const kernel = Float64Array.from({ length: side }, (_, i) =>
    weights === 'flat' || side === 1 ? 1 : exp((-0.5 * (i - radius) ** 2) / (sigma * sigma)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

/** Weighted squares of the differences of one row of patches from those at a shift. */
function alongPatch(
  padded: Float64Array,
  start: number,
  shift: number,
  kernel: Float64Array,
  to: Float64Array,
  at: number,
  first: number,
  last: number,
  flat: boolean,
): void {
  const side = kernel.length;
  const square = (i: number) => {
    const difference = padded[start + i]! - padded[start + i + shift]!;
    return difference * difference;
  };
  if (flat) {
    let sum = 0;
    for (let k = 0; k < side - 1; k++) sum += square(first + k);
    for (let x = first; x < last; x++) {
      sum += square(x + side - 1);
      to[at + x] = Math.max(0, sum) * kernel[0]!;
      sum -= square(x);
    }
    return;
  }
  for (let x = first; x < last; x++) {
    let sum = 0;
    for (let k = 0; k < side; k++) sum += kernel[k]! * square(x + k);
    to[at + x] = sum;
  }
}
