import { sigmoid, softmax, type Tensor, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireShape } from '../core/check.js';
import type { Image, ProbabilityMap } from '../core/types.js';
import { modelInfo } from '../models/index.js';
import { modelDivisor } from './modelDivisor.js';
import { portsOf } from './modelPorts.js';
import type { Network } from './network.js';
import type { PredictOptions } from './predictOptions.js';
import { predictTiles } from './predictTiles.js';
import { storedPreprocess } from './storedPreprocess.js';

/**
 * Returns the probability of each class at each pixel of an image of any size: `[height, width, classes]`, adding up to
 * 1 (in `mode: 'multilabel'` each by itself), or `[height, width]` of the foreground for a model of one output channel.
 *
 * The image is grown at the bottom and right to multiples of the model's divisor, mirrored about its edge pixels, and
 * the prediction cut back. With `tile`, or where the model has a fixed input size that the image exceeds, overlapping
 * tiles are predicted one by one and blended linearly. With `views`, flipped copies are predicted as well and averaged
 * (test-time augmentation). The event loop gets its turn between forward passes.
 *
 * The image is normalised as `annotateModel` has noted in the model, or as the model file says; `preprocess` takes the
 * place of that.
 *
 * @throws TypeError for integer samples where neither is given (a network trained on normalised images would silently
 * give nonsense); RangeError for other channels than the model's, samples that are not finite, options out of range;
 * the signal's reason when aborted. No tensor is left in any case.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2 });
 * const image = createImage(new Uint8Array(70), [10, 7]);
 * const probability = await predict(model, image, { preprocess: (sample) => ({ image: toFloat32(sample.image) }) });
 * probability.shape; // [10, 7, 2]
 * model.dispose();
 * ```
 */
export async function predict(model: LayersModel, image: Image, options: PredictOptions = {}): Promise<ProbabilityMap> {
  return predictTiles(networkOf(model, options), image, options, storedPreprocess(modelInfo(model)));
}

/** A model on the active backend of TensorFlow.js. */
function networkOf(model: LayersModel, { mode }: PredictOptions): Network {
  const { channels, classes, size } = portsOf(model);
  return {
    channels,
    classes,
    size,
    divisor: () => modelDivisor(model),
    isDivisorFixed: false,
    forward: async (image, height, width) => {
      const probabilities = tidy(() => {
        const logits = model.apply(tensor4d(image, [1, height, width, channels]), { training: false }) as Tensor;
        requireShape("the model's logits", logits.shape, [1, height, width, classes]);
        return classes === 1 || mode === 'multilabel' ? sigmoid(logits) : softmax(logits);
      });
      try {
        return await probabilities.data();
      } finally {
        probabilities.dispose();
      }
    },
  };
}
