import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import type { Image, Mask, PixelData } from '../core/types.js';
import { crossRuns, type FootprintOptions, mirrored, runsOf } from './footprint.js';
import { greyExtremes } from './greyExtremes.js';
import { greyImage, requireFiniteSamples, sameType } from './greyImage.js';
import { kernelExtremes } from './kernelExtremes.js';
import { kernels } from './kernels.js';
import { type OutOption, outputData } from './out.js';

/** A step of a grey operation: the smallest or largest sample of every neighbourhood. */
export type GreyStep = 'erode' | 'dilate';

/** Checks the arguments of a grey operation and applies steps in turn. */
export function greyChain<T extends PixelData>(
  name: string,
  image: NdArray<T>,
  options: FootprintOptions & OutOption<NdArray<T>>,
  steps: readonly GreyStep[],
): NdArray<T> {
  requireKnownOptions(name, options, ['footprint', 'out']);
  const { footprint, out } = options;
  const { data, height, width } = greyInput<T>(image);
  const type = data.constructor as { new (length: number): T };
  const result = outputData<PixelData>(out, type, [height, width], image.data, footprint?.data) as T;
  applySteps(data, height, width, footprint, steps, result);
  return out ?? createImage(result, [height, width]);
}

/** Checks the arguments of an operation and applies several chains of steps; gives the samples and those of the input. */
export function greySteps<T extends PixelData>(
  name: string,
  image: NdArray<T>,
  options: FootprintOptions,
  ...paths: ReadonlyArray<readonly GreyStep[]>
): { input: T; outputs: T[]; shape: [number, number] } {
  requireKnownOptions(name, options, ['footprint']);
  const { data, height, width } = greyInput<T>(image);
  const outputs = paths.map((steps) => {
    const result = sameType(data, data.length);
    applySteps(data, height, width, options.footprint, steps, result);
    return result;
  });
  return { input: data, outputs, shape: [height, width] };
}

function greyInput<T extends PixelData>(image: NdArray<T>): { data: T; height: number; width: number } {
  const { data, height, width } = greyImage('image', image as Image);
  requireFiniteSamples('image', data);
  return { data: data as T, height, width };
}

function applySteps<T extends PixelData>(
  data: T,
  height: number,
  width: number,
  footprint: Mask | undefined,
  steps: readonly GreyStep[],
  result: T,
): void {
  const runs = footprint === undefined ? crossRuns() : runsOf(footprint);
  const turned = mirrored(runs);
  const chain = steps.map((step) =>
    step === 'erode' ? ({ runs, kind: 'min' } as const) : ({ runs: turned, kind: 'max' } as const),
  );
  const fast = data instanceof Uint16Array ? undefined : kernels();
  if (fast !== undefined && !(data instanceof Uint16Array)) {
    kernelExtremes<Uint8Array | Float32Array>(fast, data, height, width, chain, result as Uint8Array | Float32Array);
    return;
  }
  result.set(chain.reduce((samples, step) => greyExtremes(samples, height, width, step.runs, step.kind), data));
}

/** The difference of two images of the same sample type, `a` nowhere below `b`. */
export function difference<T extends PixelData>(a: T, b: T, shape: [number, number]): NdArray<T> {
  const result = a.slice() as T;
  for (let i = 0; i < result.length; i++) result[i]! -= b[i]!;
  return createImage(result, shape);
}
