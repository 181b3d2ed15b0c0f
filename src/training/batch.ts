import { type Tensor, type Tensor4D, tensor3d, tensor4d } from '@tensorflow/tfjs-core';
import { contiguous, createMask } from '../core/arrays.js';
import { imageToTensor } from '../core/tensor.js';
import type { Mask } from '../core/types.js';
import type { ReadSample } from './sampleReader.js';
import type { SegmentationMode } from './segmentationModel.js';

/** Samples as tensors; the owner disposes both. Internal to the library. */
export interface Batch {
  /** `[batch, height, width, channels]`, float. */
  readonly images: Tensor4D;
  /** int32 `[batch, height, width]`, or float `[batch, height, width, 1]` where binary. */
  readonly target: Tensor;
  /** The masks one below the other, `[batch * height, width]`. */
  readonly masks: Mask;
}

/** Stacks samples of one size. */
export function toBatch(samples: readonly ReadSample[], mode: SegmentationMode): Batch {
  const first = samples[0]!;
  const [height, width] = first.mask.shape as [number, number];
  const ids = new Uint8Array(samples.length * height * width);
  samples.forEach(({ name, mask }, i) => {
    if (mask.shape[0] !== height || mask.shape[1] !== width) {
      throw new RangeError(
        `the samples of a batch must have one size, got ${height} x ${width} for ${first.name} and ` +
          `${mask.shape[0]} x ${mask.shape[1]} for ${name}; crop, resize or pad them in the transform, or take batches of 1.`,
      );
    }
    ids.set(contiguous(mask).data, i * height * width);
  });
  const shape: [number, number, number] = [samples.length, height, width];
  return {
    images: imageToTensor(samples.map(({ image }) => image)),
    target: mode === 'binary' ? tensor4d(Float32Array.from(ids), [...shape, 1]) : tensor3d(Int32Array.from(ids), shape),
    masks: createMask(ids, [samples.length * height, width]),
  };
}
