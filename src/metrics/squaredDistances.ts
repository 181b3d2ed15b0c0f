/** How far apart two rows and two columns are. */
export interface Spacing {
  readonly row: number;
  readonly column: number;
}

/**
 * Squared Euclidean distances of every pixel to the nearest pixel that is not 0, exact (Felzenszwalb and Huttenlocher
 * 2012): along columns first, then the lower envelope of parabolas along rows. Infinity where there is none. In
 * double precision, which `distanceTransform` of `segkit/morphology` is not.
 */
export function squaredDistances(
  data: ArrayLike<number>,
  height: number,
  width: number,
  { row, column }: Spacing = { row: 1, column: 1 },
): Float64Array {
  const result = new Float64Array(height * width).fill(Number.POSITIVE_INFINITY);
  // Steps to the nearest pixel above, then below.
  const steps = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      steps[x] = data[i] === 0 ? steps[x]! + 1 : 0;
      result[i] = steps[x]!;
    }
  }
  steps.fill(Number.POSITIVE_INFINITY);
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      steps[x] = result[i] === 0 ? 0 : steps[x]! + 1;
      if (steps[x]! < result[i]!) result[i] = steps[x]!;
    }
  }
  const square = row * row;
  const line = new Float64Array(width);
  const vertices = new Int32Array(width);
  const starts = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    for (let x = 0; x < width; x++) line[x] = result[from + x]! * result[from + x]! * square;
    lowerEnvelope(line, width, column * column, vertices, starts, result, from);
  }
  return result;
}

/** Writes min over v of line[v] + scale (x - v)^2 to `result` from `from` on. */
function lowerEnvelope(
  line: Float64Array,
  width: number,
  scale: number,
  vertices: Int32Array,
  starts: Float64Array,
  result: Float64Array,
  from: number,
): void {
  let last = -1;
  for (let x = 0; x < width; x++) {
    const value = line[x]!;
    if (value === Number.POSITIVE_INFINITY) continue;
    let start = Number.NEGATIVE_INFINITY;
    while (last >= 0) {
      const v = vertices[last]!;
      start = ((value - line[v]!) / scale + (x * x - v * v)) / (2 * (x - v));
      if (start > starts[last]!) break;
      last--;
      start = Number.NEGATIVE_INFINITY;
    }
    last++;
    vertices[last] = x;
    starts[last] = start;
  }
  if (last < 0) {
    result.fill(Number.POSITIVE_INFINITY, from, from + width);
    return;
  }
  for (let x = 0, k = 0; x < width; x++) {
    while (k < last && starts[k + 1]! < x) k++;
    const v = vertices[k]!;
    result[from + x] = line[v]! + scale * (x - v) * (x - v);
  }
}
