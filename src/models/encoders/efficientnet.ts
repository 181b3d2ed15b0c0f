import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireKnownOptions, requireNumber } from '../../core/check.js';
import { attach, channelCount, convolutionBlock } from '../blocks.js';
import { Gate2D } from '../layers/gate2d.js';
import { GlobalPool2D } from '../layers/globalPool2d.js';
import { RandomDrop } from '../layers/randomDrop.js';
import { TorchConv2D } from '../layers/torchConv2d.js';
import type { Encoder } from './encoder.js';

/** Options of the EfficientNet encoders. */
export interface EfficientNetOptions {
  /**
   * Greatest share of the samples of a batch whose block is left out in training; it grows linearly with the depth.
   * SMP trains with 0.2. @defaultValue 0
   */
  readonly dropConnect?: number;
}

/** How a member of the family is scaled: width, depth, and the size of image that it was made for. */
interface Scaling {
  readonly width: number;
  readonly depth: number;
  readonly size: number;
  /** Blocks up to the features at stride 16, where SMP does not take the last ones of that size. */
  readonly thirdStage?: number;
}

/** Blocks, kernel, first stride, expansion and channels of each group of B0 (Tan and Le 2019, table 1). */
const GROUPS = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
] as const;

/** Groups after which SMP takes features: strides 4, 8, 16 and 32. */
const STAGE_ENDS = [1, 2, 4, 6] as const;

const COMMON = {
  batchNorm: 'before',
  useBias: false,
  initializer: 'torch',
  statistics: { epsilon: 1e-3, momentum: 0.99 },
} as const;

interface Block {
  readonly kernelSize: number;
  readonly strides: number;
  readonly expansion: number;
  readonly filters: number;
  readonly padding: readonly [number, number];
}

/** Scales a number of channels to a multiple of 8, at least nine tenths of it. */
function scaled(channels: number, width: number): number {
  const wanted = channels * width;
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}

/** TensorFlow's "same" padding, of an image with sides of `size`. */
function samePadding(size: number, kernelSize: number, strides: number): readonly [number, number] {
  const total = Math.max((Math.ceil(size / strides) - 1) * strides + kernelSize - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** All blocks, and how many of them there are up to each of SMP's four stages. */
function blocksOf({ width, depth, size, thirdStage }: Scaling): { blocks: readonly Block[]; ends: readonly number[] } {
  const blocks: Block[] = [];
  const ends: number[] = [];
  // Padding is fixed by the size that the network was made for, whatever image comes: so has SMP it.
  let side = Math.ceil(size / 2);
  GROUPS.forEach(([count, kernelSize, first, expansion, channels], group) => {
    for (let i = 0; i < Math.ceil(count * depth); i++) {
      const strides = i === 0 ? first : 1;
      const padding = samePadding(side, kernelSize, strides);
      blocks.push({ kernelSize, strides, expansion, filters: scaled(channels, width), padding });
      side = Math.ceil(side / strides);
    }
    if (STAGE_ENDS.some((end) => end === group)) ends.push(blocks.length);
  });
  if (thirdStage !== undefined) ends[2] = thirdStage;
  return { blocks, ends };
}

/** Weighs each channel by a number between 0 and 1 that two 1 x 1 convolutions make of the means of all. */
function squeezeAndExcite(features: SymbolicTensor, name: string, squeezed: number): SymbolicTensor {
  const config = { kernelSize: 1, initializer: 'torch' } as const;
  const reduce = { ...config, name: `${name}._se_reduce`, filters: squeezed, activation: 'swish' } as const;
  const expand = {
    ...config,
    name: `${name}._se_expand`,
    filters: channelCount(features),
    activation: 'sigmoid',
  } as const;
  const means = attach(new GlobalPool2D({ name: `${name}._avg_pooling` }), features);
  const gate = attach(new TorchConv2D(expand), attach(new TorchConv2D(reduce), means));
  return attach(new Gate2D({ name: `${name}._se` }), [features, gate]);
}

/** MBConv: an inverted residual block with squeeze and excitation. */
function block(features: SymbolicTensor, name: string, config: Block, drop: number): SymbolicTensor {
  const { kernelSize, strides, expansion, filters, padding } = config;
  const channels = channelCount(features);
  let result = features;
  if (expansion !== 1) {
    const names = { conv: `${name}._expand_conv`, norm: `${name}._bn0` };
    const wide = { ...COMMON, ...names, filters: channels * expansion, kernelSize: 1, activation: 'swish' } as const;
    result = convolutionBlock(result, wide);
  }
  const names = { conv: `${name}._depthwise_conv`, norm: `${name}._bn1` };
  const depthwise = {
    ...COMMON,
    ...names,
    depthwise: true,
    filters: channels * expansion,
    activation: 'swish',
  } as const;
  result = convolutionBlock(result, { ...depthwise, kernelSize, strides, padding });
  result = squeezeAndExcite(result, name, Math.max(1, Math.floor(channels / 4)));
  const narrow = { conv: `${name}._project_conv`, norm: `${name}._bn2`, filters, kernelSize: 1 };
  result = convolutionBlock(result, { ...COMMON, ...narrow, activation: 'linear' });
  if (strides !== 1 || channels !== filters) return result;
  if (drop > 0) result = attach(new RandomDrop({ name: `${name}.drop`, rate: drop, per: 'sample' }), result);
  return attach(layers.add({ name: `${name}.add` }), [result, features]);
}

/** A member of the EfficientNet family as SMP has it: TensorFlow's padding, epsilon and momentum. */
export function efficientnet(variant: string, scaling: Scaling, options: EfficientNetOptions): Encoder {
  requireKnownOptions(`efficientnet${variant.toUpperCase()}`, options, ['dropConnect']);
  const { dropConnect = 0 } = options;
  requireNumber('dropConnect', dropConnect, { min: 0, below: 1 });
  const { blocks, ends } = blocksOf(scaling);
  const stem = scaled(32, scaling.width);
  return {
    name: `efficientnet-${variant}`,
    channels: [stem, ...ends.map((end) => blocks[end - 1]!.filters)],
    classifier: ['_fc.weight', '_fc.bias'],
    ...(dropConnect > 0 ? { options: { dropConnect } } : {}),
    build(image, depth) {
      const names = { conv: 'encoder._conv_stem', norm: 'encoder._bn0', filters: stem, kernelSize: 3, strides: 2 };
      const padding = samePadding(scaling.size, 3, 2);
      let features = convolutionBlock(image, { ...COMMON, ...names, padding, activation: 'swish' });
      const stages = [features];
      blocks.slice(0, depth === 1 ? 0 : ends[depth - 2]).forEach((config, i) => {
        features = block(features, `encoder._blocks.${i}`, config, (dropConnect * i) / blocks.length);
        if (ends.includes(i + 1)) stages.push(features);
      });
      return stages;
    },
    idle(deepest) {
      const names = { conv: 'encoder._conv_head', norm: 'encoder._bn1' };
      const filters = scaled(1280, scaling.width);
      return convolutionBlock(deepest, { ...COMMON, ...names, filters, kernelSize: 1, activation: 'swish' });
    },
  };
}
