import type { Calibration, LengthUnit } from '../core/types.js';
import { TAG, type TiffDirectory } from './tiffDirectory.js';

/**
 * The pixel size that ImageJ wrote: its unit stands in the description, pixels a unit in the resolution tags. Without
 * ImageJ's description the resolution is that of printing, which says nothing about the specimen.
 */
export function readImageJCalibration(directory: TiffDirectory): Calibration | undefined {
  const description = directory.text(TAG.description);
  if (!description?.startsWith('ImageJ')) return undefined;
  const unit = toLengthUnit(/^unit=(.*)$/m.exec(description)?.[1]?.trim() ?? '');
  if (unit === undefined) return undefined;
  const x = directory.numbers(TAG.xResolution)?.[0];
  const y = directory.numbers(TAG.yResolution)?.[0] ?? x;
  if (x === undefined || y === undefined || !(x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y))) {
    return undefined;
  }
  return { pixelSize: x === y ? 1 / x : { row: 1 / y, column: 1 / x }, unit };
}

function toLengthUnit(text: string): LengthUnit | undefined {
  switch (text.toLowerCase()) {
    case 'pm':
    case 'picometer':
      return 'pm';
    case 'nm':
    case 'nanometer':
    case 'nanometre':
      return 'nm';
    case 'um':
    case '\u00b5m':
    case '\u03bcm':
    case '\\u00b5m':
    case '\\u03bcm':
    case 'micron':
    case 'microns':
    case 'micrometer':
    case 'micrometre':
      return 'um';
    case 'mm':
      return 'mm';
    case 'm':
    case 'meter':
      return 'm';
    default:
      return undefined;
  }
}
