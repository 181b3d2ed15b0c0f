import { type ExtremeStep, rowOf } from './extremeSteps.js';
import { gatherExtremes, ringRows } from './gatherExtremes.js';
import type { Kernels } from './kernels.js';
import { scatterExtremes } from './scatterExtremes.js';

/** Rings of windows up to this size, in bytes, stay in the cache. */
const MOST_RING = 1 << 21;

/**
 * Applies steps in turn to samples within the memory of the kernels and writes `result`; see `greyExtremes` for the method.
 * With `binary` what is above 0 counts as 1, in and out.
 */
export function kernelExtremes<T extends Uint8Array | Float32Array>(
  kernels: Kernels,
  data: T,
  height: number,
  width: number,
  steps: readonly ExtremeStep[],
  result: T,
  binary = false,
): void {
  const row = rowOf(steps, width, data.BYTES_PER_ELEMENT);
  const rings = steps.reduce((sum, { runs }) => sum + ringRows(runs), 0);
  const extremes = rings * row.line <= MOST_RING ? gatherExtremes : scatterExtremes;
  extremes(kernels, data, height, width, steps, result, binary, row);
}
