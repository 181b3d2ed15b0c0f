/**
 * The longest of the shortest ways between two pixels of a region within it, by steps to the 8 neighbours, plus the edge
 * of a pixel along the way's mean direction (so that a straight line of n pixels is n long). Found by sweeps to the
 * farthest pixel until none is farther: exact along fibres and branches, a lower bound in general. Pieces that do not touch count each for itself, and the longest is taken.
 *
 * @param crop - the region along its bounding box, 1 inside.
 */
export function geodesicLength(
  crop: Uint8Array,
  height: number,
  width: number,
  rowSize: number,
  columnSize: number,
): number {
  const slant = Math.sqrt(rowSize * rowSize + columnSize * columnSize);
  const seen = new Uint8Array(crop.length);
  let longest = 0;
  for (let start = 0; start < crop.length; start++) {
    if (crop[start] === 0 || seen[start] === 1) continue;
    let from = start;
    let length = -1;
    let to = start;
    for (;;) {
      const distances = waysFrom(crop, height, width, from, rowSize, columnSize, slant);
      let far = from;
      for (let at = 0; at < crop.length; at++) {
        if (distances[at] === Number.POSITIVE_INFINITY) continue;
        seen[at] = 1;
        if (distances[at]! > distances[far]!) far = at;
      }
      if (distances[far]! <= length) break;
      length = distances[far]!;
      to = from;
      from = far;
    }
    const rows = Math.abs(Math.floor(from / width) - Math.floor(to / width)) * rowSize;
    const columns = Math.abs((from % width) - (to % width)) * columnSize;
    const edge =
      rows + columns === 0 ? Math.min(rowSize, columnSize) : (rows * rowSize + columns * columnSize) / (rows + columns);
    longest = Math.max(longest, length + edge);
  }
  return longest;
}

/** Lengths of the shortest ways from a pixel (Dijkstra's algorithm over a ring of buckets would be faster for huge regions). */
function waysFrom(
  crop: Uint8Array,
  height: number,
  width: number,
  start: number,
  rowSize: number,
  columnSize: number,
  slant: number,
): Float64Array {
  const distances = new Float64Array(crop.length).fill(Number.POSITIVE_INFINITY);
  distances[start] = 0;
  let front = [start];
  // Waves: each pixel that came nearer looks around again, until nothing comes nearer.
  while (front.length > 0) {
    const next = new Set<number>();
    for (const at of front) {
      const row = Math.floor(at / width);
      const column = at % width;
      for (let y = row > 0 ? -1 : 0; y <= (row < height - 1 ? 1 : 0); y++) {
        for (let x = column > 0 ? -1 : 0; x <= (column < width - 1 ? 1 : 0); x++) {
          const other = at + y * width + x;
          if (crop[other] === 0) continue;
          const step = y === 0 ? columnSize : x === 0 ? rowSize : slant;
          if (distances[at]! + step >= distances[other]! || other === at) continue;
          distances[other] = distances[at]! + step;
          next.add(other);
        }
      }
    }
    front = [...next];
  }
  return distances;
}
