/** Pixels that shapes are painted into; `data[row * width + column]`. */
export interface Canvas {
  readonly data: Uint8Array | Int32Array;
  readonly width: number;
  readonly height: number;
}

/** A point of integer or fixed-point coordinates. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Sides of a rectangle from 0 to `right` and `bottom` that a point lies beyond. */
function outcode({ x, y }: Corner, right: number, bottom: number): number {
  return (x < 0 ? 1 : 0) | (x > right ? 2 : 0) | (y < 0 ? 4 : 0) | (y > bottom ? 8 : 0);
}

/**
 * Clips a line to 0..right, 0..bottom (Cohen-Sutherland), quotients cut toward zero as OpenCV's `clipLine` does. Where
 * nothing is left, `visible` is false and the ends lie where the clipping stopped.
 */
export function clipLine(
  from: Corner,
  to: Corner,
  right: number,
  bottom: number,
): { from: Corner; to: Corner; visible: boolean } {
  let a = from;
  let b = to;
  const apart = () => (outcode(a, right, bottom) & outcode(b, right, bottom)) !== 0;
  const toRow = (p: Corner, edge: number) => ({
    x: p.x + Math.trunc(((edge - p.y) * (b.x - a.x)) / (b.y - a.y)),
    y: edge,
  });
  const toColumn = (p: Corner, edge: number) => ({
    x: edge,
    y: p.y + Math.trunc(((edge - p.x) * (b.y - a.y)) / (b.x - a.x)),
  });
  if (apart()) return { from: a, to: b, visible: false };
  if (a.y < 0 || a.y > bottom) a = toRow(a, a.y < 0 ? 0 : bottom);
  if (b.y < 0 || b.y > bottom) b = toRow(b, b.y < 0 ? 0 : bottom);
  if (apart()) return { from: a, to: b, visible: false };
  if (a.x < 0 || a.x > right) a = toColumn(a, a.x < 0 ? 0 : right);
  if (b.x < 0 || b.x > right) b = toColumn(b, b.x < 0 ? 0 : right);
  return { from: a, to: b, visible: true };
}

/** Draws a line one pixel wide between integer points (Bresenham, left to right, clipped first), as OpenCV does. */
export function drawLine(canvas: Canvas, from: Corner, to: Corner, value: number): void {
  const { data, width, height } = canvas;
  const clipped = clipLine(from, to, width - 1, height - 1);
  if (!clipped.visible) return;
  const [a, b] = clipped.from.x <= clipped.to.x ? [clipped.from, clipped.to] : [clipped.to, clipped.from];
  const across = b.x - a.x;
  const down = Math.abs(b.y - a.y);
  const rowStep = b.y < a.y ? -width : width;
  const steep = down > across;
  const long = steep ? down : across;
  const short = steep ? across : down;
  const longStep = steep ? rowStep : 1;
  const shortStep = steep ? 1 : rowStep;
  let error = long - 2 * short;
  let at = a.y * width + a.x;
  for (let i = 0; i <= long; i++) {
    data[at] = value;
    if (error < 0) {
      error += 2 * long;
      at += shortStep;
    }
    error -= 2 * short;
    at += longStep;
  }
}

/** Sets the pixels of a row from `first` to `last`, both included and clipped to the image. */
export function drawRow({ data, width }: Canvas, row: number, first: number, last: number, value: number): void {
  const from = Math.max(0, first);
  const to = Math.min(width - 1, last);
  if (to >= from) data.fill(value, row * width + from, row * width + to + 1);
}
