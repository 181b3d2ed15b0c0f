/**
 * Counts values in bins given by ascending edges: a bin holds its lower edge, the last one its upper edge too. All values
 * lie within the edges.
 */
export function countInBins(values: ArrayLike<number>, edges: ArrayLike<number>): Float64Array {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  const low = edges[0]!;
  const scale = bins / (edges[bins]! - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // A guess that is right, or next to right, where the edges are evenly spaced.
    let bin = Math.min(bins - 1, Math.floor((value - low) * scale));
    while (bin > 0 && value < edges[bin]!) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return counts;
}
