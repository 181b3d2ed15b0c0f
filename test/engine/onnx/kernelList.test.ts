import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  concat,
  gather,
  getKernelsForBackend,
  matMul,
  max,
  mean,
  mul,
  reshape,
  slice,
  softmax,
  sum,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lacksLowering } from '../../../src/engine/onnx/prepareOnnx.js';
import { allKernels } from '../../../src/onnx/kernels/index.js';
import { expectClose, numbers, on, random, useOnnxBackend } from './compare.js';

useOnnxBackend();

/** Why kernels of the CPU backend stay with it. */
const LEFT_TO_THE_CPU: Record<string, readonly string[]> = {
  'text, complex numbers, or tensors of rows of different lengths': [
    'Complex',
    'ComplexAbs',
    'FFT',
    'IFFT',
    'Imag',
    'Real',
    'RaggedGather',
    'RaggedRange',
    'RaggedTensorToTensor',
    'StaticRegexReplace',
    'StringNGrams',
    'StringSplit',
    'StringToHashBucketFast',
  ],
  'the shape of the result depends on numbers, or a list is searched': [
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
    'SparseFillEmptyRows',
    'SparseReshape',
    'SparseSegmentMean',
    'SparseSegmentSum',
    'SearchSorted',
    'Unique',
  ],
  'numbers decide whether there is a result at all': ['Bincount', 'BroadcastArgs', 'DenseBincount', 'Multinomial'],
  'ONNX has no such operation, and others do not make it up, signs of zero included': [
    'Atan2',
    'BitwiseAnd',
    'Cumprod',
    'Dilation2D',
    'Dilation2DBackpropFilter',
    'Dilation2DBackpropInput',
  ],
  'volumes, and the places of maxima in windows': [
    'AvgPool3D',
    'AvgPool3DGrad',
    'Conv3D',
    'Conv3DBackpropFilterV2',
    'Conv3DBackpropInputV2',
    'MaxPool3D',
    'MaxPool3DGrad',
    'MaxPoolWithArgmax',
  ],
  'drawing and warping of images, done once before training': [
    'CropAndResize',
    'Draw',
    'RotateWithOffset',
    'Transform',
  ],
};

describe('the list of kernels', () => {
  it('lowers every kernel of the cpu backend, or says why not', () => {
    const names = getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
    const left = Object.values(LEFT_TO_THE_CPU).flat();
    expect(names.filter((name) => lacksLowering(name)).sort()).toEqual(left.sort());
  });

  it('has every kernel once', () => {
    const names = allKernels().map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe('tensors without numbers', () => {
  it('give what they give on the cpu backend', async () => {
    const nothing = numbers([0, 3], []);
    const compute = (...[a, b]: Parameters<typeof add>[0][]) => [
      add(a!, 1),
      mul(a!, tensor([1, 2, 3])),
      sum(a!),
      sum(a!, 0),
      mean(a!, 1),
      max(a!, 1),
      softmax(a as never),
      concat([a as never, b as never], 0),
      slice(b as never, [1, 0], [0, 3]),
      transpose(a!),
      reshape(a!, [3, 0, 2]),
      gather(b!, tensor([], [0], 'int32')),
      matMul(transpose(a!), a!),
    ];
    const inputs = [nothing, random([2, 3], 1)];
    expectClose(await on('onnx', inputs, compute as never), await on('cpu', inputs, compute as never));
  });
});
