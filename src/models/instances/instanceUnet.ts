import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireOneOf, show } from '../../core/check.js';
import { type PlainUnetOptions, plainUnet } from '../plainUnet.js';

/**
 * How objects that touch are told apart:
 * - `'boundary'`: three classes, background, inside and the rim of an object, trained as multiclass;
 * - `'distance'`: two channels, foreground and the depth inside an object (1 at its middle), trained as multilabel.
 */
export type InstanceRepresentation = 'boundary' | 'distance';

/** Options of {@link instanceUnet}: those of {@link plainUnet} without classes. */
export interface InstanceUnetOptions extends Omit<PlainUnetOptions, 'classes'> {
  /** What the logits mean. @defaultValue 'boundary' */
  readonly representation?: InstanceRepresentation;
}

/**
 * Returns a U-Net with an instance head, for objects that touch: its logits are those of {@link InstanceRepresentation},
 * `[batch, height, width, 3]` or `[..., 2]`. Train it on `boundaryTarget` or `distanceTarget`, and let
 * `decodeInstances` make labels of
 * what it predicts. Where Mask R-CNN proposes boxes and draws a mask in each, this is one pass over the image and a
 * watershed: no boxes, no limit to the number of objects, and none that overlap.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that 2^levels does not divide.
 *
 * @example
 * ```ts
 * const model = instanceUnet({ inputShape: [null, null, 1], baseFilters: 4, levels: 2 });
 * model.outputShape; // [null, null, null, 3]
 * model.dispose();
 * ```
 */
export function instanceUnet(options: InstanceUnetOptions): LayersModel {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`the options of instanceUnet must be an object, got ${show(options)}.`);
  }
  if ('classes' in options) {
    throw new RangeError(`instanceUnet has no option "classes"; representation says how many there are.`);
  }
  const { representation = 'boundary', ...rest } = options;
  requireOneOf('representation', representation, ['boundary', 'distance']);
  return plainUnet({ ...rest, classes: representation === 'boundary' ? 3 : 2 });
}
