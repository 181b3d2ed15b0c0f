import { type Canvas, type Corner, clipLine, drawLine, drawRow } from './rasterLine.js';

/** One in OpenCV's fixed-point coordinates of 16 fractional bits. */
export const ONE = 65536;

interface Edge {
  /** First row. */
  readonly top: number;
  /** Row after the last one. */
  readonly bottom: number;
  /** Column in the first row, fixed point. */
  readonly x: number;
  /** Step of the column from row to row, fixed point. */
  readonly step: number;
}

/**
 * Paints a closed polygon of integer corners as OpenCV's `fillPoly` does: its outline, and the inside by the even-odd
 * rule. Corners may lie outside of the image.
 */
export function paintPolygon(canvas: Canvas, corners: readonly Corner[], value: number): void {
  const edges: Edge[] = [];
  for (let i = 0; i < corners.length; i++) {
    const from = corners[(i + corners.length - 1) % corners.length]!;
    const to = corners[i]!;
    drawLine(canvas, from, to, value);
    if (from.y !== to.y) edges.push(makeEdge(from, to, canvas));
  }
  fillEdges(canvas, edges, value);
}

/**
 * OpenCV takes the columns of an edge that leaves the image from its clipped ends, the rows too unless both are the
 * same; what lies inside of the image then follows the drawn outline.
 */
function makeEdge(from: Corner, to: Corner, { width, height }: Canvas): Edge {
  const inside = (p: Corner) => p.x >= 0 && p.x < width && p.y >= 0 && p.y < height;
  let a = from;
  let b = to;
  if (!inside(from) || !inside(to)) {
    const clipped = clipLine(from, to, width - 1, height - 1);
    const flat = clipped.from.y === clipped.to.y;
    a = { x: clipped.from.x, y: flat ? from.y : clipped.from.y };
    b = { x: clipped.to.x, y: flat ? to.y : clipped.to.y };
  }
  const step = Math.trunc(((b.x - a.x) * ONE) / (b.y - a.y));
  const [start, top, bottom] = from.y < to.y ? [a, from.y, to.y] : [b, to.y, from.y];
  return { top, bottom, x: start.x * ONE + (top - start.y) * step, step };
}

/** Fills between pairs of edges, row by row: whole pixels between them only, since the outline is drawn already. */
function fillEdges(canvas: Canvas, edges: readonly Edge[], value: number): void {
  if (edges.length < 2) return;
  const waiting = [...edges].sort((a, b) => a.top - b.top);
  const first = Math.max(0, waiting[0]!.top);
  const bottom = waiting.reduce((largest, edge) => Math.max(largest, edge.bottom), 0);
  let active: Edge[] = [];
  let next = 0;
  for (let row = first; row < Math.min(canvas.height, bottom); row++) {
    active = active.filter((edge) => edge.bottom > row);
    for (; next < waiting.length && waiting[next]!.top <= row; next++) {
      if (waiting[next]!.bottom > row) active.push(waiting[next]!);
    }
    const columns = active.map(({ x, top, step }) => x + (row - top) * step).sort((a, b) => a - b);
    for (let i = 0; i + 1 < columns.length; i += 2) {
      drawRow(canvas, row, Math.ceil(columns[i]! / ONE), Math.floor(columns[i + 1]! / ONE), value);
    }
  }
}
