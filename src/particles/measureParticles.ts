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
 * diameters and hull of pixel corners. Only there is circularity clamped: elsewhere small discs exceed 1.
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
  requireKnownOptions('measureParticles', options, ['calibration', 'excludeBorder', 'intensity', 'profile']);
  const { calibration = { pixelSize: 1, unit: 'px' }, excludeBorder = false } = options;
  const { intensity, profile = 'segkit' } = options;
  if (typeof excludeBorder !== 'boolean') {
    throw new TypeError(`excludeBorder must be true or false, got ${show(excludeBorder)}.`);
  }
  requireOneOf('profile', profile, ['segkit', 'imagej', 'skimage']);
  const { row, column, unit } = pixelEdges(calibration);
  if (profile !== 'segkit' && row !== column) {
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
    if (excludeBorder && region.touchesBorder) continue;
    const [y, x] = region.centroid;
    particles.push({
      label: region.label,
      unit,
      numPixels: region.numPixels,
      area: region.area,
      equivalentDiameter: region.equivalentDiameterArea,
      ...profileMeasures(region, profile),
      centroid: [y / row, x / column],
      centroidPhysical: [y, x],
      bbox: region.bbox,
      touchesBorder: region.touchesBorder,
      ...(intensity === undefined ? {} : { meanIntensity: region.intensityMean }),
    });
  }
  return particles;
}
