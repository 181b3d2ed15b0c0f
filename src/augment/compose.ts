import { requireInteger, requireKnownOptions, requireProbability, show } from '../core/check.js';
import { Random } from '../core/random.js';
import { requireSample } from './samples.js';
import type { Pipeline, PipelinePosition, Transform } from './types.js';

/** Options of {@link compose}. */
export interface ComposeOptions {
  /** Seed of every random choice in the pipeline. */
  readonly seed: number;
  /** Share of the samples that the pipeline changes. @defaultValue 1 */
  readonly p?: number;
}

/**
 * Returns a pipeline that applies transforms one after the other.
 *
 * What is drawn for a sample depends on the seed, its epoch and index, and the place of the transform in the list;
 * never on the order of calls, on other samples, or on what other transforms draw. So workers may share the samples in
 * any way, and one sample can be made again. A pipeline can be a transform of another one.
 *
 * @throws TypeError or RangeError for what is no transform, and for a seed, index or epoch that is no integer of 0 or more.
 *
 * @example
 * ```ts
 * const train = compose([flip({ p: 0.5 }), gaussNoise({ p: 0.5 })], { seed: 7 });
 * const image = createImage(new Uint8Array(16).fill(100), [4, 4]);
 * const mask = createMask(undefined, [4, 4]);
 * train({ image, mask }, { epoch: 2, index: 5 }); // the same whenever it is asked for
 * ```
 */
export function compose(transforms: readonly Transform[], options: ComposeOptions): Pipeline {
  requireKnownOptions('compose', options, ['seed', 'p']);
  const { seed, p = 1 } = options;
  requireProbability('p', p);
  if (!Array.isArray(transforms)) throw new TypeError(`transforms must be an array, got ${show(transforms)}.`);
  const list = transforms.map((transform: unknown, i) => {
    if (typeof transform !== 'function') {
      throw new TypeError(`transforms[${i}] must be a transform, a function, got ${show(transform)}.`);
    }
    return transform as Transform;
  });
  const root = new Random(seed);
  return (sample, at = {}) => {
    requireSample(sample);
    const own = at instanceof Random ? at.split(seed) : streamAt(root, at);
    if (own.uniform() >= p) return sample;
    return list.reduce((current, transform, i) => transform(current, own.split(i)), sample);
  };
}

function streamAt(root: Random, at: PipelinePosition): Random {
  requireKnownOptions('a pipeline', at, ['index', 'epoch']);
  const { index = 0, epoch = 0 } = at;
  requireInteger('index', index, { min: 0 });
  requireInteger('epoch', epoch, { min: 0 });
  return root.split(epoch, index);
}
