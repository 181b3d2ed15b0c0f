import type { Random } from '../core/random.js';
import type { Sample } from '../core/types.js';

/**
 * Changes a sample: image, mask, labels, boxes and polygons alike. It draws every random choice from `random`, keeps no
 * state and leaves its arguments as they are.
 */
export type Transform = (sample: Sample, random: Random) => Sample;

/** Where in a training run a sample stands. */
export interface PipelinePosition {
  /** Index of the sample in its data set. @defaultValue 0 */
  readonly index?: number;
  /** Number of the pass over the data set. @defaultValue 0 */
  readonly epoch?: number;
}

/** What {@link compose} returns; also a {@link Transform}, so that pipelines nest. */
export type Pipeline = (sample: Sample, at?: Random | PipelinePosition) => Sample;

/** How samples between pixels are made. Masks and labels are never interpolated, whatever is chosen. */
export type Interpolation = 'nearest' | 'nearestExact' | 'linear' | 'cubic' | 'area' | 'lanczos4';

/**
 * What lies beyond the border: `reflect101` mirrors about the centre of the edge pixel (`cb|abc|ba`), `reflect` about
 * its outer side (`ba|abc|cb`), `replicate` repeats it (`aa|abc|cc`), `wrap` begins again at the other side
 * (`bc|abc|ab`), `constant` is a fill value.
 */
export type PaddingMode = 'constant' | 'reflect101' | 'reflect' | 'replicate' | 'wrap';
