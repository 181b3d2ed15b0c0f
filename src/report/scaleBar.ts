import { pixelEdges } from '../core/calibration.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Calibration, LengthUnit } from '../core/types.js';
import { unitSymbol } from './unitSymbol.js';

/** Options of {@link scaleBar}. */
export interface ScaleBarOptions {
  /** The largest share of the image's width that the bar may take, in 0..1. @defaultValue 0.3 */
  readonly maxShare?: number;
}

/** A scale bar for an image. */
export interface ScaleBar {
  /** Length in the unit of the calibration: 1, 2 or 5 times a power of ten. */
  readonly length: number;
  /** The unit of `length`. */
  readonly unit: LengthUnit;
  /** Length in pixels of the image. */
  readonly pixels: number;
  /** What to write beside it, such as `20 nm`. */
  readonly text: string;
}

/**
 * Returns the longest scale bar of a round length (1, 2 or 5 times a power of ten) that fits.
 *
 * @param width - width of the image in pixels.
 * @param calibration - size of a pixel; the bar is horizontal, so that the column direction counts.
 * @throws RangeError for a width, pixel size or share that is not positive.
 *
 * @example
 * ```ts
 * scaleBar(256, { pixelSize: 0.25, unit: 'nm' }).text; // '10 nm'
 * ```
 */
export function scaleBar(width: number, calibration: Calibration, options: ScaleBarOptions = {}): ScaleBar {
  requireKnownOptions('scaleBar', options, ['maxShare']);
  const { maxShare = 0.3 } = options;
  requireNumber('width', width, { above: 0 });
  requireNumber('maxShare', maxShare, { above: 0, max: 1 });
  const { column, unit } = pixelEdges(calibration);
  const longest = width * maxShare * column;
  let exponent = Math.floor(Math.log10(longest));
  // Math.log10 may round across a power of ten.
  if (power(exponent) > longest) exponent--;
  if (power(exponent + 1) <= longest) exponent++;
  const factor = [5, 2, 1].find((candidate) => times(candidate, exponent) <= longest) ?? 1;
  const length = times(factor, exponent);
  return { length, unit, pixels: length / column, text: `${length} ${unitSymbol(unit)}` };
}

function power(exponent: number): number {
  return Number(`1e${exponent}`);
}

function times(factor: number, exponent: number): number {
  return Number(`${factor}e${exponent}`);
}
