import { components } from './components.js';
import type { RegionTable } from './regionTable.js';

/**
 * Lengths of the outer outlines of every region with corners cut (see `perimeterTraced`): each 8-connected piece is
 * followed along the edges of its pixels, clockwise.
 */
export function tracedPerimeters(table: RegionTable, rowSize: number, columnSize: number): Float64Array {
  const { data, runs, height, width, count } = table;
  const { ids, count: pieces } = components(data, height, width, 8);
  const result = new Float64Array(count);
  const seen = new Uint8Array(pieces + 1);
  for (let i = 0; i < count; i++) {
    for (let run = runs.offsets[i]!; run < runs.offsets[i + 1]!; run++) {
      // The first run of a piece begins with its first pixel.
      const at = runs.starts[run]!;
      if (seen[ids[at]!] === 1) continue;
      seen[ids[at]!] = 1;
      result[i]! += outlineLength(sides(ids, height, width, at), rowSize, columnSize);
    }
  }
  return result;
}

/**
 * The lengths of the straight sides of the outline of a piece, in turn horizontal (from the upper left corner of its
 * first pixel to the right) and vertical.
 */
function sides(ids: Int32Array, height: number, width: number, first: number): number[] {
  const id = ids[first];
  const inside = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width && ids[row * width + column] === id;
  const startRow = Math.floor(first / width);
  const startColumn = first % width;
  const lengths: number[] = [];
  // A corner of pixels and a direction: 0 right, 1 down, 2 left, 3 up; the piece lies on the right-hand side.
  let row = startRow;
  let column = startColumn;
  let direction = 0;
  let length = 0;
  do {
    row += direction === 1 ? 1 : direction === 3 ? -1 : 0;
    column += direction === 0 ? 1 : direction === 2 ? -1 : 0;
    length++;
    // The pixels ahead, of the four around the corner (row, column): the one below and right of it is (row, column).
    const up = direction >= 2 ? 1 : 0;
    const back = direction === 1 || direction === 2 ? 1 : 0;
    const aheadLeft = inside(row + back - 1, column - up);
    const aheadRight = inside(row - up, column - back);
    const turn = aheadLeft ? 3 : aheadRight ? 0 : 1;
    if (turn === 0) continue;
    lengths.push(length);
    length = 0;
    direction = (direction + turn) % 4;
  } while (row !== startRow || column !== startColumn || direction !== 0 || length !== 0);
  return lengths;
}

function outlineLength(lengths: readonly number[], rowSize: number, columnSize: number): number {
  const count = lengths.length;
  let horizontal = 0;
  let vertical = 0;
  let cut = 0;
  let cutBefore = false;
  for (let k = 0; k < count; k++) {
    if (k % 2 === 0) horizontal += lengths[k]!;
    else vertical += lengths[k]!;
    // Corners in turn from that at the end of the second side, where ImageJ begins: around a staircase the start decides.
    const before = lengths[(k + 1) % count]!;
    cutBefore = before > 1 || !cutBefore;
    if (cutBefore) cut++;
  }
  return horizontal * columnSize + vertical * rowSize - cut * (rowSize + columnSize - Math.hypot(rowSize, columnSize));
}
