import { createMask } from '../core/arrays.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Image, Mask } from '../core/types.js';
import { type Connectivity, components, requireConnectivity } from './components.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';

/** Options of {@link hysteresisThreshold}. */
export interface HysteresisThresholdOptions {
  /** A pixel above it is foreground where its region holds one above `high`. */
  readonly low: number;
  /** A pixel above it is foreground. At least `low`. */
  readonly high: number;
  /** Which pixels are neighbours: 4 or 8. @defaultValue 4 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns the regions above a low threshold that reach above a high one (Canny 1986); 1 is foreground. Equal to
 * scikit-image's `apply_hysteresis_threshold`.
 *
 * @throws RangeError for several channels, samples that are not finite, or where `high` is below `low`.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 5, 9, 0, 5]), [1, 5]);
 * hysteresisThreshold(image, { low: 4, high: 8 }).data; // [0, 1, 1, 0, 0]
 * ```
 */
export function hysteresisThreshold(image: Image, options: HysteresisThresholdOptions): Mask {
  requireKnownOptions('hysteresisThreshold', options, ['low', 'high', 'connectivity']);
  const { low, high, connectivity = 4 } = options;
  const { data, height, width } = greyImage('image', image);
  requireNumber('low', low);
  requireNumber('high', high, { min: low });
  requireConnectivity(connectivity);
  requireFiniteSamples('image', data);
  const above = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) above[i] = data[i]! > low ? 1 : 0;
  const { ids, count } = components(above, height, width, connectivity);
  const reaches = new Uint8Array(count + 1);
  for (let i = 0; i < data.length; i++) if (data[i]! > high) reaches[ids[i]!] = 1;
  reaches[0] = 0;
  for (let i = 0; i < data.length; i++) above[i] = reaches[ids[i]!]!;
  return createMask(above, [height, width]);
}
