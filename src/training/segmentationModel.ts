import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireOneOf, requireShape, show } from '../core/check.js';
import { EngineError } from '../core/errors.js';
import type { DeepLoss, Loss } from '../losses/index.js';

/** How logits become classes: softmax over channels, or one sigmoid channel. */
export type SegmentationMode = 'multiclass' | 'binary';

/** A model as training sees it. Internal to the library. */
export interface SegmentationModel {
  readonly model: LayersModel;
  readonly mode: SegmentationMode;
  /** Channels that images must have. */
  readonly channels: number;
  /** Size that images must have, -1 where any. */
  readonly size: readonly [height: number, width: number];
  /** Channels of the logits, those of the first output where there are several. */
  readonly outputs: number;
  /** Number of class ids in a mask: `outputs`, or 2 where binary. */
  readonly classes: number;
}

/**
 * Describes a model of one image input and one output of logits, or several, the first of the image's size; throws where
 * it is none or does not fit `mode`.
 */
export function segmentationModel(model: LayersModel, mode?: SegmentationMode): SegmentationModel {
  const input = model?.inputs?.[0]?.shape;
  const output = model?.outputs?.[0]?.shape;
  if (input === undefined || output === undefined)
    throw new TypeError(`model must be a LayersModel, got ${show(model)}.`);
  const channels = input[3];
  const outputs = output[3];
  if (model.inputs.length !== 1 || !channels || !outputs) {
    throw new RangeError(
      'model must take one input [batch, height, width, channels] and return logits [batch, height, width, classes], ' +
        `got inputs ${show(model.inputs.map(({ shape }) => shape))} and outputs ${show(model.outputs.map(({ shape }) => shape))}.`,
    );
  }
  const chosen = mode ?? (outputs === 1 ? 'binary' : 'multiclass');
  requireOneOf('mode', chosen, ['multiclass', 'binary']);
  if ((chosen === 'binary') !== (outputs === 1)) {
    throw new RangeError(
      `mode must fit the model: 'binary' for one channel of logits, 'multiclass' for more, got '${chosen}' and ${outputs}.`,
    );
  }
  const classes = chosen === 'binary' ? 2 : outputs;
  return { model, mode: chosen, channels, size: [input[1] ?? -1, input[2] ?? -1], outputs, classes };
}

/** What a model returns of a batch. Internal to the library. */
export interface ModelOutput {
  /** The first output, or the only one. */
  readonly logits: Tensor;
  /** What the loss takes: all outputs where there are several, else the logits. */
  readonly forLoss: Tensor | readonly Tensor[];
}

/** A loss, of either kind. */
export type AnyLoss = Loss | DeepLoss;

/** Returns the loss of what a model returned; `step` is for losses of several outputs that change with the epoch. */
export function lossOf(loss: AnyLoss, target: Tensor, { forLoss }: ModelOutput, step: number): Scalar {
  if (!Array.isArray(forLoss)) return (loss as Loss)(target, forLoss as Tensor);
  try {
    return (loss as DeepLoss)(target, forLoss as readonly Tensor[], step);
  } catch (error) {
    // Losses of one output fail somewhere inside of TensorFlow.js.
    if (error instanceof RangeError) throw error;
    throw new TypeError(
      `loss must take all ${forLoss.length} outputs of the model, as deepSupervision makes it; this one says: ` +
        (error instanceof Error ? error.message : error),
      { cause: error },
    );
  }
}

/** Returns the logits of a batch of images; throws where the network cannot take their size. */
export function applyModel({ model, outputs }: SegmentationModel, images: Tensor, training: boolean): ModelOutput {
  const [batch, height, width] = images.shape as [number, number, number];
  let forLoss: ReturnType<LayersModel['apply']>;
  try {
    forLoss = model.apply(images, { training });
  } catch (error) {
    // Out of memory, for example: nothing that another size would mend.
    if (error instanceof EngineError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(
      `model cannot take images of ${height} x ${width}; where its levels do not fit together, crop, resize or pad to a ` +
        `multiple of its divisor (see padToDivisor). TensorFlow.js says: ${reason}`,
      { cause: error },
    );
  }
  const logits = (Array.isArray(forLoss) ? forLoss[0] : forLoss) as Tensor;
  requireShape("the model's logits", logits.shape, [batch, height, width, outputs]);
  return { logits, forLoss: forLoss as Tensor | Tensor[] };
}
