import type { RegionProperty } from './regionPropertyValues.js';

/** The names of all properties, with the order of the moments of the pixels that each needs (0 to 3). */
function orders(): { readonly [K in RegionProperty]: number } {
  return {
    label: 0,
    numPixels: 0,
    area: 0,
    areaBbox: 0,
    areaConvex: 0,
    areaFilled: 0,
    areaHullCorner: 0,
    aspectRatioEllipse: 2,
    aspectRatioFeret: 0,
    axisMajorLength: 2,
    axisMinorLength: 2,
    bbox: 0,
    centroid: 1,
    centroidLocal: 1,
    centroidWeighted: 0,
    centroidWeightedLocal: 0,
    circularity: 0,
    circumscribedCenter: 0,
    circumscribedDiameter: 0,
    compactness: 0,
    convexity: 0,
    coords: 0,
    coordsScaled: 0,
    eccentricity: 2,
    equivalentDiameterArea: 0,
    eulerNumber: 0,
    extent: 0,
    feretCornerMax: 0,
    feretCornerMaxAngle: 0,
    feretCornerMin: 0,
    feretCornerMinAngle: 0,
    feretCornerStart: 0,
    feretDiameterMax: 0,
    feretMax: 0,
    feretMaxAngle: 0,
    feretMin: 0,
    feretMinAngle: 0,
    geodesicLength: 0,
    image: 0,
    imageConvex: 0,
    imageFilled: 0,
    imageIntensity: 0,
    inertiaTensor: 2,
    inertiaTensorEigvals: 2,
    inscribedCenter: 0,
    inscribedDiameter: 0,
    intensityBackground: 0,
    intensityCorrected: 0,
    intensityIntegrated: 0,
    intensityIntegratedCorrected: 0,
    intensityKurtosis: 0,
    intensityMax: 0,
    intensityMean: 0,
    intensityMedian: 0,
    intensityMin: 0,
    intensitySkew: 0,
    intensityStd: 0,
    moments: 6,
    momentsCentral: 6,
    momentsHu: 3,
    momentsNormalized: 6,
    momentsWeighted: 0,
    momentsWeightedCentral: 0,
    momentsWeightedHu: 0,
    momentsWeightedNormalized: 0,
    orientation: 2,
    perimeter: 0,
    perimeterCrofton: 0,
    perimeterHull: 0,
    perimeterTraced: 0,
    rectangleAngle: 0,
    rectangleLength: 0,
    rectangleWidth: 0,
    roundnessEllipse: 2,
    roundnessFeret: 0,
    slice: 0,
    solidity: 0,
    touchesBorder: 0,
  };
}

/** The names of all properties. */
export function regionPropertyNames(): RegionProperty[] {
  return Object.keys(orders()) as RegionProperty[];
}

/** The highest order of moments that the properties need. */
export function momentOrder(properties: readonly RegionProperty[]): number {
  const order = orders();
  return properties.reduce((highest, property) => Math.max(highest, order[property]), 0);
}

/** Whether a property is one of the intensity image. */
export function needsIntensity(property: RegionProperty): boolean {
  return /^intensity|Weighted|^imageIntensity/.test(property);
}
