import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { channelCount } from './blocks.js';
import { decoderBlock, type SmpNetworkOptions, smpNetwork } from './smpDecoder.js';

/**
 * Returns SMP's `UnetPlusPlus` (segmentation_models_pytorch; Zhou et al. 2018), layer for layer: U-Net with dense
 * chains of decoder blocks on its skip connections. Layers bear the paths of SMP's modules, so that `loadStateDict`
 * takes its weights. Logits are `[batch, height, width, classes]`. With `resnet34()`, three channels and two classes
 * it is the network of Yuan 2023, of 26,078,754 parameters. First weights as in {@link unet}.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that 2^encoderDepth does not divide.
 *
 * @example
 * ```ts
 * const options = { encoder: resnet18(), encoderDepth: 3, decoderChannels: [16, 8, 4] };
 * const model = unetPlusPlus({ inputShape: [null, null, 3], classes: 2, ...options });
 * model.outputShape; // [null, null, null, 2]
 * model.dispose();
 * ```
 */
export function unetPlusPlus(options: SmpNetworkOptions): LayersModel {
  return smpNetwork('unetPlusPlus', options, (features, channels, config) => {
    const depth = channels.length - 1;
    // Row by row of the triangle: node x_i_j starts from encoder level i and has seen the levels up to j.
    const nodes = new Map<string, SymbolicTensor>();
    const node = (i: number, j: number): SymbolicTensor => nodes.get(`x_${i}_${j}`)!;
    for (let span = 0; span < depth; span++) {
      for (let i = 0; i + span < depth; i++) {
        const j = i + span;
        const skip = features[j + 1]!;
        const below = span === 0 ? features[i]! : node(i, j - 1);
        const dense = Array.from({ length: span }, (_, k) => node(i + 1 + k, j));
        const filters = i === 0 ? channels[j]! : channelCount(skip);
        nodes.set(`x_${i}_${j}`, decoderBlock(below, [...dense, skip], `decoder.blocks.x_${i}_${j}`, filters, config));
      }
    }
    return { features: decoderBlock(node(0, depth - 1), [], `decoder.blocks.x_0_${depth}`, channels[depth]!, config) };
  });
}
