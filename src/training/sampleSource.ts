import type { Sample } from '../core/types.js';

/** Samples that are read one by one as they are needed: from files, a database, a simulator. */
export interface SampleSource {
  /** Number of samples. */
  readonly length: number;
  /** Returns sample `index`, 0 to `length - 1`; the same one each time. */
  get(index: number): Sample | Promise<Sample>;
}
