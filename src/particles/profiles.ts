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

/** The region properties that a profile reads. */
export function profileProperties(profile: MeasurementProfile): RegionProperty[] {
  switch (profile) {
    case 'segkit':
      return ['perimeterCrofton', 'feretMax', 'feretMin', 'areaConvex'];
    case 'skimage':
      return ['perimeter', 'feretDiameterMax', 'feretMin', 'areaConvex'];
    case 'imagej':
      return ['perimeterTraced', 'feretCornerMax', 'feretCornerMin', 'areaHullCorner'];
  }
}

/** A region with the properties that all profiles need, and those of one. */
export type ProfileRegion = RegionProperties<'area' | 'inertiaTensor' | 'inertiaTensorEigvals' | 'orientation'> &
  Partial<RegionProperties<RegionProperty>>;

/** The measures of a region by a profile; lengths in the unit of the region's. */
export function profileMeasures(region: ProfileRegion, profile: MeasurementProfile): ProfileMeasures {
  const { area, orientation } = region;
  const [major, minor] = region.inertiaTensorEigvals;
  const alike = major === minor;
  const shared = {
    eccentricity: major === 0 ? 0 : Math.sqrt(1 - minor / major),
    orientation: alike ? Number.NaN : orientation,
  };
  switch (profile) {
    case 'segkit':
      return {
        ...shared,
        perimeter: region.perimeterCrofton!,
        circularity: circularity(area, region.perimeterCrofton!),
        axisMajor: 4 * Math.sqrt(major),
        axisMinor: 4 * Math.sqrt(minor),
        feretMax: region.feretMax!,
        feretMin: region.feretMin!,
        solidity: area / region.areaConvex!,
      };
    case 'skimage':
      return {
        ...shared,
        perimeter: region.perimeter!,
        circularity: circularity(area, region.perimeter!),
        axisMajor: 4 * Math.sqrt(major),
        axisMinor: 4 * Math.sqrt(minor),
        feretMax: region.feretDiameterMax!,
        feretMin: region.feretMin!,
        solidity: area / region.areaConvex!,
      };
    case 'imagej': {
      // A pixel is a square with a variance of edge^2 / 12 of its own; the axes are scaled to the area of the particle.
      const pixel = area / region.numPixels! / 12;
      const ratio = Math.sqrt(Math.sqrt((major + pixel) / (minor + pixel)));
      const diameter = Math.sqrt((4 * area) / Math.PI);
      return {
        eccentricity: Math.sqrt(1 - (minor + pixel) / (major + pixel)),
        orientation: shared.orientation,
        perimeter: region.perimeterTraced!,
        circularity: Math.min(1, circularity(area, region.perimeterTraced!)),
        axisMajor: diameter * ratio,
        axisMinor: diameter / ratio,
        feretMax: region.feretCornerMax!,
        feretMin: region.feretCornerMin!,
        solidity: area / region.areaHullCorner!,
      };
    }
  }
}

function circularity(area: number, perimeter: number): number {
  return perimeter === 0 ? Number.NaN : (4 * Math.PI * area) / (perimeter * perimeter);
}
