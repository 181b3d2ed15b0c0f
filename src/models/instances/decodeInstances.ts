import { contiguous, createLabels } from '../../core/arrays.js';
import { requireInteger, requireKnownOptions, requireOneOf, requireProbability, show } from '../../core/check.js';
import type { Labels, ProbabilityMap } from '../../core/types.js';
import { flood } from './flood.js';
import type { InstanceRepresentation } from './instanceUnet.js';

/** Options of {@link decodeInstances}. */
export interface DecodeInstancesOptions {
  /** What the channels mean. @defaultValue 'boundary' */
  readonly representation?: InstanceRepresentation;
  /** Probability above which a pixel belongs to some object. @defaultValue 0.5 */
  readonly threshold?: number;
  /** Above it a pixel lies in the middle of one: of the inside, or of the depth. @defaultValue 0.5 */
  readonly markerThreshold?: number;
  /** Least pixels of such a middle; smaller ones are taken for noise. @defaultValue 4 */
  readonly minMarkerSize?: number;
}

/**
 * Returns the objects that a network with an instance head predicts: connected middles become markers, and the
 * foreground is flooded from them, from the most inner pixels to the rims (a marker-controlled watershed). Foreground
 * that no marker reaches stays 0.
 *
 * @param probability - `[height, width, 3]` of `'boundary'` (background, inside, rim), or `[height, width, 2]` of
 * `'distance'` (foreground, depth): softmax of the logits of the former, sigmoid of those of the latter.
 * @throws TypeError or RangeError for other maps or options.
 *
 * @example
 * ```ts
 * const inside = [0.1, 0.9, 0.9, 0.2, 0.9, 0.9];
 * const rows = inside.map((p) => [p < 0.15 ? 0.9 : 0, p, p < 0.15 ? 0 : 1 - p]);
 * const probability = createProbabilityMap(Float32Array.from(rows.flat()), [1, 6, 3]);
 * decodeInstances(probability, { minMarkerSize: 1 }).data; // [0, 1, 1, 1, 2, 2]
 * ```
 */
export function decodeInstances(probability: ProbabilityMap, options: DecodeInstancesOptions = {}): Labels {
  const known = ['representation', 'threshold', 'markerThreshold', 'minMarkerSize'];
  requireKnownOptions('decodeInstances', options, known);
  const { representation = 'boundary', threshold = 0.5, markerThreshold = 0.5, minMarkerSize = 4 } = options;
  requireOneOf('representation', representation, ['boundary', 'distance']);
  requireProbability('threshold', threshold);
  requireProbability('markerThreshold', markerThreshold);
  requireInteger('minMarkerSize', minMarkerSize, { min: 1 });
  const channels = representation === 'boundary' ? 3 : 2;
  if (!(probability?.data instanceof Float32Array)) {
    throw new TypeError(`probability must be a probability map, got ${show(probability)}.`);
  }
  const [height, width, last] = probability.shape as [number, number, number?];
  if (last !== channels) {
    throw new RangeError(
      `probability must have shape [height, width, ${channels}] for '${representation}', got [${probability.shape.join(', ')}].`,
    );
  }
  const { data } = contiguous(probability);
  const pixels = height * width;
  const foreground = new Uint8Array(pixels);
  const depth = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const first = data[i * channels]!;
    const own = representation === 'boundary' ? 1 - first : first;
    depth[i] = data[i * channels + 1]!;
    if (!Number.isFinite(own + depth[i]!)) throw new RangeError(`probability must be finite, got NaN at pixel ${i}.`);
    foreground[i] = own > threshold ? 1 : 0;
  }
  return createLabels(flood({ foreground, depth, height, width, markerThreshold, minMarkerSize }), [height, width]);
}
