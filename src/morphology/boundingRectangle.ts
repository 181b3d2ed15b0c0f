import { axisAngle } from './hullSpans.js';
import type { Hull } from './regionHull.js';

/** A rectangle in the unit of the pixels' edges. */
export interface Rectangle {
  readonly length: number;
  readonly width: number;
  /** Angle from the row axis to its length, in (-pi/2, pi/2]. */
  readonly angle: number;
}

/** The rectangle of smallest area around a hull: one of its sides holds an edge of the hull (Freeman and Shapira 1975). */
export function boundingRectangle({ rows, columns, count }: Hull, rowSize: number, columnSize: number): Rectangle {
  let best: Rectangle = { length: 0, width: 0, angle: 0 };
  let smallest = Number.POSITIVE_INFINITY;
  let leastAround = Number.POSITIVE_INFINITY;
  for (let a = 0; a < count; a++) {
    const b = a + 1 === count ? 0 : a + 1;
    const y = (rows[b]! - rows[a]!) * rowSize;
    const x = (columns[b]! - columns[a]!) * columnSize;
    const edge = Math.sqrt(y * y + x * x);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let far = 0;
    for (let k = 0; k < count; k++) {
      const row = (rows[k]! - rows[a]!) * rowSize;
      const column = (columns[k]! - columns[a]!) * columnSize;
      const along = (row * y + column * x) / edge;
      low = Math.min(low, along);
      high = Math.max(high, along);
      far = Math.max(far, Math.abs(row * x - column * y) / edge);
    }
    const area = (high - low) * far;
    // Of equal areas, within rounding, the squarer one, whichever way the region is turned.
    const around = high - low + far;
    if (area > smallest * (1 + 1e-12)) continue;
    if (area >= smallest * (1 - 1e-12) && around >= leastAround * (1 - 1e-12)) continue;
    smallest = area;
    leastAround = around;
    best =
      high - low >= far
        ? { length: (high - low) / 2, width: far / 2, angle: axisAngle(y, x) }
        : { length: far / 2, width: (high - low) / 2, angle: axisAngle(-x, y) };
  }
  return best;
}
