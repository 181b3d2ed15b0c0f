/** One tile's place along an axis. Internal to the library. */
export interface Tile {
  /** First row or column. */
  readonly start: number;
  /** Share of the result that the tile gives to each of its rows or columns; those of all tiles add up to 1. */
  readonly weights: Float64Array;
}

/**
 * Covers an axis with tiles of one size, evenly spaced, starting at multiples of `step`: at least `overlap` (a share of
 * the tile) of each is shared with the next. Within what they share, weights run linearly from one to the other.
 * `length` and `tile` are multiples of `step`, and `length` is at least `tile`.
 */
export function tileAxis(length: number, tile: number, overlap: number, step: number): Tile[] {
  const advance = Math.max(step, Math.floor((tile * (1 - overlap)) / step) * step);
  const count = Math.ceil((length - tile) / advance) + 1;
  const starts = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.floor((i * (length - tile)) / (count - 1) / step) * step,
  );
  const sums = new Float64Array(length);
  const ramps = starts.map((start, i) => {
    const before = i === 0 ? 0 : starts[i - 1]! + tile - start;
    const after = i === count - 1 ? 0 : start + tile - starts[i + 1]!;
    return Float64Array.from({ length: tile }, (_, at) => {
      const weight = Math.min(1, (at + 1) / (before + 1), (tile - at) / (after + 1));
      sums[start + at]! += weight;
      return weight;
    });
  });
  return starts.map((start, i) => ({ start, weights: ramps[i]!.map((weight, at) => weight / sums[start + at]!) }));
}
