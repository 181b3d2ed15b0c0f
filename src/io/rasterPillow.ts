import { type Canvas, type Corner, drawRow } from './rasterLine.js';

interface Edge {
  readonly start: Corner;
  readonly top: number;
  readonly bottom: number;
  /** Columns a row, as a 32-bit float. */
  readonly slope: number;
}

/**
 * Paints a closed polygon of integer corners as Pillow's `ImageDraw.polygon` fills it, which LabelMe uses: between crossings
 * rounded to the nearest pixel, by the even-odd rule. Pillow draws no outline where it has the colour of the inside.
 * Corners may lie outside of the image.
 */
export function paintPillowPolygon(canvas: Canvas, corners: readonly Corner[], value: number): void {
  const edges: Edge[] = [];
  corners.forEach((from, i) => {
    const to = corners[(i + 1) % corners.length]!;
    if (from.y === to.y) {
      if (from.y >= 0 && from.y < canvas.height) {
        drawRow(canvas, from.y, Math.min(from.x, to.x), Math.max(from.x, to.x), value);
      }
      return;
    }
    const slope = Math.fround(Math.fround(to.x - from.x) / (to.y - from.y));
    edges.push({ start: from, top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y), slope });
  });
  const lowest = corners.reduce((bottom, corner) => Math.max(bottom, corner.y), 0);
  const first = corners.reduce((top, corner) => Math.min(top, corner.y), canvas.height);
  for (let row = Math.max(0, first); row <= Math.min(lowest, canvas.height - 1); row++) {
    const crossings = crossingsOf(edges, row, Math.min(lowest, canvas.height));
    let free = crossings.length > 0 ? Math.trunc(crossings[0]!) : 0;
    for (let i = 1; i < crossings.length; i += 2) {
      const end = roundDown(crossings[i]!);
      const start = Math.max(free, roundUp(crossings[i - 1]!));
      if (end < start) continue;
      drawRow(canvas, row, start, end, value);
      free = end + 1;
    }
  }
}

/** Columns where the outline crosses a row, rising; an edge counts twice in its last row unless that is the last of all. */
function crossingsOf(edges: readonly Edge[], row: number, lowest: number): number[] {
  const crossings: number[] = [];
  const at = ({ start, slope }: Edge, y: number) => Math.fround(Math.fround((y - start.y) * slope) + start.x);
  edges.forEach((edge, i) => {
    if (row < edge.top || row > edge.bottom) return;
    let x = at(edge, row);
    if (row === edge.bottom && row < lowest) {
      crossings.push(x, x);
      return;
    }
    if ((row === edge.top || row === edge.bottom) && edge.slope !== 0) x = joinCorner(edges, i, row, x, at);
    crossings.push(x);
  });
  return crossings.sort((a, b) => a - b);
}

/** Where two flat edges meet in a corner, Pillow lets it begin next to the pixels of the row beside it. */
function joinCorner(
  edges: readonly Edge[],
  index: number,
  row: number,
  x: number,
  at: (edge: Edge, y: number) => number,
): number {
  const edge = edges[index]!;
  for (let k = 0; k < index; k++) {
    const other = edges[k]!;
    if ((row !== other.top && row !== other.bottom) || other.slope === 0) continue;
    if (roundAway(x) !== roundAway(at(other, row))) continue;
    const beside = row === edge.bottom ? row - 1 : row + 1;
    if (beside < other.top || beside > other.bottom) continue;
    const [a, b] = [at(edge, beside), at(other, beside)];
    if (x > a + 1 && x > b + 1) return roundAway(Math.max(a, b)) + 1;
    if (x < a - 1 && x < b - 1) return roundAway(Math.min(a, b)) - 1;
    return x;
  }
  return x;
}

function roundAway(value: number): number {
  return value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5);
}

/** Rounds to the nearest, halves away from zero: the first pixel of a span. */
function roundUp(value: number): number {
  return roundAway(value);
}

/** Rounds to the nearest, halves toward zero: the last pixel of a span. */
function roundDown(value: number): number {
  return value < 0 ? -Math.ceil(-value - 0.5) : Math.ceil(value - 0.5);
}

/** Diameter up to which the arithmetic of {@link paintPillowDisc} is exact. */
const LARGEST_DIAMETER = 9000;

/**
 * Paints a filled circle as Pillow's `ImageDraw.ellipse` does: the box around it is cut toward zero, then each quarter of
 * the rim goes to the next pixel that lies nearest to the ellipse of that box. Beyond 9000 pixels across, every pixel
 * whose centre lies within the circle.
 */
export function paintPillowDisc(canvas: Canvas, x: number, y: number, radius: number, value: number): void {
  if (2 * radius > LARGEST_DIAMETER) {
    for (let row = Math.max(0, Math.ceil(y - radius)); row <= Math.min(canvas.height - 1, y + radius); row++) {
      const half = Math.sqrt(Math.max(0, radius ** 2 - (row - y) ** 2));
      drawRow(canvas, row, Math.ceil(x - half), Math.floor(x + half), value);
    }
    return;
  }
  const left = Math.trunc(x - radius);
  const top = Math.trunc(y - radius);
  const across = Math.trunc(x + radius) - left;
  const down = Math.trunc(y + radius) - top;
  // Half pixels about the centre: the rim runs from the right, (across, 0 or 1), to the bottom, (0 or 1, down).
  const distance = (u: number, v: number) => Math.abs((across * v) ** 2 + (down * u) ** 2 - (across * down) ** 2);
  let u = across;
  let v = down % 2;
  let painted = -1;
  while (v <= down) {
    if (v !== painted) {
      for (const row of [top + (down - v) / 2, top + (down + v) / 2]) {
        if (row >= 0 && row < canvas.height) {
          drawRow(canvas, row, left + (across - u) / 2, left + (across + u) / 2, value);
        }
      }
      painted = v;
    }
    if (u === across % 2 && v === down) return;
    const straight = distance(u, v + 2);
    const slanted = u > 1 ? distance(u - 2, v + 2) : Number.POSITIVE_INFINITY;
    const inward = u > 1 ? distance(u - 2, v) : Number.POSITIVE_INFINITY;
    if (inward < Math.min(straight, slanted)) u -= 2;
    else {
      if (slanted < straight) u -= 2;
      v += 2;
    }
  }
}
