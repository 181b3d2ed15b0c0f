import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attach, channelCount, convolutionBlock } from '../blocks.js';
import { Activation2D } from '../layers/activation2d.js';
import { TorchMaxPool2D } from '../layers/torchMaxPool2d.js';
import type { Encoder } from './encoder.js';

const COMMON = { batchNorm: 'before', useBias: false, initializer: 'kaimingNormalFanOut' } as const;

/** Two 3 x 3 convolutions and the identity, or a strided 1 x 1 convolution where the shape changes. */
function basicBlock(features: SymbolicTensor, name: string, filters: number, strides: number): SymbolicTensor {
  const at = (conv: string, norm: string) => ({ ...COMMON, conv: `${name}.${conv}`, norm: `${name}.${norm}`, filters });
  const first = { ...at('conv1', 'bn1'), kernelSize: 3, strides, activation: 'relu' } as const;
  const second = { ...at('conv2', 'bn2'), kernelSize: 3, activation: 'linear' } as const;
  const change = convolutionBlock(convolutionBlock(features, first), second);
  const same = strides === 1 && channelCount(features) === filters;
  const identity = same
    ? features
    : convolutionBlock(features, {
        ...at('downsample.0', 'downsample.1'),
        kernelSize: 1,
        strides,
        activation: 'linear',
      });
  const sum = attach(layers.add({ name: `${name}.add` }), [change, identity]);
  return attach(new Activation2D({ name: `${name}.relu`, activation: 'relu' }), sum);
}

/**
 * A ResNet of basic blocks as torchvision has it, without its classifier: 7 x 7 convolution with stride 2, 3 x 3
 * max-pooling with stride 2, then four layers of blocks (He et al. 2016).
 */
export function basicResnet(name: string, blocks: readonly [number, number, number, number]): Encoder {
  return {
    name,
    channels: [64, 64, 128, 256, 512],
    build(image, depth) {
      const stem = { ...COMMON, conv: 'encoder.conv1', norm: 'encoder.bn1', kernelSize: 7, strides: 2 } as const;
      const stages = [convolutionBlock(image, { ...stem, filters: 64, activation: 'relu' })];
      for (let layer = 1; layer < depth; layer++) {
        let features = stages[layer - 1]!;
        if (layer === 1) {
          const pool = new TorchMaxPool2D({ name: 'encoder.maxpool', poolSize: 3, strides: 2, padding: 1 });
          features = attach(pool, features);
        }
        for (let i = 0; i < blocks[layer - 1]!; i++) {
          const strides = i === 0 && layer > 1 ? 2 : 1;
          features = basicBlock(features, `encoder.layer${layer}.${i}`, 64 * 2 ** (layer - 1), strides);
        }
        stages.push(features);
      }
      return stages;
    },
  };
}
