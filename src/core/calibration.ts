import { requireKnownOptions, requireLengthUnit, rowAndColumn, show } from './check.js';
import type { Calibration, LengthUnit } from './types.js';

/** Edges of a pixel and their unit. */
export interface PixelEdges {
  readonly row: number;
  readonly column: number;
  readonly unit: LengthUnit;
}

/** Checks a calibration and spells it out. */
export function pixelEdges(calibration: Calibration): PixelEdges {
  if (typeof calibration !== 'object' || calibration === null) {
    throw new TypeError(`calibration must be an object with pixelSize and unit, got ${show(calibration)}.`);
  }
  requireKnownOptions('calibration', calibration, ['pixelSize', 'unit']);
  const { pixelSize, unit } = calibration;
  requireLengthUnit('calibration.unit', unit);
  const [row, column] = rowAndColumn('calibration.pixelSize', pixelSize, { above: 0 });
  return { row, column, unit };
}
