import { contiguous, pixels } from '../core/arrays.js';
import {
  requireImage,
  requireKnownOptions,
  requireLabels,
  requireOneOf,
  requireSameSize,
  rowAndColumn,
  show,
} from '../core/check.js';
import type { Image, Labels, PerAxis, PixelData } from '../core/types.js';
import { regionColumns, regionRows } from './regionColumns.js';
import { momentOrder, needsIntensity, regionPropertyNames } from './regionPropertyNames.js';
import type {
  DefaultRegionProperty,
  IntensityProperty,
  RegionProperties,
  RegionProperty,
} from './regionPropertyValues.js';
import { giveBackTable, regionTable } from './regionTable.js';

/** Options of {@link regionProperties}. */
export interface RegionPropertiesOptions<P extends RegionProperty = RegionProperty> {
  /** What to measure; only that is computed. By default the names of {@link DefaultRegionProperty}. */
  readonly properties?: readonly P[];
  /** A grey image of the same size for the properties of intensity; adds those to the default ones. */
  readonly intensity?: Image;
  /** Edge of a pixel; lengths come in its unit. @defaultValue 1 */
  readonly spacing?: PerAxis;
}

/**
 * Returns one row a region, ascending by id, with its `label` and the properties asked for, named and computed as by
 * scikit-image's `regionprops` (see {@link RegionPropertyValues} for the formulas and for what tiny regions give). All
 * regions are measured together, in a few passes over the image.
 *
 * @param labels - instance id per pixel, `[height, width]`, 0 = background. Ids may have gaps, and a region pieces.
 * @returns no rows where there is no region.
 * @throws RangeError for an unknown property, one of intensity without an intensity image, `perimeter` with unequal
 * spacing, a negative id, or an intensity within a region that is not finite.
 *
 * @example
 * ```ts
 * const labels = createLabels([1, 1, 0, 1, 1, 2], [2, 3]);
 * const [first] = regionProperties(labels, { properties: ['area', 'centroid'] });
 * first.area; // 4
 * first.centroid; // [0.5, 0.5]
 * ```
 */
export function regionProperties<P extends RegionProperty>(
  labels: Labels,
  options: RegionPropertiesOptions<P> & { readonly properties: readonly P[] },
): RegionProperties<P>[];
export function regionProperties(
  labels: Labels,
  options: RegionPropertiesOptions & { readonly properties?: undefined; readonly intensity: Image },
): RegionProperties<DefaultRegionProperty | IntensityProperty>[];
export function regionProperties(
  labels: Labels,
  options?: RegionPropertiesOptions & { readonly properties?: undefined; readonly intensity?: undefined },
): RegionProperties[];
export function regionProperties(
  labels: Labels,
  options: RegionPropertiesOptions = {},
): Partial<RegionProperties<RegionProperty>>[] {
  requireLabels('labels', labels);
  requireKnownOptions('regionProperties', options, ['properties', 'intensity', 'spacing']);
  const { intensity, spacing = 1 } = options;
  const values = intensity === undefined ? undefined : greyValues(labels, intensity);
  const { properties = defaultProperties(values !== undefined) } = options;
  if (!Array.isArray(properties)) throw new TypeError(`properties must be an array of names, got ${show(properties)}.`);
  for (const property of properties) {
    requireOneOf('properties', property, regionPropertyNames());
    if (values === undefined && needsIntensity(property)) {
      throw new RangeError(`intensity must be given to measure ${property}, got undefined.`);
    }
  }
  const [rowSize, columnSize] = rowAndColumn('spacing', spacing, { above: 0 });
  if (properties.includes('perimeter') && rowSize !== columnSize) {
    throw new RangeError(
      `spacing must be the same for rows and columns to measure perimeter, got ${rowSize} and ${columnSize}; ` +
        'perimeterCrofton has no such bound.',
    );
  }

  const [height, width] = labels.shape as [number, number];
  const table = regionTable(contiguous(labels).data, height, width, momentOrder(properties));
  const rows = regionRows(table, regionColumns(table, values, rowSize, columnSize), properties);
  giveBackTable(table);
  return rows;
}

/** The properties measured where none are named. */
function defaultProperties(withIntensity: boolean): readonly RegionProperty[] {
  const names: readonly DefaultRegionProperty[] = [
    'area',
    'bbox',
    'centroid',
    'equivalentDiameterArea',
    'perimeter',
    'perimeterCrofton',
    'circularity',
    'axisMajorLength',
    'axisMinorLength',
    'eccentricity',
    'orientation',
    'touchesBorder',
  ];
  return withIntensity ? [...names, 'intensityMean', 'intensityMin', 'intensityMax'] : names;
}

function greyValues(labels: Labels, intensity: Image): PixelData {
  requireImage('intensity', intensity);
  requireSameSize('intensity', intensity, 'labels', labels);
  const { data, channels } = pixels(intensity);
  if (channels !== 1) throw new RangeError(`intensity must have one channel, got ${channels}; see toGrey.`);
  return data;
}
