import { pixelEdges } from '../core/calibration.js';
import { requireKnownOptions, requireLabels, requireOneOf, show } from '../core/check.js';
import type { Calibration, Image, Labels } from '../core/types.js';
import { regionProperties } from '../morphology/regionProperties.js';
import type { RegionProperty } from '../morphology/regionPropertyValues.js';
import type { MeasurementProfile, Particle } from './particle.js';
import { profileMeasures, profileProperties } from './profiles.js';

/** Options of {@link measureParticles}. */
export interface MeasureParticlesOptions {
  /** Size of a pixel; without it, lengths are in pixels and `unit` is `'px'`. */
  readonly calibration?: Calibration;
  /** Leaves out particles that touch the border of the image, whose size is unknown. @defaultValue false */
  readonly excludeBorder?: boolean;
  /**
   * What to do with particles that touch the border: `'include'` them, `'exclude'` them, or `'weight'`: exclude them and
   * give each of the others its Miles-Lantuéjoul `weight`, since large particles are cut more often than small ones. Not along with `excludeBorder`.
   * @defaultValue 'include'
   */
  readonly border?: 'include' | 'exclude' | 'weight';
  /** A grey image of the same size, for `meanIntensity`. */
  readonly intensity?: Image;
  /** Whose formulas to measure with. @defaultValue 'segkit' */
  readonly profile?: MeasurementProfile;
}

/**
 * Measures every labelled particle in physical units; one row a particle, ascending by label.
 *
 * The profile decides the perimeter and what follows from it. `'segkit'`: Crofton perimeter (a large disc has circularity
 * 0.99), moments of the pixel centres, Feret diameters between midpoints of pixel edges, pixel hull. `'skimage'`: the
 * columns of `regionprops` of the same meaning, with `perimeter` (0 for one pixel, so no circularity). `'imagej'`: Analyze
 * Particles: traced perimeter, circularity at most 1, ellipse with the pixel's own variance scaled to the area, Feret
 * diameters and hull of pixel corners. `'iso'`: the shape factors of ISO 9276-6 with Crofton's perimeter, Feret diameters
 * between midpoints of pixel edges and the ellipse of inertia with the pixel's own variance. Only ImageJ's circularity is
 * clamped: elsewhere small discs exceed 1.
 *
 * @param labels - instance id per pixel, `[height, width]`, 0 = background; see `label` for a mask.
 * @returns no rows where there is no particle.
 * @throws RangeError for an unknown profile, or for pixels that are not square with the profiles `'skimage'` and
 * `'imagej'`, whose formulas have no form for them.
 *
 * @example
 * ```ts
 * const labels = createLabels([1, 1, 1, 1], [2, 2]);
 * const [particle] = measureParticles(labels, { calibration: { pixelSize: 0.5, unit: 'nm' } });
 * particle.area; // 1
 * particle.equivalentDiameter; // 1.1283792
 * ```
 */
export function measureParticles(labels: Labels, options: MeasureParticlesOptions = {}): Particle[] {
  requireLabels('labels', labels);
  requireKnownOptions('measureParticles', options, ['calibration', 'excludeBorder', 'border', 'intensity', 'profile']);
  const { calibration = { pixelSize: 1, unit: 'px' }, excludeBorder = false } = options;
  const { intensity, profile = 'segkit' } = options;
  if (typeof excludeBorder !== 'boolean') {
    throw new TypeError(`excludeBorder must be true or false, got ${show(excludeBorder)}.`);
  }
  const { border = excludeBorder ? 'exclude' : 'include' } = options;
  requireOneOf('border', border, ['include', 'exclude', 'weight']);
  if (options.border !== undefined && options.excludeBorder !== undefined) {
    throw new RangeError(`excludeBorder must not be given along with border, got ${excludeBorder} and "${border}".`);
  }
  requireOneOf('profile', profile, ['segkit', 'imagej', 'skimage', 'iso']);
  const { row, column, unit } = pixelEdges(calibration);
  if ((profile === 'skimage' || profile === 'imagej') && row !== column) {
    throw new RangeError(
      `calibration.pixelSize must be the same for rows and columns with profile "${profile}", got ${row} and ${column}.`,
    );
  }
  const properties: RegionProperty[] = [
    'numPixels',
    'area',
    'equivalentDiameterArea',
    'inertiaTensor',
    'inertiaTensorEigvals',
    'orientation',
    'centroid',
    'bbox',
    'touchesBorder',
    ...profileProperties(profile),
  ];
  const regions =
    intensity === undefined
      ? regionProperties(labels, { spacing: { row, column }, properties })
      : regionProperties(labels, { spacing: { row, column }, properties: [...properties, 'intensityMean'], intensity });

  const particles: Particle[] = [];
  for (const region of regions) {
    if (border !== 'include' && region.touchesBorder) continue;
    const [y, x] = region.centroid;
    particles.push({
      label: region.label,
      unit,
      numPixels: region.numPixels,
      area: region.area,
      equivalentDiameter: region.equivalentDiameterArea,
      ...profileMeasures(region, profile, [row, column]),
      centroid: [y / row, x / column],
      centroidPhysical: [y, x],
      bbox: region.bbox,
      touchesBorder: region.touchesBorder,
      ...(border === 'weight' ? { weight: frameWeight(region.bbox, labels.shape as [number, number]) } : {}),
      ...(intensity === undefined ? {} : { meanIntensity: region.intensityMean }),
    });
  }
  return particles;
}

/**
 * How many particles one that lies wholly in the image stands for: the inverse of the share of positions at which the
 * image does not cut it (Miles 1974, Lantuéjoul 1980). It touches no border, so its box is smaller than the image.
 */
function frameWeight(
  [minRow, minColumn, maxRow, maxColumn]: readonly [number, number, number, number],
  [height, width]: readonly [number, number],
): number {
  // In one row and column on either side it would touch the border, and be left out.
  return (height * width) / ((height - 1 - (maxRow - minRow)) * (width - 1 - (maxColumn - minColumn)));
}
