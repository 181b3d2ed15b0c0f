import { requireKnownOptions, requireNumber, requireProbability } from '../core/check.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';

/** Options of {@link oneOf}. */
export interface OneOfOptions {
  /** Share of the samples that are changed. @defaultValue 0.5 */
  readonly p?: number;
  /** Relative frequency of each transform. @defaultValue all alike */
  readonly weights?: readonly number[];
}

/**
 * Returns a transform that applies one of the given transforms, chosen at random, to a share `p` of the samples. The
 * chosen one draws from its own `p` too: give the children `p: 1` to have one of them always act, as Albumentations'
 * `OneOf` has it.
 *
 * @throws RangeError for an empty list, weights of another length, and what is no probability.
 *
 * @example
 * ```ts
 * const blurOrNoise = oneOf([gaussianBlur({ p: 1 }), gaussNoise({ p: 1 })], { p: 0.5 });
 * blurOrNoise({ image: createImage(new Uint8Array(16).fill(9), [4, 4]) }, new Random(3)).image.shape; // [4, 4]
 * ```
 */
export function oneOf(transforms: readonly Transform[], options: OneOfOptions = {}): Transform {
  requireKnownOptions('oneOf', options, ['p', 'weights']);
  const { p = 0.5, weights } = options;
  requireProbability('p', p);
  if (transforms.length === 0) throw new RangeError('transforms must hold at least one transform, got none.');
  if (weights !== undefined) {
    if (weights.length !== transforms.length) {
      throw new RangeError(`weights must have one number a transform, ${transforms.length}, got ${weights.length}.`);
    }
    weights.forEach((weight, i) => {
      requireNumber(`weights[${i}]`, weight, { min: 0 });
    });
  }
  const places = transforms.map((_, i) => i);
  return sometimes(p, (sample, random) => {
    const chosen = random.choice(places, weights);
    return transforms[chosen]!(sample, random.split(chosen));
  });
}
