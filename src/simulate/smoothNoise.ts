import type { Random } from '../core/random.js';

interface Weights {
  readonly first: Int32Array;
  readonly values: Float64Array;
}

/** Cubic B-spline weights of the four knots around each of `length` positions. */
function splineWeights(length: number, spacing: number): Weights {
  const first = new Int32Array(length);
  const values = new Float64Array(length * 4);
  for (let i = 0; i < length; i++) {
    const position = i / spacing;
    const knot = Math.floor(position);
    const t = position - knot;
    const u = 1 - t;
    first[i] = knot;
    values[i * 4] = (u * u * u) / 6;
    values[i * 4 + 1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    values[i * 4 + 2] = (3 * u * u * u - 6 * u * u + 4) / 6;
    values[i * 4 + 3] = (t * t * t) / 6;
  }
  return { first, values };
}

/**
 * Returns band-limited noise of mean 0 and standard deviation 1, `height * width` values: white noise on a grid of
 * `spacing` pixels, joined by cubic B-splines. Details are about `spacing` pixels wide.
 */
export function smoothNoise(height: number, width: number, spacing: number, random: Random): Float32Array {
  const gridWidth = Math.floor((width - 1) / spacing) + 4;
  const gridHeight = Math.floor((height - 1) / spacing) + 4;
  // The squared weights of a cubic B-spline sum to 151/315 on average, in each direction.
  const gain = 315 / 151;
  const across = splineWeights(width, spacing);
  const down = splineWeights(height, spacing);
  const rows = new Float64Array(gridHeight * width);
  const knots = new Float64Array(gridWidth);
  for (let row = 0; row < gridHeight; row++) {
    for (let i = 0; i < gridWidth; i++) knots[i] = random.normal() * gain;
    for (let column = 0; column < width; column++) {
      const knot = across.first[column]!;
      const w = column * 4;
      const { values } = across;
      rows[row * width + column] =
        values[w]! * knots[knot]! +
        values[w + 1]! * knots[knot + 1]! +
        values[w + 2]! * knots[knot + 2]! +
        values[w + 3]! * knots[knot + 3]!;
    }
  }
  const result = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    const from = down.first[row]! * width;
    const a = down.values[row * 4]!;
    const b = down.values[row * 4 + 1]!;
    const c = down.values[row * 4 + 2]!;
    const d = down.values[row * 4 + 3]!;
    for (let column = 0; column < width; column++) {
      const at = from + column;
      result[row * width + column] =
        a * rows[at]! + b * rows[at + width]! + c * rows[at + 2 * width]! + d * rows[at + 3 * width]!;
    }
  }
  return result;
}
