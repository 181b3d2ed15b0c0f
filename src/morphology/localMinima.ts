import type { Image, Mask } from '../core/types.js';
import { type LocalExtremaOptions, markedTops } from './localMaxima.js';

/**
 * Marks (1) the local minima of a grey image: connected pixels of one value whose neighbours are all higher. Those at the
 * border count; a constant image has none. Equal to scikit-image's `local_minima`.
 *
 * @throws RangeError for several channels or samples that are not finite.
 *
 * @example
 * ```ts
 * localMinima(createImage(new Uint8Array([4, 1, 1, 2, 0]), [1, 5])).data; // [0, 1, 1, 0, 1]
 * ```
 */
export function localMinima(image: Image, options: LocalExtremaOptions = {}): Mask {
  return markedTops('localMinima', image, options, -1);
}
