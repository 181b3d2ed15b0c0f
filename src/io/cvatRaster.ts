import { FormatError } from '../core/errors.js';
import { cos, sin } from '../core/math.js';
import type { CvatBox, CvatMask, CvatShape } from './cvatShapes.js';
import { paintEllipse } from './rasterEllipse.js';
import { type Canvas, type Corner, drawRow } from './rasterLine.js';
import { paintPolygon } from './rasterPolygon.js';

/** Whether a shape encloses pixels; polylines and points do not. */
export function isFilled({ kind }: CvatShape): boolean {
  return kind !== 'polyline' && kind !== 'points';
}

/** Paints a shape by OpenCV's rules, coordinates cut toward zero. `place` names it for messages. */
export function paintCvatShape(canvas: Canvas, shape: CvatShape, value: number, place: string): void {
  switch (shape.kind) {
    case 'polygon':
      paintPolygon(
        canvas,
        shape.points.map(([x, y]) => corner(x, y)),
        value,
      );
      return;
    case 'ellipse':
      paintEllipse(
        canvas,
        {
          x: Math.trunc(shape.cx),
          y: Math.trunc(shape.cy),
          radiusX: Math.trunc(shape.rx),
          radiusY: Math.trunc(shape.ry),
          rotation: Math.trunc(shape.rotation),
        },
        value,
      );
      return;
    case 'box':
      paintPolygon(canvas, boxCorners(shape), value);
      return;
    case 'mask':
      paintRuns(canvas, shape, value, place);
      return;
    default:
  }
}

function corner(x: number, y: number): Corner {
  return { x: Math.trunc(x), y: Math.trunc(y) };
}

function boxCorners({ xtl, ytl, xbr, ybr, rotation }: CvatBox): Corner[] {
  const a = cos((rotation * Math.PI) / 180);
  const b = sin((rotation * Math.PI) / 180);
  const x = (xtl + xbr) / 2;
  const y = (ytl + ybr) / 2;
  // What turning leaves behind the sixth decimal is noise: without rounding it away, 2 could become 1.
  const clean = (value: number) => Math.round(value * 1e6) / 1e6;
  const turn = (cornerX: number, cornerY: number) =>
    rotation === 0
      ? corner(cornerX, cornerY)
      : corner(clean(x + (cornerX - x) * a - (cornerY - y) * b), clean(y + (cornerX - x) * b + (cornerY - y) * a));
  return [turn(xtl, ytl), turn(xbr, ytl), turn(xbr, ybr), turn(xtl, ybr)];
}

function paintRuns(canvas: Canvas, { left, top, width, height, runs }: CvatMask, value: number, place: string): void {
  const whole = [left, top, width, height].every((side) => Number.isInteger(side));
  if (!whole || left < 0 || top < 0 || left + width > canvas.width || top + height > canvas.height) {
    throw new FormatError(
      `${place}: the box of ${height} x ${width} at row ${top}, column ${left} must lie within the image of ` +
        `${canvas.height} x ${canvas.width}.`,
    );
  }
  let at = 0;
  runs.forEach((run, i) => {
    const end = at + run;
    while (i % 2 === 1 && at < end) {
      const row = Math.floor(at / width);
      const stop = Math.min(end, (row + 1) * width);
      drawRow(canvas, top + row, left + at - row * width, left + stop - 1 - row * width, value);
      at = stop;
    }
    at = end;
  });
}
