import { contiguous, createLabels } from '../core/arrays.js';
import {
  requireKnownOptions,
  requireLabels,
  requireMask,
  requireNumber,
  requireSameSize,
  show,
} from '../core/check.js';
import type { Image, Labels, Mask } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { type OutOption, outputData } from './out.js';
import { flood } from './watershedFlood.js';
import { floodByHeap } from './watershedHeap.js';

/** Options of {@link watershed}. */
export interface WatershedOptions extends OutOption<Labels> {
  /** Where basins begin: ids above 0. */
  readonly markers: Labels;
  /** Only pixels above 0 are flooded. By default all. */
  readonly mask?: Mask;
  /** Which pixels are neighbours: 4 or 8. @defaultValue 4 */
  readonly connectivity?: Connectivity;
  /** Above 0, basins grow evenly around their markers (Neubert and Protzel 2014). @defaultValue 0 */
  readonly compactness?: number;
  /** Leaves a line of 0, one pixel wide, between basins. @defaultValue false */
  readonly watershedLine?: boolean;
}

/**
 * Floods a grey image from markers; each pixel takes the id whose water reaches it first, lower pixels before higher ones
 * and earlier before later (Soille and Ansoult 1990). Equal to scikit-image's `watershed`, but for plateaus where its
 * order of the markers is undefined; here markers start in raster order.
 *
 * To split touching particles, flood the negated distance transform; see `splitByWatershed`.
 *
 * @param image - one channel; low values are flooded first.
 * @returns ids of the markers, `[height, width]`; 0 beyond the mask, where no water came, and on lines.
 * @throws RangeError for several channels, samples that are not finite, sizes that differ, or an `out` that does not fit.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 1, 9, 1, 0]), [1, 5]);
 * const markers = createLabels([1, 0, 0, 0, 2], [1, 5]);
 * watershed(image, { markers }).data; // [1, 1, 1, 2, 2]
 * ```
 */
export function watershed(image: Image, options: WatershedOptions): Labels {
  requireKnownOptions('watershed', options, ['markers', 'mask', 'connectivity', 'compactness', 'watershedLine', 'out']);
  const { markers, mask, connectivity = 4, compactness = 0, watershedLine = false, out } = options;
  const { data, height, width } = greyImage('image', image);
  requireLabels('markers', markers);
  requireSameSize('markers', markers, 'image', image);
  if (mask !== undefined) {
    requireMask('mask', mask);
    requireSameSize('mask', mask, 'image', image);
  }
  requireConnectivity(connectivity);
  requireNumber('compactness', compactness, { min: 0 });
  if (typeof watershedLine !== 'boolean') {
    throw new TypeError(`watershedLine must be true or false, got ${show(watershedLine)}.`);
  }
  requireFiniteSamples('image', data);
  const basins = {
    values: data,
    height,
    width,
    markers: contiguous(markers).data,
    mask: mask === undefined ? undefined : contiguous(mask).data,
    connectivity,
  };
  let signs = 0;
  for (let i = 0; i < basins.markers.length; i++) signs |= basins.markers[i]!;
  if (signs < 0) {
    const i = basins.markers.findIndex((id) => id < 0);
    throw new RangeError(`markers must hold ids of 0 or more, got ${basins.markers[i]} at index ${i}.`);
  }
  const result = outputData(out, Int32Array, [height, width], image.data, markers.data, mask?.data);
  if (compactness > 0 || watershedLine) floodByHeap(basins, compactness, watershedLine, result);
  else flood(basins, result, out !== undefined);
  return out ?? createLabels(result, [height, width]);
}
