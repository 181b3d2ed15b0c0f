import type { NdArray } from 'ndarray';
import { contiguous, createImage } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireMask, requireOneOf, requireSameSize } from '../core/check.js';
import type { Image, Mask } from '../core/types.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { solveSymmetric } from './solveSymmetric.js';

/** Options of {@link polynomialBackground}. */
export interface PolynomialBackgroundOptions {
  /** Highest power of row and column together, 0 to 6. @defaultValue 2 */
  readonly degree?: number;
  /** Pixels above 0 are left out of the fit: the particles, where they are known. */
  readonly exclude?: Mask;
  /** What comes back: the background, or the image less it. @defaultValue 'background' */
  readonly output?: 'background' | 'subtracted';
}

/**
 * Returns the polynomial surface that fits a grey image best (least squares), in sample values, as floats: uneven
 * illumination or thickness.
 *
 * @throws RangeError for several channels, samples that are not finite, or too few pixels for the degree.
 *
 * @example
 * ```ts
 * const ramp = createImage(new Uint8Array([0, 10, 20, 5, 15, 25]), [2, 3]);
 * polynomialBackground(ramp, { degree: 1 }).get(1, 1); // 15.000000
 * ```
 */
export function polynomialBackground(image: Image, options: PolynomialBackgroundOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('polynomialBackground', options, ['degree', 'exclude', 'output']);
  const { degree = 2, exclude, output = 'background' } = options;
  const { data, height, width } = greyImage('image', image);
  requireInteger('degree', degree, { min: 0, max: 6 });
  requireOneOf('output', output, ['background', 'subtracted']);
  requireFiniteSamples('image', data);
  if (exclude !== undefined) {
    requireMask('exclude', exclude);
    requireSameSize('exclude', exclude, 'image', image);
  }
  const left = exclude === undefined ? undefined : contiguous(exclude).data;
  const rows = legendre(height, degree);
  const columns = legendre(width, degree);
  const powers: Array<readonly [row: number, column: number]> = [];
  for (let sum = 0; sum <= degree; sum++) for (let p = 0; p <= sum; p++) powers.push([p, sum - p]);
  const size = powers.length;
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  const terms = new Float64Array(size);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      if (left !== undefined && left[at]! > 0) continue;
      for (let i = 0; i < size; i++) terms[i] = rows[powers[i]![0]]![row]! * columns[powers[i]![1]]![column]!;
      for (let i = 0; i < size; i++) {
        vector[i]! += terms[i]! * data[at]!;
        for (let j = 0; j <= i; j++) matrix[i * size + j]! += terms[i]! * terms[j]!;
      }
    }
  }
  const factors = solveSymmetric(matrix, vector);
  if (factors === undefined) {
    throw new RangeError(`image must have enough pixels that are not excluded for a fit of degree ${degree}.`);
  }
  const result = new Float32Array(data.length);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      let value = 0;
      for (let i = 0; i < size; i++)
        value += factors[i]! * rows[powers[i]![0]]![row]! * columns[powers[i]![1]]![column]!;
      result[at] = output === 'subtracted' ? data[at]! - value : value;
    }
  }
  return createImage(result, [height, width]);
}

/** Legendre polynomials over -1..1 at the pixels of a side: nearly orthogonal, so that the fit stays exact. */
function legendre(length: number, degree: number): Float64Array[] {
  const x = Float64Array.from({ length }, (_, i) => (length === 1 ? 0 : (2 * i) / (length - 1) - 1));
  const result = [new Float64Array(length).fill(1), x];
  for (let n = 1; n < degree; n++) {
    result.push(x.map((value, i) => ((2 * n + 1) * value * result[n]![i]! - n * result[n - 1]![i]!) / (n + 1)));
  }
  return result;
}
