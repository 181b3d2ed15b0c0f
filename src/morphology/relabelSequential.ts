import { contiguous, createLabels } from '../core/arrays.js';
import { requireKnownOptions, requireLabels } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { regionIndex } from './regionIndex.js';
import { regionRuns } from './regionRuns.js';

/** Options of {@link relabelSequential}. */
export interface RelabelSequentialOptions {
  /** `'id'` keeps the order of the old ids, as scikit-image does; `'raster'` numbers by first pixel. @defaultValue 'id' */
  readonly order?: 'id' | 'raster';
}

/**
 * Returns labels whose ids are 1, 2, 3, ... without gaps; pixels of one id stay together, 0 stays background.
 *
 * @throws RangeError for a negative id, with its position.
 *
 * @example
 * ```ts
 * const labels = createLabels([9, 0, 4, 4], [1, 4]);
 * relabelSequential(labels).data; // [2, 0, 1, 1]
 * relabelSequential(labels, { order: 'raster' }).data; // [1, 0, 2, 2]
 * ```
 */
export function relabelSequential(labels: Labels, options: RelabelSequentialOptions = {}): Labels {
  requireLabels('labels', labels);
  requireKnownOptions('relabelSequential', options, ['order']);
  const { order = 'id' } = options;
  if (order !== 'id' && order !== 'raster') {
    throw new RangeError(`order must be one of "id", "raster", got "${order}".`);
  }
  const [height, width] = labels.shape as [number, number];
  const { data } = contiguous(labels);
  const runs = regionRuns(data, height, width);
  const { ids, placeOf } = regionIndex(runs);
  const result = new Int32Array(data.length);
  const numbers = new Int32Array(ids.length);
  if (order === 'id') for (let place = 0; place < ids.length; place++) numbers[place] = place + 1;
  let next = 0;
  for (let run = 0; run < runs.count; run++) {
    const place = placeOf(runs.ids[run]!);
    if (numbers[place] === 0) numbers[place] = ++next;
    result.fill(numbers[place]!, runs.starts[run]!, runs.ends[run]!);
  }
  return createLabels(result, [height, width]);
}
