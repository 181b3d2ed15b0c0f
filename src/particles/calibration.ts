import { requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { Calibration, LengthUnit } from '../core/types.js';

/** Edges of a pixel and their unit. */
export interface PixelEdges {
  readonly row: number;
  readonly column: number;
  readonly unit: LengthUnit;
}

/** Checks a calibration and spells it out; without one, pixels of 1 px. */
export function pixelEdges(calibration: Calibration | undefined): PixelEdges {
  if (calibration === undefined) return { row: 1, column: 1, unit: 'px' };
  if (calibration === null || typeof calibration !== 'object') {
    throw new TypeError(`calibration must be an object with pixelSize and unit, got ${show(calibration)}.`);
  }
  requireKnownOptions('calibration', calibration, ['pixelSize', 'unit']);
  const { pixelSize, unit } = calibration;
  requireOneOf('calibration.unit', unit, ['px', 'pm', 'nm', 'um', 'mm', 'm']);
  if (typeof pixelSize !== 'object' || pixelSize === null) {
    requireNumber('calibration.pixelSize', pixelSize, { above: 0 });
    return { row: pixelSize, column: pixelSize, unit };
  }
  requireKnownOptions('calibration.pixelSize', pixelSize, ['row', 'column']);
  requireNumber('calibration.pixelSize.row', pixelSize.row, { above: 0 });
  requireNumber('calibration.pixelSize.column', pixelSize.column, { above: 0 });
  return { row: pixelSize.row, column: pixelSize.column, unit };
}
