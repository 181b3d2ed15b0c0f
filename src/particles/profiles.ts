import type { RegionProperties, RegionProperty } from '../morphology/regionPropertyValues.js';
import type { MeasurementProfile, Particle } from './particle.js';

/** The measures that profiles define differently. */
export type ProfileMeasures = Pick<
  Particle,
  | 'perimeter'
  | 'circularity'
  | 'axisMajor'
  | 'axisMinor'
  | 'eccentricity'
  | 'orientation'
  | 'feretMax'
  | 'feretMin'
  | 'solidity'
>;

/** Perimeter, largest and smallest Feret diameter and area of the hull, by the names that a profile reads them under. */
export function profileProperties(profile: MeasurementProfile) {
  switch (profile) {
    case 'segkit':
    case 'iso':
      return ['perimeterCrofton', 'feretMax', 'feretMin', 'areaConvex'] as const;
    case 'skimage':
      return ['perimeter', 'feretDiameterMax', 'feretMin', 'areaConvex'] as const;
    case 'imagej':
      return ['perimeterTraced', 'feretCornerMax', 'feretCornerMin', 'areaHullCorner'] as const;
  }
}

/** A region with the properties that all profiles need, and those of one. */
export type ProfileRegion = RegionProperties<'area' | 'inertiaTensor' | 'inertiaTensorEigvals' | 'orientation'> &
  Partial<RegionProperties<RegionProperty>>;

/** The axes of the ellipse with the moments of a region's pixels as squares, each with a variance of edge^2 / 12 of its own. */
export function inertiaAxes(
  [[along, across], [, down]]: readonly [readonly [number, number], readonly [number, number]],
  rowSize: number,
  columnSize: number,
): [major: number, minor: number] {
  const columns = along + (columnSize * columnSize) / 12;
  const rows = down + (rowSize * rowSize) / 12;
  const mean = (rows + columns) / 2;
  const spread = Math.sqrt(((rows - columns) / 2) ** 2 + across * across);
  return [4 * Math.sqrt(mean + spread), 4 * Math.sqrt(Math.max(0, mean - spread))];
}

/** The measures of a region by a profile; lengths in the unit of the region's. */
export function profileMeasures(
  region: ProfileRegion,
  profile: MeasurementProfile,
  [rowSize, columnSize]: readonly [number, number] = [1, 1],
): ProfileMeasures {
  const { area } = region;
  const [major, minor] = region.inertiaTensorEigvals;
  const [perimeterName, feretMaxName, feretMinName, hullAreaName] = profileProperties(profile);
  const perimeter = region[perimeterName]!;
  const shared = {
    orientation: major === minor ? Number.NaN : region.orientation,
    perimeter,
    circularity: circularity(area, perimeter),
    feretMax: region[feretMaxName]!,
    feretMin: region[feretMinName]!,
    solidity: area / region[hullAreaName]!,
  };
  if (profile === 'segkit' || profile === 'skimage') {
    return {
      ...shared,
      eccentricity: major === 0 ? 0 : Math.sqrt(1 - minor / major),
      axisMajor: 4 * Math.sqrt(major),
      axisMinor: 4 * Math.sqrt(minor),
    };
  }
  // A pixel is a square with a variance of edge^2 / 12 of its own; the axes are scaled to the area of the particle.
  const pixel = area / region.numPixels! / 12;
  const ratio = Math.sqrt(Math.sqrt((major + pixel) / (minor + pixel)));
  if (profile === 'iso') {
    const [axisMajor, axisMinor] = inertiaAxes(region.inertiaTensor, rowSize, columnSize);
    return { ...shared, eccentricity: Math.sqrt(1 - (axisMinor / axisMajor) ** 2), axisMajor, axisMinor };
  }
  const diameter = Math.sqrt((4 * area) / Math.PI);
  return {
    ...shared,
    circularity: Math.min(1, shared.circularity),
    eccentricity: Math.sqrt(1 - (minor + pixel) / (major + pixel)),
    axisMajor: diameter * ratio,
    axisMinor: diameter / ratio,
  };
}

function circularity(area: number, perimeter: number): number {
  return perimeter === 0 ? Number.NaN : (4 * Math.PI * area) / (perimeter * perimeter);
}
