import { contiguous, createMask } from '../core/arrays.js';
import { requireKnownOptions, requireMask } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { crossRuns, type FootprintOptions, type FootprintRun, mirrored, runsOf, touched } from './footprint.js';
import { kernelExtremes } from './kernelExtremes.js';
import { kernels } from './kernels.js';
import { type OutOption, outputData } from './out.js';

/** Checks the arguments of a binary operation and applies erosions and dilations in turn. */
export function binarySteps(
  name: string,
  mask: Mask,
  options: FootprintOptions & OutOption<Mask>,
  steps: ReadonlyArray<'erode' | 'dilate'>,
): Mask {
  requireMask('mask', mask);
  requireKnownOptions(name, options, ['footprint', 'out']);
  const { footprint, out } = options;
  const runs = footprint === undefined ? crossRuns() : runsOf(footprint);
  const turned = mirrored(runs);
  const [height, width] = mask.shape as [number, number];
  const { data } = contiguous(mask);
  const result = outputData(out, Uint8Array, mask.shape, mask.data, footprint?.data);
  const fast = kernels();
  if (fast !== undefined) {
    const chain = steps.map((step) =>
      step === 'erode' ? ({ runs, kind: 'min' } as const) : ({ runs: turned, kind: 'max' } as const),
    );
    kernelExtremes(fast, data, height, width, chain, result, true);
    return out ?? createMask(result, [height, width]);
  }
  result.set(
    steps.reduce(
      (from, step) =>
        step === 'erode' ? eroded(from, height, width, runs) : touched(from, height, width, turned, 'foreground'),
      data,
    ),
  );
  return out ?? createMask(result, [height, width]);
}

function eroded(data: Uint8Array, height: number, width: number, runs: readonly FootprintRun[]): Uint8Array {
  const lost = touched(data, height, width, runs, 'background');
  for (let i = 0; i < lost.length; i++) lost[i] = 1 - lost[i]!;
  return lost;
}
