import type { LayersModel } from '@tensorflow/tfjs-layers';
import { decoderBlock, type SmpNetworkOptions, smpNetwork } from './smpDecoder.js';

/**
 * Returns SMP's `Unet` (segmentation_models_pytorch), layer for layer: layers bear the paths of its modules, so that
 * `loadStateDict` takes its weights. Logits are `[batch, height, width, classes]`. First weights as in SMP without
 * pretrained ones: Kaiming-normal in the encoder, Kaiming-uniform in the decoder, Xavier-uniform in the head.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that 2^encoderDepth does not divide.
 *
 * @example
 * ```ts
 * const options = { encoder: resnet18(), encoderDepth: 3, decoderChannels: [16, 8, 4] };
 * const model = unet({ inputShape: [null, null, 1], classes: 1, ...options });
 * inputDivisor(model); // 8
 * model.dispose();
 * ```
 */
export function unet(options: SmpNetworkOptions): LayersModel {
  return smpNetwork('unet', options, (features, channels, config) => {
    let result = features[0]!;
    channels.forEach((filters, i) => {
      const skip = features[i + 1];
      result = decoderBlock(result, skip === undefined ? [] : [skip], `decoder.blocks.${i}`, filters, config);
    });
    return { features: result };
  });
}
