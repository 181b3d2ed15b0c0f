import type { Calibration, LengthUnit } from '../core/types.js';
import { TAG, type TiffDirectory } from './tiffDirectory.js';

/**
 * The pixel size that ImageJ or Gatan DigitalMicrograph wrote. Without these the resolution is that of printing, which
 * says nothing about the specimen.
 */
export function readTiffCalibration(directory: TiffDirectory): Calibration | undefined {
  return readImageJ(directory) ?? readDigitalMicrograph(directory);
}

/** ImageJ: the unit stands in the description, pixels a unit in the resolution tags. */
function readImageJ(directory: TiffDirectory): Calibration | undefined {
  const description = directory.text(TAG.description);
  if (!description?.startsWith('ImageJ')) return undefined;
  const unit = toLengthUnit(/^unit=(.*)$/m.exec(description)?.[1]?.trim() ?? '');
  const x = directory.numbers(TAG.xResolution)?.[0];
  const y = directory.numbers(TAG.yResolution)?.[0] ?? x;
  return x === undefined || y === undefined ? undefined : makeCalibration(1 / y, 1 / x, unit);
}

/** DigitalMicrograph: private tags hold unit and size of a pixel along x and y. */
function readDigitalMicrograph(directory: TiffDirectory): Calibration | undefined {
  const column = directory.numbers(TAG.gatanScaleX)?.[0];
  const row = directory.numbers(TAG.gatanScaleY)?.[0] ?? column;
  if (column === undefined || row === undefined) return undefined;
  const unit = directory.text(TAG.gatanUnitX) ?? '';
  if ((directory.text(TAG.gatanUnitY) ?? unit) !== unit) return undefined;
  return makeCalibration(row, column, toLengthUnit(unit));
}

function makeCalibration(row: number, column: number, unit: LengthUnit | undefined): Calibration | undefined {
  const usable = (size: number) => size > 0 && Number.isFinite(size);
  if (unit === undefined || !usable(row) || !usable(column)) return undefined;
  return { pixelSize: row === column ? row : { row, column }, unit };
}

function toLengthUnit(text: string): LengthUnit | undefined {
  switch (text.toLowerCase()) {
    case 'pm':
    case 'picometer':
    case 'picometre':
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
    case 'millimeter':
    case 'millimetre':
      return 'mm';
    case 'm':
    case 'meter':
    case 'metre':
      return 'm';
    default:
      return undefined;
  }
}
