import type { Labels } from '../core/types.js';
import { regionProperties } from '../morphology/regionProperties.js';
import { inertiaAxes } from './profiles.js';

/**
 * Sizes and shape factors under the symbols of ISO 13322-1 and 9276-6, in the forms that are commonly published (the
 * standards themselves were not at hand): Crofton's perimeter, Feret diameters between midpoints of pixel edges.
 */
export function isoRows(labels: Labels, spacing: { row: number; column: number }): Array<Record<string, number>> {
  const rows = regionProperties(labels, {
    spacing,
    properties: [
      'area',
      'perimeterCrofton',
      'equivalentDiameterArea',
      'feretMax',
      'feretMin',
      'rectangleLength',
      'rectangleWidth',
      'inertiaTensor',
      'inscribedDiameter',
      'circumscribedDiameter',
      'geodesicLength',
      'circularity',
      'compactness',
      'solidity',
      'convexity',
      'extent',
      'aspectRatioFeret',
    ],
  });
  return rows.map((region) => {
    const [major, minor] = inertiaAxes(region.inertiaTensor, spacing.row, spacing.column);
    return {
      A: region.area,
      P: region.perimeterCrofton,
      x_A: region.equivalentDiameterArea,
      x_P: region.perimeterCrofton / Math.PI,
      x_Fmax: region.feretMax,
      x_Fmin: region.feretMin,
      x_MBRlength: region.rectangleLength,
      x_MBRwidth: region.rectangleWidth,
      x_Lmax: major,
      x_Lmin: minor,
      d_imax: region.inscribedDiameter,
      d_cmin: region.circumscribedDiameter,
      x_LG: region.geodesicLength,
      // Thickness: that of a fibre of the same area and length.
      x_E: region.area / region.geodesicLength,
      circularity: region.circularity,
      compactness: region.compactness,
      aspectRatio: region.aspectRatioFeret,
      ellipseRatio: minor / major,
      elongation: region.area / region.geodesicLength ** 2,
      solidity: region.solidity,
      convexity: region.convexity,
      extent: region.extent,
    };
  });
}
