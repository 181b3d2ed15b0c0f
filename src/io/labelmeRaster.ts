import { FormatError } from '../core/errors.js';
import type { Point } from '../core/types.js';
import type { LabelmeShape } from './parseLabelme.js';
import { type Canvas, drawRow } from './rasterLine.js';
import { paintPillowDisc, paintPillowPolygon } from './rasterPillow.js';

/** Whether a shape encloses pixels; points and lines do not. */
export function isFilled({ shapeType }: LabelmeShape): boolean {
  return !['point', 'points', 'line', 'linestrip'].includes(shapeType);
}

/** Paints a shape by the rules of Pillow, as LabelMe does. `place` names it for messages. */
export function paintLabelmeShape(canvas: Canvas, shape: LabelmeShape, value: number, place: string): void {
  const { shapeType, points } = shape;
  switch (shapeType) {
    case 'polygon':
    case 'oriented_rectangle':
      paintPillowPolygon(canvas, points.map(toCorner), value);
      return;
    case 'rectangle': {
      const [a, b] = points.map(toCorner) as [{ x: number; y: number }, { x: number; y: number }];
      for (let row = Math.max(0, Math.min(a.y, b.y)); row <= Math.min(canvas.height - 1, Math.max(a.y, b.y)); row++) {
        drawRow(canvas, row, Math.min(a.x, b.x), Math.max(a.x, b.x), value);
      }
      return;
    }
    case 'circle': {
      const [[x, y], rim] = points as readonly [Point, Point];
      paintPillowDisc(canvas, x, y, Math.sqrt((rim[0] - x) ** 2 + (rim[1] - y) ** 2), value);
      return;
    }
    case 'mask':
      paintMask(canvas, shape, value, place);
      return;
    default:
  }
}

function toCorner([x, y]: Point): { x: number; y: number } {
  return { x: Math.trunc(x), y: Math.trunc(y) };
}

function paintMask(canvas: Canvas, { points, mask }: LabelmeShape, value: number, place: string): void {
  const { x, y } = toCorner(points[0]!);
  const [height, width] = mask!.shape as [number, number];
  if (x < 0 || y < 0 || x + width > canvas.width || y + height > canvas.height) {
    throw new FormatError(
      `${place}: the mask of ${height} x ${width} at row ${y}, column ${x} must lie within the image of ` +
        `${canvas.height} x ${canvas.width}.`,
    );
  }
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (mask!.data[row * width + column]! > 0) canvas.data[(y + row) * canvas.width + x + column] = value;
    }
  }
}
