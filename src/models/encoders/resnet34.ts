import type { Encoder } from './encoder.js';
import { resnet } from './resnet.js';

/**
 * Returns ResNet-34 as an encoder, with the layers and names of torchvision's `resnet34`.
 *
 * @example
 * ```ts
 * resnet34().name; // 'resnet34'
 * ```
 */
export function resnet34(): Encoder {
  return resnet('resnet34', [3, 4, 6, 3], 'basic');
}
