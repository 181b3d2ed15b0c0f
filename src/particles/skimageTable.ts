import type { Image, Labels } from '../core/types.js';
import { regionProperties } from '../morphology/regionProperties.js';
import type { RegionProperty } from '../morphology/regionPropertyValues.js';

/** The columns of scikit-image's `regionprops` that are numbers, lists or tables of numbers. */
const SHAPE = [
  'label',
  'numPixels',
  'area',
  'areaBbox',
  'areaConvex',
  'areaFilled',
  'axisMajorLength',
  'axisMinorLength',
  'bbox',
  'centroid',
  'centroidLocal',
  'eccentricity',
  'equivalentDiameterArea',
  'eulerNumber',
  'extent',
  'feretDiameterMax',
  'inertiaTensor',
  'inertiaTensorEigvals',
  'moments',
  'momentsCentral',
  'momentsHu',
  'momentsNormalized',
  'orientation',
  'perimeter',
  'perimeterCrofton',
  'solidity',
] as const satisfies readonly RegionProperty[];

const INTENSITY = [
  'centroidWeighted',
  'centroidWeightedLocal',
  'intensityMax',
  'intensityMean',
  'intensityMedian',
  'intensityMin',
  'intensityStd',
  'momentsWeighted',
  'momentsWeightedCentral',
  'momentsWeightedHu',
  'momentsWeightedNormalized',
] as const satisfies readonly RegionProperty[];

/** The rows of scikit-image's `regionprops_table`, with its names and `-` before the indices of what is not one number. */
export function skimageRows(labels: Labels, edge: number, intensity: Image | undefined): Array<Record<string, number>> {
  const rows: ReadonlyArray<Readonly<Record<string, unknown>>> =
    intensity === undefined
      ? regionProperties(labels, { properties: SHAPE, spacing: edge })
      : regionProperties(labels, { properties: [...SHAPE, ...INTENSITY], spacing: edge, intensity });
  return rows.map((row) => {
    const flat: Record<string, number> = {};
    const add = (name: string, value: unknown) => {
      if (Array.isArray(value)) for (const [i, part] of value.entries()) add(`${name}-${i}`, part);
      else flat[name] = Number(value);
    };
    for (const [name, value] of Object.entries(row)) add(snake(name), value);
    return flat;
  });
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
