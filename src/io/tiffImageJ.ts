import { pixelEdges } from '../core/calibration.js';
import type { Calibration } from '../core/types.js';
import { TAG } from './tiffDirectory.js';
import type { TiffField } from './tiffFields.js';

/** The fields by which ImageJ stores a pixel size: unit in the description, pixels a unit as resolution. */
export function imageJTags(calibration: Calibration, pages: number): TiffField[] {
  const { row, column, unit } = pixelEdges(calibration);
  const name = unit === 'um' ? 'micron' : unit === 'px' ? 'pixel' : unit;
  const stack = pages > 1 ? `images=${pages}\nslices=${pages}\n` : '';
  const description = `ImageJ=1.54f\n${stack}unit=${name}\n\0`;
  return [
    { tag: TAG.description, type: 'ascii', values: [...new TextEncoder().encode(description)] },
    { tag: TAG.xResolution, type: 'rational', values: toRational(1 / column) },
    { tag: TAG.yResolution, type: 'rational', values: toRational(1 / row) },
    { tag: TAG.resolutionUnit, type: 'short', values: [1] },
  ];
}

/** The best quotient of two 32-bit numbers, by continued fractions. */
function toRational(value: number): [number, number] {
  const limit = 2 ** 32 - 1;
  if (value > limit || value < 1 / limit) {
    throw new RangeError(`calibration.pixelSize must lie within 2^-32 and 2^32 to be written, got ${1 / value}.`);
  }
  let [a, b] = [1, 0];
  let [c, d] = [0, 1];
  let rest = value;
  for (let i = 0; i < 40; i++) {
    const whole = Math.floor(rest);
    const [numerator, denominator] = [whole * a + c, whole * b + d];
    if (numerator > limit || denominator > limit) break;
    [c, d] = [a, b];
    [a, b] = [numerator, denominator];
    if (a / b === value || rest === whole) break;
    rest = 1 / (rest - whole);
  }
  return a === 0 ? [1, Math.round(1 / value)] : [a, b];
}
