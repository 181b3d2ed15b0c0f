import { exp } from '../core/math.js';

/** Returns the weights of a Gaussian out to four standard deviations, from the centre outwards; their sum is 1. */
function gaussianWeights(sigma: number): Float64Array {
  const radius = Math.ceil(4 * sigma);
  const weights = new Float64Array(radius + 1);
  let sum = 0;
  for (let i = 0; i <= radius; i++) {
    weights[i] = exp((-i * i) / (2 * sigma * sigma));
    sum += i === 0 ? weights[i]! : 2 * weights[i]!;
  }
  return weights.map((weight) => weight / sum);
}

/** Blurs `height * width` values in place by a Gaussian; the edge values continue outside. */
export function blur(data: Float32Array, height: number, width: number, sigma: number): void {
  if (sigma === 0) return;
  const weights = gaussianWeights(sigma);
  const radius = weights.length - 1;
  const line = new Float64Array(width + 2 * radius);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (let i = 0; i < line.length; i++) {
      line[i] = data[start + Math.min(width - 1, Math.max(0, i - radius))]!;
    }
    for (let column = 0; column < width; column++) {
      let sum = weights[0]! * line[column + radius]!;
      for (let k = 1; k <= radius; k++) sum += weights[k]! * (line[column + radius - k]! + line[column + radius + k]!);
      data[start + column] = sum;
    }
  }
  const source = data.slice();
  const sums = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) sums[column] = weights[0]! * source[row * width + column]!;
    for (let k = 1; k <= radius; k++) {
      const above = Math.max(0, row - k) * width;
      const below = Math.min(height - 1, row + k) * width;
      for (let column = 0; column < width; column++) {
        sums[column]! += weights[k]! * (source[above + column]! + source[below + column]!);
      }
    }
    for (let column = 0; column < width; column++) data[row * width + column] = sums[column]!;
  }
}
