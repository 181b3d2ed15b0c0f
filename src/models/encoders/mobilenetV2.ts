import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attach, channelCount, convolutionBlock } from '../blocks.js';
import type { Encoder } from './encoder.js';

const COMMON = { batchNorm: 'before', useBias: false, initializer: 'kaimingNormalFanOut' } as const;

/** Expansion, channels, blocks and first stride of each group (Sandler et al. 2018, table 2). */
const GROUPS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** Index in torchvision's `features` of the last module of each stage of SMP. */
const LAST = [1, 3, 6, 13, 18] as const;

/** Widen by a 1 x 1 convolution, filter each channel, narrow again; added to the input where the shape stays. */
export function invertedResidual(
  features: SymbolicTensor,
  name: string,
  expansion: number,
  filters: number,
  strides: number,
): SymbolicTensor {
  const width = channelCount(features) * expansion;
  let at = 0;
  let result = features;
  const layer = () => ({ ...COMMON, conv: `${name}.conv.${at}.0`, norm: `${name}.conv.${at}.1` });
  if (expansion !== 1) {
    result = convolutionBlock(result, { ...layer(), filters: width, kernelSize: 1, activation: 'relu6' });
    at++;
  }
  const depthwise = { ...layer(), depthwise: true, filters: width, kernelSize: 3, strides } as const;
  result = convolutionBlock(result, { ...depthwise, activation: 'relu6' });
  at++;
  const names = { conv: `${name}.conv.${at}`, norm: `${name}.conv.${at + 1}` };
  result = convolutionBlock(result, { ...COMMON, ...names, filters, kernelSize: 1, activation: 'linear' });
  if (strides !== 1 || channelCount(features) !== filters) return result;
  return attach(layers.add({ name: `${name}.add` }), [features, result]);
}

/**
 * Returns MobileNetV2 as an encoder, with the layers and names of torchvision's `mobilenet_v2`; its deepest features
 * are those of the last 1 x 1 convolution, as SMP has them.
 *
 * @example
 * ```ts
 * mobilenetV2().channels; // [16, 24, 32, 96, 1280]
 * ```
 */
export function mobilenetV2(): Encoder {
  return {
    name: 'mobilenet_v2',
    channels: [16, 24, 32, 96, 1280],
    classifier: ['classifier.1.weight', 'classifier.1.bias'],
    build(image, depth) {
      const last = LAST[depth - 1]!;
      const at = (index: number) => `encoder.features.${index}`;
      const plain = (index: number) => ({ ...COMMON, conv: `${at(index)}.0`, norm: `${at(index)}.1` });
      let features = convolutionBlock(image, {
        ...plain(0),
        filters: 32,
        kernelSize: 3,
        strides: 2,
        activation: 'relu6',
      });
      const stages: SymbolicTensor[] = [];
      let index = 1;
      for (const [expansion, filters, count, first] of GROUPS) {
        for (let i = 0; i < count && index <= last; i++, index++) {
          features = invertedResidual(features, at(index), expansion, filters, i === 0 ? first : 1);
          if (LAST.some((end) => end === index)) stages.push(features);
        }
      }
      if (depth === 5) {
        const head = { ...plain(18), filters: 1280, kernelSize: 1, activation: 'relu6' } as const;
        stages.push(convolutionBlock(features, head));
      }
      return stages;
    },
  };
}
