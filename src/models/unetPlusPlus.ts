import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, show } from '../core/check.js';
import { attach, channelCount } from './blocks.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { Upsample2D } from './layers/upsample2d.js';
import { decoderBlock, type SmpNetworkOptions, smpNetwork } from './smpDecoder.js';

/** Options of {@link unetPlusPlus}. */
export interface UnetPlusPlusOptions extends SmpNetworkOptions {
  /**
   * Whether every column gives logits, for a loss on each: outputs are then those of the whole network, followed by the
   * columns from the last but one to the first, all of the image's size. @defaultValue false
   */
  readonly deepSupervision?: boolean;
  /**
   * How many columns to build, 1 to encoderDepth - 1: with fewer than all, the network that
   * {@link pruneUnetPlusPlus} leaves, whose outputs are those of the last column built. @defaultValue all
   */
  readonly columns?: number;
}

/**
 * Returns SMP's `UnetPlusPlus` (segmentation_models_pytorch; Zhou et al. 2018), layer for layer: U-Net with dense
 * chains of decoder blocks on its skip connections. Layers bear the paths of SMP's modules, so that `loadStateDict`
 * takes its weights. Logits are `[batch, height, width, classes]`. With `resnet34()`, three channels and two classes
 * it is the network of Yuan 2023, of 26,078,754 parameters. First weights as in {@link unet}.
 *
 * With `deepSupervision` the blocks of stride 2 that each column ends in have heads of their own, as in the paper:
 * a 1 x 1 convolution (`supervision.1`, ...), bilinearly doubled. SMP has no such heads; its names stay as they are.
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
export function unetPlusPlus(options: UnetPlusPlusOptions): LayersModel {
  const { deepSupervision = false, encoderDepth = 5 } = options ?? {};
  if (typeof deepSupervision !== 'boolean') {
    throw new TypeError(`deepSupervision must be true or false, got ${show(deepSupervision)}.`);
  }
  const all = encoderDepth - 1;
  const { columns = all } = options ?? {};
  const decode = (
    features: readonly SymbolicTensor[],
    channels: readonly number[],
    config: Parameters<typeof decoderBlock>[4],
  ) => {
    // Row by row of the triangle: node x_i_j starts from encoder level i and has seen the levels up to j. The paper's
    // column k of the finest level is x_(all - k)_(all - 1), which needs the nodes from that level on.
    const nodes = new Map<string, SymbolicTensor>();
    const node = (i: number, j: number): SymbolicTensor => nodes.get(`x_${i}_${j}`)!;
    for (let span = 0; span < columns; span++) {
      for (let i = all - columns; i + span < all; i++) {
        const j = i + span;
        const skip = features[j + 1]!;
        const below = span === 0 ? features[i]! : node(i, j - 1);
        const dense = Array.from({ length: span }, (_, k) => node(i + 1 + k, j));
        const filters = i === 0 ? channels[j]! : channelCount(skip);
        nodes.set(`x_${i}_${j}`, decoderBlock(below, [...dense, skip], `decoder.blocks.x_${i}_${j}`, filters, config));
      }
    }
    const head = (column: number): SymbolicTensor => {
      const name = `supervision.${column}`;
      const config1 = { name, filters: options.classes, kernelSize: 1, initializer: 'xavierUniform' } as const;
      const logits = attach(new TorchConv2D(config1), node(all - column, all - 1));
      return attach(new Upsample2D({ name: `${name}.upsample`, interpolation: 'bilinear' }), logits);
    };
    const heads = (most: number) => Array.from({ length: most }, (_, k) => head(most - k));
    if (columns < all) return { more: deepSupervision ? heads(columns) : [head(columns)] };
    const more = deepSupervision ? heads(all - 1) : [];
    const last = decoderBlock(node(0, all - 1), [], `decoder.blocks.x_0_${all}`, channels[all]!, config);
    return { features: last, more };
  };
  const { auxParams: _, ...main } = options ?? {};
  const pruned = (kept: number): LayersModel => unetPlusPlus({ ...main, deepSupervision: false, columns: kept });
  return smpNetwork('unetPlusPlus', options, decode, {
    options: ['deepSupervision', 'columns'],
    check: () => requireInteger('columns', columns, { min: 1, max: all }),
    ...(columns < all ? { stages: columns + 1 } : {}),
    ...(deepSupervision && columns > 1 ? { prune: { most: columns - 1, build: pruned } } : {}),
  });
}
