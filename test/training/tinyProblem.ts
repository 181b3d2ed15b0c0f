import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { createImage, createMask, Random, type Sample } from 'segkit/core';

/** A two-layer network with batch norm, the same weights every time. */
export function tinyModel(classes: number, { side = null as number | null, channels = 1, seed = 1 } = {}): LayersModel {
  const kernelInitializer = (offset: number) => initializers.glorotUniform({ seed: seed + offset });
  return sequential({
    layers: [
      layers.conv2d({
        inputShape: [side, side, channels],
        filters: 3,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: kernelInitializer(0),
      }),
      layers.batchNormalization({}),
      layers.conv2d({ filters: classes, kernelSize: 1, kernelInitializer: kernelInitializer(1) }),
    ],
  });
}

/** Noisy images with a bright rectangle, and the mask of it. */
export function tinySamples(count: number, { side = 8, seed = 3 } = {}): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(seed).split(index);
    const image = new Float32Array(side * side);
    const mask = new Uint8Array(side * side);
    const top = random.integer(0, side / 2);
    const left = random.integer(0, side / 2);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const inside = row >= top && row < top + side / 2 && column >= left && column < left + side / 2;
        mask[row * side + column] = inside ? 1 : 0;
        image[row * side + column] = (inside ? 1 : -1) + random.normal(0, 0.3);
      }
    }
    return { image: createImage(image, [side, side]), mask: createMask(mask, [side, side]), id: `s${index}` };
  });
}

/** All weights of a model as one list of numbers. */
export function weightsOf(model: LayersModel): number[] {
  return model.weights.flatMap((weight) => [...weight.read().dataSync()]);
}
