import { model as createModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { requireModel } from './requireModel.js';

/**
 * Returns the network up to its first output, sharing its weights: what predicts where a network was trained with
 * several outputs, for deep supervision or a classification beside. Dispose `model` alone: it owns the weights of both.
 *
 * @example
 * ```ts
 * const options = { encoder: mobilenetV2(), encoderDepth: 3, decoderChannels: [8, 4, 4], auxParams: { classes: 4 } };
 * const model = unet({ inputShape: [null, null, 1], classes: 2, ...options });
 * const masks = mainOutput(model);
 * [model.outputs.length, masks.outputs.length]; // [2, 1]
 * model.dispose();
 * ```
 */
export function mainOutput(model: LayersModel): LayersModel {
  requireModel(model);
  return createModel({ inputs: model.inputs, outputs: model.outputs[0]!, name: `${model.name}_main` });
}
