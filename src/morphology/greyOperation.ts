import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import type { Image, PixelData } from '../core/types.js';
import { crossRuns, type FootprintOptions, mirrored, runsOf } from './footprint.js';
import { greyExtremes } from './greyExtremes.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { kernelExtremes } from './kernelExtremes.js';
import { kernels } from './kernels.js';

/** A step of a grey operation: the smallest or largest sample of every neighbourhood. */
export type GreyStep = 'erode' | 'dilate';

/** Checks the arguments of a grey operation and applies steps in turn; gives the samples and those of the input. */
export function greySteps<T extends PixelData>(
  name: string,
  image: NdArray<T>,
  options: FootprintOptions,
  ...paths: ReadonlyArray<readonly GreyStep[]>
): { input: T; outputs: T[]; shape: [number, number] } {
  requireKnownOptions(name, options, ['footprint']);
  const { data, height, width } = greyImage('image', image as Image);
  requireFiniteSamples('image', data);
  const runs = options.footprint === undefined ? crossRuns() : runsOf(options.footprint);
  const turned = mirrored(runs);
  const input = data as T;
  const fast = input instanceof Uint16Array ? undefined : kernels();
  const outputs = paths.map((steps) => {
    if (fast !== undefined && !(input instanceof Uint16Array)) {
      const chain = steps.map((step) =>
        step === 'erode' ? ({ runs, kind: 'min' } as const) : ({ runs: turned, kind: 'max' } as const),
      );
      return kernelExtremes<Uint8Array | Float32Array>(fast, input, height, width, chain) as T;
    }
    return steps.reduce(
      (samples, step) =>
        greyExtremes(samples, height, width, step === 'erode' ? runs : turned, step === 'erode' ? 'min' : 'max'),
      input,
    );
  });
  return { input, outputs, shape: [height, width] };
}

/** The difference of two images of the same sample type, `a` nowhere below `b`. */
export function difference<T extends PixelData>(a: T, b: T, shape: [number, number]): NdArray<T> {
  const result = a.slice() as T;
  for (let i = 0; i < result.length; i++) result[i]! -= b[i]!;
  return createImage(result, shape);
}
