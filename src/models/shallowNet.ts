import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireOneOf } from '../core/check.js';
import { assemble } from './assemble.js';
import { attach, type InputShape } from './blocks.js';
import type { ActivationName } from './layers/activate.js';
import { TorchConv2D } from './layers/torchConv2d.js';

/** Options of {@link shallowNet}. */
export interface ShallowNetOptions {
  /** `[height, width, channels]`; height and width of any size, or null. */
  readonly inputShape: InputShape;
  /** Logits a pixel. @defaultValue 1 */
  readonly classes?: number;
  /** How many filters look at the image. @defaultValue 32 */
  readonly filters?: number;
  /** Side of the filters, odd. @defaultValue 9 */
  readonly kernelSize?: number;
  /** What follows the filters where a 1 x 1 convolution joins them. @defaultValue 'leakyRelu' */
  readonly activation?: ActivationName;
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

/**
 * Returns the smallest networks of Horwath et al. 2020 (10.1038/s41524-020-00363-x): filters that look at the image at
 * once, joined by a 1 x 1 convolution; with as many `filters` as `classes` (1 and 1) the filters alone, whose result is
 * the logits. `kernelImages` shows what they look for. First weights are PyTorch's default.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * const model = shallowNet({ inputShape: [null, null, 1], filters: 1 });
 * countParameters(model).trainable; // 82
 * model.dispose();
 * ```
 */
export function shallowNet(options: ShallowNetOptions): LayersModel {
  const known = ['inputShape', 'classes', 'filters', 'kernelSize', 'activation', 'seed'];
  requireKnownOptions('shallowNet', options, known);
  const { inputShape, classes = 1, filters = 32, kernelSize = 9, activation = 'leakyRelu', seed = 0 } = options;
  requireInteger('classes', classes, { min: 1 });
  requireInteger('filters', filters, { min: 1 });
  requireInteger('kernelSize', kernelSize, { min: 1, max: 63 });
  if (kernelSize % 2 === 0) throw new RangeError(`kernelSize must be odd, got ${kernelSize}.`);
  requireOneOf('activation', activation, ['linear', 'relu', 'leakyRelu', 'mish', 'swish']);
  requireInteger('seed', seed, { min: 0 });
  const alone = filters === classes;
  if (alone && options.activation !== undefined) {
    throw new RangeError(
      `activation must be left out where the filters give the logits (${filters} filters, ${classes} classes).`,
    );
  }
  return assemble(inputShape, 1, (start) => {
    const seen = { name: 'filters', filters, kernelSize, activation: alone ? 'linear' : activation } as const;
    let features = attach(new TorchConv2D(seen), start);
    if (!alone) features = attach(new TorchConv2D({ name: 'head', filters: classes, kernelSize: 1 }), features);
    return { builder: 'shallowNet', outputs: features, options, seed };
  });
}
