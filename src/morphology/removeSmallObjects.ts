import { contiguous, createMask } from '../core/arrays.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { objectSizes, objectsOf, onlyObjects, requireMaskOrLabels } from './objects.js';
import { type OutOption, outputData } from './out.js';
import { giveBackRuns, runUnion } from './runUnion.js';

/** Options of {@link removeSmallObjects}. */
export interface RemoveSmallObjectsOptions<T extends Mask | Labels = Mask | Labels> extends OutOption<T> {
  /** Objects of fewer pixels are removed. @defaultValue 64 */
  readonly minSize?: number;
  /** For masks: which pixels belong to one object, 4 or 8. Not for labels, whose ids are the objects. @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns a copy without the objects of fewer than `minSize` pixels (scikit-image's rule before 0.26). Objects of a mask
 * are connected pixels of one class, those of labels the pixels of one id; the others keep their class or id.
 *
 * @throws RangeError where `minSize` is negative, a connectivity is given for labels, or `out` does not fit.
 *
 * @example
 * ```ts
 * const mask = createMask([1, 1, 0, 1], [1, 4]);
 * removeSmallObjects(mask, { minSize: 2 }).data; // [1, 1, 0, 0]
 * ```
 */
export function removeSmallObjects<T extends Mask | Labels>(
  maskOrLabels: T,
  options: RemoveSmallObjectsOptions<T> = {},
): T {
  requireMaskOrLabels(maskOrLabels);
  requireKnownOptions('removeSmallObjects', options, ['minSize', 'connectivity', 'out']);
  const { minSize = 64, connectivity, out } = options;
  requireNumber('minSize', minSize, { min: 0 });
  if (maskOrLabels.data instanceof Uint8Array) {
    return withoutSmall(maskOrLabels as Mask, minSize, connectivity ?? 8, out as Mask | undefined) as T;
  }
  const objects = objectsOf(maskOrLabels, connectivity);
  const keep = Uint8Array.from(objectSizes(objects), (size) => (size >= minSize ? 1 : 0));
  return onlyObjects(maskOrLabels, objects, keep, out);
}

/** The same for masks, run by run. */
function withoutSmall(mask: Mask, minSize: number, connectivity: Connectivity, out: Mask | undefined): Mask {
  requireConnectivity(connectivity);
  const [height, width] = mask.shape as [number, number];
  const data = outputData(out, Uint8Array, mask.shape, mask.data);
  data.set(contiguous(mask).data);
  const runs = runUnion(data, height, width, connectivity);
  const { count, starts, ends, ids, total } = runs;
  const sizes = new Int32Array(total + 1);
  for (let run = 0; run < count; run++) sizes[ids[run]!]! += ends[run]! - starts[run]!;
  for (let run = 0; run < count; run++) if (sizes[ids[run]!]! < minSize) data.fill(0, starts[run]!, ends[run]!);
  giveBackRuns(runs);
  return out ?? createMask(data, [height, width]);
}
