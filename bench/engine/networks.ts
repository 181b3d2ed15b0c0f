import type { LayersModel } from '@tensorflow/tfjs-layers';
import { plainUnet, resnet34, separableUnet, unetPlusPlus } from 'segkit/models';

/** The networks of the races, by the names that the results bear. */
export type NetworkName = 'unet' | 'separableUnet' | 'unetPlusPlus';

/** What a contestant is asked to do: the only argument of its process, as JSON. */
export interface Task {
  readonly kind: 'train' | 'predict';
  readonly network: NetworkName;
  /** `[batch, height, width, channels]`. */
  readonly shape: readonly [number, number, number, number];
  /** Channels of the first level of the two small networks; UNet++ has those of ResNet-34. */
  readonly baseFilters: number;
  readonly threads: number;
  /** Safetensors file of the first weights; ours are made from the same seed. */
  readonly weights: string;
}

/** The network of a task, with two classes and the weights of seed 0. */
export function build({ network, shape, baseFilters }: Pick<Task, 'network' | 'shape' | 'baseFilters'>): LayersModel {
  const [, height, width, channels] = shape;
  const common = { inputShape: [height, width, channels], classes: 2, seed: 0 } as const;
  switch (network) {
    case 'unet':
      return plainUnet({ ...common, baseFilters, levels: 4 });
    case 'separableUnet':
      return separableUnet({ ...common, baseFilters, levels: 4 });
    case 'unetPlusPlus':
      return unetPlusPlus({ ...common, encoder: resnet34() });
  }
}

/**
 * Images and class ids that every contestant makes for itself: a pattern of 8 x 8 blocks, their grey value says which
 * class. `peer.py` has the same formula.
 */
export function pattern([batch, height, width, channels]: Task['shape']): { images: Float32Array; ids: Uint8Array } {
  const images = new Float32Array(batch * height * width * channels);
  const ids = new Uint8Array(batch * height * width);
  for (let b = 0, pixel = 0; b < batch; b++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, pixel++) {
        const grey = (7 * b + 13 * (y >> 3) + 29 * (x >> 3)) % 31;
        for (let c = 0; c < channels; c++) images[pixel * channels + c] = grey / 31 - 0.5 + 0.1 * c;
        ids[pixel] = grey > 15 ? 1 : 0;
      }
    }
  }
  return { images, ids };
}
