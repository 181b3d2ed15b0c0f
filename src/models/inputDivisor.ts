import type { LayersModel } from '@tensorflow/tfjs-layers';
import { guardOf } from './guardOf.js';

/**
 * Returns the number that the height and width of a model's input must be multiples of: what to pad images to; 1 for
 * models that segkit did not build.
 *
 * @example
 * ```ts
 * const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 3 });
 * inputDivisor(model); // 8
 * model.dispose();
 * ```
 */
export function inputDivisor(model: LayersModel): number {
  return guardOf(model)?.divisor ?? 1;
}
