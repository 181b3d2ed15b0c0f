import { sin } from '../core/math.js';
import { type Canvas, type Corner, clipLine, drawRow } from './rasterLine.js';
import { ONE } from './rasterPolygon.js';

/** An ellipse of integer numbers, as OpenCV takes it. */
export interface EllipseShape {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  /** Degrees, clockwise on the screen. */
  readonly rotation: number;
}

/**
 * Paints a filled ellipse as OpenCV's `ellipse` with thickness -1 does: a polygon with a corner every 5 to 90 degrees
 * (the smaller the ellipse, the fewer), in fixed-point coordinates, outline included.
 */
export function paintEllipse(canvas: Canvas, ellipse: EllipseShape, value: number): void {
  const corners = ellipseCorners(ellipse);
  corners.forEach((corner, i) => {
    drawFixedLine(canvas, corners[(i + corners.length - 1) % corners.length]!, corner, value);
  });
  if (corners.length >= 3) fillConvex(canvas, corners, value);
}

/** Corners in fixed point. OpenCV reads sines from a table of whole degrees with seven decimals. */
function ellipseCorners({ x, y, radiusX, radiusY, rotation }: EllipseShape): Corner[] {
  const largest = Math.max(radiusX, radiusY);
  const step = largest < 3 ? 90 : largest < 10 ? 30 : largest < 15 ? 18 : 5;
  const sine = (degrees: number) => {
    const turned = ((degrees % 360) + 360) % 360;
    return Math.fround(Number(sin((turned * Math.PI) / 180).toFixed(7)));
  };
  const a = sine(rotation + 90);
  const b = sine(rotation);
  const corners: Corner[] = [];
  for (let angle = 0; angle <= 360; angle += step) {
    const along = radiusX * ONE * sine(angle + 90);
    const across = radiusY * ONE * sine(angle);
    const corner = {
      x: roundEven(x * ONE + along * a - across * b),
      y: roundEven(y * ONE + along * b + across * a),
    };
    const last = corners.at(-1);
    if (last === undefined || last.x !== corner.x || last.y !== corner.y) corners.push(corner);
  }
  return corners.length === 1 ? [corners[0]!, corners[0]!] : corners;
}

/** Rounds halves to the even neighbour, as OpenCV's `cvRound` does. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** A line between fixed-point ends: steps along the longer direction with a rounded position in the other. */
function drawFixedLine(canvas: Canvas, from: Corner, to: Corner, value: number): void {
  const { data, width, height } = canvas;
  const clipped = clipLine(from, to, width * ONE - 1, height * ONE - 1);
  if (!clipped.visible) return;
  const put = (x: number, y: number) => {
    if (x >= 0 && x < width && y >= 0 && y < height) data[y * width + x] = value;
  };
  const spanX = Math.abs(clipped.to.x - clipped.from.x);
  const spanY = Math.abs(clipped.to.y - clipped.from.y);
  const flat = spanX > spanY;
  const forward = flat ? clipped.to.x >= clipped.from.x : clipped.to.y >= clipped.from.y;
  const [start, end] = forward ? [clipped.from, clipped.to] : [clipped.to, clipped.from];
  put(Math.floor((end.x + ONE / 2) / ONE), Math.floor((end.y + ONE / 2) / ONE));
  const half = ONE / 2;
  if (flat) {
    const step = Math.trunc(((end.y - start.y) * ONE) / (spanX | 1));
    const count = Math.floor((end.x - start.x) / ONE);
    const column = Math.floor((start.x + half) / ONE);
    for (let i = 0; i <= count; i++) put(column + i, Math.floor((start.y + half + i * step) / ONE));
  } else {
    const step = Math.trunc(((end.x - start.x) * ONE) / (spanY | 1));
    const count = Math.floor((end.y - start.y) / ONE);
    const row = Math.floor((start.y + half) / ONE);
    for (let i = 0; i <= count; i++) put(Math.floor((start.x + half + i * step) / ONE), row + i);
  }
}

interface Side {
  index: number;
  /** 1 onward, or count - 1 backward. */
  readonly turn: number;
  /** Row at which the next corner takes over. */
  until: number;
  x: number;
  step: number;
}

/** Fills a convex polygon between its two sides, from the highest corner down. */
function fillConvex(canvas: Canvas, corners: readonly Corner[], value: number): void {
  const count = corners.length;
  const rowOf = (corner: Corner) => Math.floor((corner.y + ONE / 2) / ONE);
  let highest = 0;
  for (let i = 1; i < count; i++) if (corners[i]!.y < corners[highest]!.y) highest = i;
  const first = rowOf(corners[highest]!);
  const last = Math.min(canvas.height - 1, Math.max(...corners.map(rowOf)));
  const side = (turn: number): Side => ({ index: highest, turn, until: first, x: -ONE, step: 0 });
  const sides: readonly [Side, Side] = [side(1), side(count - 1)];
  let left = count;
  for (let row = first; row <= last; row++) {
    for (const edge of sides) {
      if (row < edge.until) continue;
      let from = edge.index;
      let to = (from + edge.turn) % count;
      while (left-- > 0) {
        const bottom = rowOf(corners[to]!);
        if (bottom > row) {
          const start = corners[from]!.x;
          edge.until = bottom;
          edge.step = Math.trunc(((corners[to]!.x - start) * 2 + (bottom - row)) / (2 * (bottom - row)));
          edge.x = start;
          edge.index = to;
          break;
        }
        from = to;
        to = (to + edge.turn) % count;
      }
    }
    if (left < 0) return;
    // Rows above the image are passed over at once, up to the next corner.
    const skipped = row < 0 ? Math.min(sides[0].until, sides[1].until, 0) - row - 1 : 0;
    if (skipped > 0) {
      sides[0].x += sides[0].step * skipped;
      sides[1].x += sides[1].step * skipped;
      row += skipped;
    } else if (row >= 0) {
      const [a, b] = sides[0].x > sides[1].x ? [sides[1].x, sides[0].x] : [sides[0].x, sides[1].x];
      drawRow(canvas, row, Math.floor((a + ONE / 2) / ONE), Math.floor((b + ONE / 2) / ONE), value);
    }
    sides[0].x += sides[0].step;
    sides[1].x += sides[1].step;
  }
}
