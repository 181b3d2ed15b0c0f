import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attach, channelCount, convolutionBlock } from '../blocks.js';
import { Activation2D } from '../layers/activation2d.js';
import { TorchMaxPool2D } from '../layers/torchMaxPool2d.js';
import type { Encoder } from './encoder.js';

const COMMON = { batchNorm: 'before', useBias: false, initializer: 'kaimingNormalFanOut' } as const;

/** 1 x 1, 3 x 3 with the stride (torchvision's version 1.5), 1 x 1 to four times the width. */
export function bottleneck(features: SymbolicTensor, name: string, width: number, strides: number): SymbolicTensor {
  const at = (conv: number, filters: number) => ({
    ...COMMON,
    conv: `${name}.conv${conv}`,
    norm: `${name}.bn${conv}`,
    filters,
  });
  const first = { ...at(1, width), kernelSize: 1, activation: 'relu' } as const;
  const second = { ...at(2, width), kernelSize: 3, strides, activation: 'relu' } as const;
  const third = { ...at(3, 4 * width), kernelSize: 1, activation: 'linear' } as const;
  const change = [first, second, third].reduce(convolutionBlock, features);
  return joined(change, features, name, 4 * width, strides);
}

/** Adds the identity, or a strided 1 x 1 convolution of it where the shape changes. */
function joined(
  change: SymbolicTensor,
  features: SymbolicTensor,
  name: string,
  filters: number,
  strides: number,
): SymbolicTensor {
  const same = strides === 1 && channelCount(features) === filters;
  const names = { conv: `${name}.downsample.0`, norm: `${name}.downsample.1` };
  const identity = same
    ? features
    : convolutionBlock(features, { ...COMMON, ...names, filters, kernelSize: 1, strides, activation: 'linear' });
  const sum = attach(layers.add({ name: `${name}.add` }), [change, identity]);
  return attach(new Activation2D({ name: `${name}.relu`, activation: 'relu' }), sum);
}

/** Two 3 x 3 convolutions and the identity, or a strided 1 x 1 convolution where the shape changes. */
export function basicBlock(features: SymbolicTensor, name: string, filters: number, strides: number): SymbolicTensor {
  const at = (conv: string, norm: string) => ({ ...COMMON, conv: `${name}.${conv}`, norm: `${name}.${norm}`, filters });
  const first = { ...at('conv1', 'bn1'), kernelSize: 3, strides, activation: 'relu' } as const;
  const second = { ...at('conv2', 'bn2'), kernelSize: 3, activation: 'linear' } as const;
  return joined(convolutionBlock(convolutionBlock(features, first), second), features, name, filters, strides);
}

/**
 * A ResNet as torchvision has it, of basic blocks or of bottlenecks (He et al. 2016), without its classifier: 7 x 7 convolution with stride 2, 3 x 3
 * max-pooling with stride 2, then four layers of blocks.
 */
export function resnet(
  name: string,
  blocks: readonly [number, number, number, number],
  kind: 'basic' | 'bottleneck',
): Encoder {
  const [block, factor] = kind === 'basic' ? [basicBlock, 1] : [bottleneck, 4];
  return {
    name,
    channels: [64, 64 * factor, 128 * factor, 256 * factor, 512 * factor],
    classifier: ['fc.weight', 'fc.bias'],
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
          features = block(features, `encoder.layer${layer}.${i}`, 64 * 2 ** (layer - 1), strides);
        }
        stages.push(features);
      }
      return stages;
    },
  };
}
