import type { RegionTable } from './regionTable.js';

/** Places with a rim of background one pixel wide. */
function padded({ places, height, width }: RegionTable): Int32Array {
  const result = new Int32Array((height + 2) * (width + 2));
  for (let row = 0; row < height; row++) {
    result.set(places.subarray(row * width, (row + 1) * width), (row + 1) * (width + 2) + 1);
  }
  return result;
}

/**
 * Counts the 2 x 2 windows of every region by which of their pixels belong to it: 16 counts a region, at the sum of 1
 * (top left), 2 (top right), 4 (bottom left) and 8 (bottom right). Windows reach over the rim of the image. Windows
 * within one region are not counted (they have neither boundary nor curvature): those at 15 stay 0.
 */
export function windowCounts(table: RegionTable): Int32Array {
  const { height, width, count } = table;
  const places = padded(table);
  const stride = width + 2;
  const counts = new Int32Array(count * 16);
  for (let row = 0; row <= height; row++) {
    let top = row * stride;
    let a = 0;
    let c = 0;
    for (let column = 0; column <= width; column++) {
      top++;
      const b = places[top]!;
      const d = places[top + stride]!;
      if (a !== b || a !== c || a !== d) {
        if (a !== 0) counts[a * 16 - 15 + (b === a ? 2 : 0) + (c === a ? 4 : 0) + (d === a ? 8 : 0)]!++;
        if (b !== 0 && b !== a) counts[b * 16 - 14 + (c === b ? 4 : 0) + (d === b ? 8 : 0)]!++;
        if (c !== 0 && c !== a && c !== b) counts[c * 16 - 12 + (d === c ? 8 : 0)]!++;
        if (d !== 0 && d !== a && d !== b && d !== c) counts[d * 16 - 8]!++;
      }
      a = b;
      c = d;
    }
  }
  return counts;
}

/** Pieces minus holes from the window counts of a region, with 8-connected pieces (Gray 1971). */
export function eulerNumber(counts: Int32Array, i: number): number {
  const at = (pattern: number) => counts[i * 16 + pattern]!;
  const corners = at(1) + at(2) + at(4) + at(8);
  const notches = at(7) + at(11) + at(13) + at(14);
  return (corners - notches - 2 * (at(6) + at(9))) / 4;
}

/**
 * Perimeter from the window counts of a region by Crofton's formula with lines along rows, columns and both diagonals.
 * Each direction counts the crossings of the boundary, times the distance of its lines, times its share of the half
 * turn; with equal spacing that is scikit-image's `perimeter_crofton(directions=4)`.
 */
export function croftonPerimeter(counts: Int32Array, i: number, rowSize: number, columnSize: number): number {
  let alongRows = 0;
  let alongColumns = 0;
  let diagonal = 0;
  for (let pattern = 1; pattern < 15; pattern++) {
    const n = counts[i * 16 + pattern]!;
    const a = pattern & 1;
    const b = (pattern >> 1) & 1;
    const c = (pattern >> 2) & 1;
    const d = pattern >> 3;
    // Neighbours in a row or column lie in two windows, diagonal ones in one.
    alongRows += (n * ((a ^ b) + (c ^ d))) / 2;
    alongColumns += (n * ((a ^ c) + (b ^ d))) / 2;
    diagonal += n * ((a ^ d) + (b ^ c));
  }
  const angle = Math.atan2(rowSize, columnSize);
  const diagonalDistance = (rowSize * columnSize) / Math.hypot(rowSize, columnSize);
  return (
    0.5 *
    (angle * rowSize * alongRows +
      (Math.PI / 2 - angle) * columnSize * alongColumns +
      (Math.PI / 4) * diagonalDistance * diagonal)
  );
}

/**
 * Length of the line through the centres of the border pixels of every region, in pixels, after Benkrid and Crookes
 * (2000), as scikit-image's `perimeter(neighborhood=4)`: a border pixel (one with a 4-neighbour outside) counts 1,
 * sqrt(2) or their mean, by the numbers of border pixels among its 4 edge and 4 corner neighbours.
 */
export function borderPerimeters(table: RegionTable): Float64Array {
  const { height, width, count } = table;
  const places = padded(table);
  const stride = width + 2;
  const end = (height + 1) * stride;
  // The place where the pixel is a border pixel of its region, else 0.
  const border = new Int32Array(places.length);
  for (let at = stride; at < end; at++) {
    const i = places[at]!;
    if (i === 0) continue;
    if (places[at - 1] !== i || places[at + 1] !== i || places[at - stride] !== i || places[at + stride] !== i) {
      border[at] = i;
    }
  }
  const straight = new Int32Array(count + 1);
  const slanted = new Int32Array(count + 1);
  const mixed = new Int32Array(count + 1);
  for (let at = stride; at < end; at++) {
    const i = border[at]!;
    if (i === 0) continue;
    const edges =
      (border[at - 1] === i ? 1 : 0) +
      (border[at + 1] === i ? 1 : 0) +
      (border[at - stride] === i ? 1 : 0) +
      (border[at + stride] === i ? 1 : 0);
    const corners =
      (border[at - stride - 1] === i ? 1 : 0) +
      (border[at - stride + 1] === i ? 1 : 0) +
      (border[at + stride - 1] === i ? 1 : 0) +
      (border[at + stride + 1] === i ? 1 : 0);
    if (corners <= 2 && (edges === 2 || edges === 3)) straight[i]!++;
    else if ((corners === 2 && edges === 0) || (corners === 3 && edges === 1)) slanted[i]!++;
    else if (edges === 1 && (corners === 1 || corners === 2)) mixed[i]!++;
  }
  const result = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    result[i] = straight[i + 1]! + slanted[i + 1]! * Math.SQRT2 + (mixed[i + 1]! * (1 + Math.SQRT2)) / 2;
  }
  return result;
}
