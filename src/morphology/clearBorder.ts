import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import type { Connectivity } from './components.js';
import { objectsNearBorder, objectsOf, onlyObjects, requireMaskOrLabels } from './objects.js';

/** Options of {@link clearBorder}. */
export interface ClearBorderOptions {
  /** Rows and columns beside the outermost that count as border too. @defaultValue 0 */
  readonly bufferSize?: number;
  /** For masks: which pixels belong to one object, 4 or 8. Not for labels, whose ids are the objects. @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns a copy without the objects that touch the border of the image, as scikit-image's `clear_border`. Objects of a
 * mask are connected pixels of one class, those of labels the pixels of one id.
 *
 * @throws RangeError where `bufferSize` is no integer of 0 or more, or a connectivity is given for labels.
 *
 * @example
 * ```ts
 * const mask = createMask([1, 0, 0, 0, 0, 1, 0, 0, 0], [3, 3]);
 * clearBorder(mask).data; // [0, 0, 0, 0, 0, 0, 0, 0, 0]
 * ```
 */
export function clearBorder<T extends Mask | Labels>(maskOrLabels: T, options: ClearBorderOptions = {}): T {
  requireMaskOrLabels(maskOrLabels);
  requireKnownOptions('clearBorder', options, ['bufferSize', 'connectivity']);
  const { bufferSize = 0, connectivity } = options;
  requireInteger('bufferSize', bufferSize, { min: 0 });
  const objects = objectsOf(maskOrLabels, connectivity);
  const keep = objectsNearBorder(objects, bufferSize + 1).map((near) => 1 - near);
  return onlyObjects(maskOrLabels, objects, keep);
}
