import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions, show } from '../core/check.js';
import type { Image } from '../core/types.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { requireModel } from './requireModel.js';

/** Options of {@link kernelImages}. */
export interface KernelImagesOptions {
  /** Name of the convolution. @defaultValue the first of the model */
  readonly layer?: string;
}

/** Result of {@link kernelImages}. */
export interface KernelImages {
  /** One float image a filter, `[side, side]`, or `[side, side, channels]` where the input has several. */
  readonly images: readonly Image[];
  /** Their mean, of the same shape. */
  readonly mean: Image;
}

/**
 * Returns the filters of a convolution as images, unscaled: what the network looks for (Horwath et al. 2020).
 *
 * @throws RangeError where the model has no such convolution.
 *
 * @example
 * ```ts
 * const model = shallowNet({ inputShape: [null, null, 1], filters: 4, kernelSize: 5 });
 * const { images, mean } = kernelImages(model);
 * [images.length, mean.shape]; // [4, [5, 5]]
 * model.dispose();
 * ```
 */
export function kernelImages(model: LayersModel, options: KernelImagesOptions = {}): KernelImages {
  requireKnownOptions('kernelImages', options, ['layer']);
  requireModel(model);
  const layer = model.layers.find((one) => one instanceof TorchConv2D && one.name === (options.layer ?? one.name));
  if (!(layer instanceof TorchConv2D)) {
    throw new RangeError(`layer must name a convolution of the model, got ${show(options.layer)}.`);
  }
  const { variable } = layer.stateTensors()[0]!;
  const values = variable.read().dataSync<'float32'>();
  const [height, width, channels, filters] = variable.shape as [number, number, number, number];
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  const size = height * width * channels;
  const mean = new Float32Array(size);
  const images = Array.from({ length: filters }, (_, filter) => {
    const own = new Float32Array(size);
    for (let i = 0; i < size; i++) own[i] = values[i * filters + filter]!;
    return createImage(own, shape);
  });
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let filter = 0; filter < filters; filter++) sum += values[i * filters + filter]!;
    mean[i] = sum / filters;
  }
  return { images, mean: createImage(mean, shape) };
}
