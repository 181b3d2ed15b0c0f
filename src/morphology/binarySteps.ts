import { contiguous, createMask } from '../core/arrays.js';
import type { Mask } from '../core/types.js';
import { type FootprintOptions, type FootprintRun, footprintRuns, mirrored, touched } from './footprint.js';
import { kernelExtremes } from './kernelExtremes.js';
import { kernels } from './kernels.js';

/** Checks the arguments of a binary operation and applies erosions and dilations in turn. */
export function binarySteps(
  name: string,
  mask: Mask,
  options: FootprintOptions,
  steps: ReadonlyArray<'erode' | 'dilate'>,
): Mask {
  const runs = footprintRuns(name, mask, options);
  const turned = mirrored(runs);
  const [height, width] = mask.shape as [number, number];
  const { data } = contiguous(mask);
  const fast = kernels();
  if (fast !== undefined) {
    const chain = steps.map((step) =>
      step === 'erode' ? ({ runs, kind: 'min' } as const) : ({ runs: turned, kind: 'max' } as const),
    );
    return createMask(kernelExtremes(fast, data, height, width, chain, true), [height, width]);
  }
  const result = steps.reduce(
    (from, step) =>
      step === 'erode' ? eroded(from, height, width, runs) : touched(from, height, width, turned, 'foreground'),
    data,
  );
  return createMask(result, [height, width]);
}

function eroded(data: Uint8Array, height: number, width: number, runs: readonly FootprintRun[]): Uint8Array {
  const lost = touched(data, height, width, runs, 'background');
  for (let i = 0; i < lost.length; i++) lost[i] = 1 - lost[i]!;
  return lost;
}
