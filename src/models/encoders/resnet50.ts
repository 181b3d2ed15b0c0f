import type { Encoder } from './encoder.js';
import { resnet } from './resnet.js';

/**
 * Returns ResNet-50 as an encoder, with the layers and names of torchvision's `resnet50`.
 *
 * @example
 * ```ts
 * resnet50().channels; // [64, 256, 512, 1024, 2048]
 * ```
 */
export function resnet50(): Encoder {
  return resnet('resnet50', [3, 4, 6, 3], 'bottleneck');
}
