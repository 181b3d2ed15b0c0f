import { tensor1d } from '@tensorflow/tfjs-core';
import { createImage, imageToTensor, tensorToImage } from 'segkit';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

describe('imageToTensor and tensorToImage', () => {
  it('are inverse, for views too', async () => {
    const image = createImage(new Float32Array([1, 2, 3, 4, 5, 6]), [2, 3]).transpose(1, 0);
    const tensor = imageToTensor(image);
    expect(tensor.shape).toEqual([1, 3, 2, 1]);
    const back = await tensorToImage(tensor);
    tensor.dispose();
    expect(back.shape).toEqual([3, 2, 1]);
    expect(back.data).toEqual(new Float32Array([1, 4, 2, 5, 3, 6]));
  });

  it('stack images of one shape and name the one that differs', () => {
    const a = createImage(new Uint8Array([1, 2]), [1, 2]);
    const tensor = imageToTensor([a, a]);
    expect(tensor.shape).toEqual([2, 1, 2, 1]);
    tensor.dispose();
    expect(() => imageToTensor([a, createImage(new Uint8Array(2), [2, 1])])).toThrow(
      'images[1] must have the shape of the first, [1, 2, 1], got [2, 1, 1].',
    );
    expect(() => imageToTensor([])).toThrow('images must hold at least one image');
  });

  it('refuse tensors of another rank', async () => {
    const tensor = tensor1d([1, 2]);
    await expect(tensorToImage(tensor)).rejects.toThrow('tensor must have shape');
    tensor.dispose();
  });
});
