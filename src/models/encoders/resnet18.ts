import type { Encoder } from './encoder.js';
import { resnet } from './resnet.js';

/**
 * Returns ResNet-18 as an encoder, with the layers and names of torchvision's `resnet18`.
 *
 * @example
 * ```ts
 * resnet18().channels; // [64, 64, 128, 256, 512]
 * ```
 */
export function resnet18(): Encoder {
  return resnet('resnet18', [2, 2, 2, 2], 'basic');
}
