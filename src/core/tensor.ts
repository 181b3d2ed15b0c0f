import { type Tensor, type Tensor3D, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import { createImage, pixels } from './arrays.js';
import { show } from './check.js';
import type { Image } from './types.js';

/**
 * Returns images as one float tensor `[batch, height, width, channels]`; the caller disposes it. Values stay as they
 * are: normalise first (see `normalize` of `segkit/augment`).
 *
 * @param images - one image or several of the same height, width and channels.
 * @throws RangeError where there is none, or their shapes differ.
 *
 * @example
 * ```ts
 * const batch = imageToTensor(createImage(new Uint8Array(12), [2, 2, 3]));
 * batch.shape; // [1, 2, 2, 3]
 * batch.dispose();
 * ```
 */
export function imageToTensor(images: Image | readonly Image[]): Tensor4D {
  const list = 'shape' in images ? [images] : images;
  if (list.length === 0) throw new RangeError('images must hold at least one image, got none.');
  const first = pixels(list[0]!);
  const { height, width, channels } = first;
  const size = first.data.length;
  const data = new Float32Array(list.length * size);
  list.forEach((image, i) => {
    const next = pixels(image);
    if (next.height !== height || next.width !== width || next.channels !== channels) {
      throw new RangeError(
        `images[${i}] must have the shape of the first, [${height}, ${width}, ${channels}], ` +
          `got [${next.height}, ${next.width}, ${next.channels}].`,
      );
    }
    data.set(next.data, i * size);
  });
  return tensor4d(data, [list.length, height, width, channels]);
}

/**
 * Reads a tensor `[height, width]`, `[height, width, channels]` or `[1, height, width, channels]` back as a float
 * image. The tensor stays the caller's. Asynchronous, since a GPU answers when it is done.
 *
 * @throws RangeError for other shapes.
 *
 * @example
 * ```ts
 * const tensor = imageToTensor(createImage(new Uint8Array([1, 2]), [1, 2]));
 * const image = await tensorToImage(tensor);
 * image.shape; // [1, 2, 1]
 * tensor.dispose();
 * ```
 */
export async function tensorToImage(tensor: Tensor | Tensor3D | Tensor4D): Promise<NdArray<Float32Array>> {
  const { shape } = tensor;
  const inner = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (inner.length !== 2 && inner.length !== 3) {
    throw new RangeError(
      `tensor must have shape [height, width], [height, width, channels] or [1, height, width, channels], got ${show(shape)}.`,
    );
  }
  return createImage(Float32Array.from(await tensor.data()), inner);
}
