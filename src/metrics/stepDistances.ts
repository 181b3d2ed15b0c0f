/** How far apart two pixels are: straight, by the larger of both steps, or by their sum. */
export type DistanceMetric = 'euclidean' | 'chessboard' | 'taxicab';

/**
 * Steps from every pixel to the nearest that is not 0, infinity where there is none: two passes over the pixels
 * (Rosenfeld and Pfaltz 1966).
 */
export function stepDistances(
  data: Uint8Array,
  height: number,
  width: number,
  metric: Exclude<DistanceMetric, 'euclidean'>,
): Float64Array {
  const diagonal = metric === 'chessboard' ? 1 : 2;
  const result = new Float64Array(height * width).fill(Number.POSITIVE_INFINITY);
  const pass = (from: number, to: number, by: number): void => {
    for (let y = from; y !== to; y += by) {
      for (let i = 0; i < width; i++) {
        const x = by > 0 ? i : width - 1 - i;
        const at = y * width + x;
        if (data[at] !== 0) {
          result[at] = 0;
          continue;
        }
        const before = y - by >= 0 && y - by < height ? at - by * width : -1;
        let best = result[at]!;
        const side = x - by;
        if (side >= 0 && side < width) best = Math.min(best, result[at - by]! + 1);
        if (before >= 0) {
          best = Math.min(best, result[before]! + 1);
          if (x > 0) best = Math.min(best, result[before - 1]! + diagonal);
          if (x < width - 1) best = Math.min(best, result[before + 1]! + diagonal);
        }
        result[at] = best;
      }
    }
  };
  pass(0, height, 1);
  pass(height - 1, -1, -1);
  return result;
}
