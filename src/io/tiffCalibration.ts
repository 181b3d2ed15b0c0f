import type { Calibration, LengthUnit } from '../core/types.js';
import { TAG, type TiffDirectory } from './tiffDirectory.js';

/**
 * The pixel size that ImageJ, Gatan DigitalMicrograph or Zeiss SmartSEM wrote. Without these the resolution is that of printing, which
 * says nothing about the specimen.
 */
export function readTiffCalibration(directory: TiffDirectory): Calibration | undefined {
  return readImageJ(directory) ?? readDigitalMicrograph(directory) ?? readZeiss(directory);
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

/**
 * Zeiss SmartSEM: a private tag of text. The size in metres stands on its fourth line, with all its digits; by name, in a
 * unit of its own and rounded, after `AP_IMAGE_PIXEL_SIZE`.
 */
function readZeiss(directory: TiffDirectory): Calibration | undefined {
  const text = directory.text(TAG.zeiss);
  const named = /AP_IMAGE_PIXEL_SIZE\s+Image Pixel Size = ([\d.]+) (\S+)/.exec(text ?? '');
  if (named === null) return undefined;
  const unit = toLengthUnit(named[2]!);
  const rounded = Number(named[1]);
  if (unit === undefined) return undefined;
  const metres = Number(text!.split(/\r?\n/)[3]);
  const scale = { px: Number.NaN, pm: 1e12, nm: 1e9, um: 1e6, mm: 1e3, m: 1 }[unit];
  const exact = metres * scale;
  // The line has no name: it counts only where it is what the named size rounds.
  const size = Math.abs(exact - rounded) <= 1e-3 * rounded ? exact : rounded;
  return makeCalibration(size, size, unit);
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
