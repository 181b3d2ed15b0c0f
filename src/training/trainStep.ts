import {
  add,
  dispose,
  getBackend,
  keep,
  mul,
  type NamedTensorMap,
  type Optimizer,
  type Scalar,
  sum,
  type Tensor,
  Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Loss } from '../losses/index.js';
import { AdamW } from './adamW.js';
import type { Batch } from './batch.js';
import { clipGradients } from './clipGradients.js';
import { applyModel, type SegmentationModel } from './segmentationModel.js';

/** What one step needs. Internal to the library. */
export interface TrainStepOptions {
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly clipNorm: number | undefined;
  readonly keepLogits: boolean;
}

/** What one step gives; `logits` only where asked for, for the caller to dispose. */
export interface TrainStepResult {
  readonly loss: number;
  readonly logits: Tensor | undefined;
}

async function readScalar(value: Tensor): Promise<number> {
  return (await value.data())[0]!;
}

/** Returns the variables that training moves. */
export function trainableVariables({ model }: SegmentationModel): Variable[] {
  const variables = model.trainableWeights
    .map((weight) => weight.read())
    .filter((weight) => weight instanceof Variable);
  if (variables.length === 0) throw new RangeError('model must have trainable weights, got none.');
  return variables;
}

/**
 * Moves the weights one step along the gradient of the loss, regularisers included, in training mode. Where the loss
 * is not finite, the weights stay as they are.
 */
export async function trainStep(
  target: SegmentationModel,
  variables: Variable[],
  batch: Batch,
  { loss, optimizer, clipNorm, keepLogits }: TrainStepOptions,
): Promise<TrainStepResult> {
  let logits: Tensor | undefined;
  let made: Tensor[] = [];
  const forward = () => {
    const output = applyModel(target, batch.images, true);
    if (keepLogits) logits = keep(output);
    let total = loss(batch.target, output);
    for (const penalty of target.model.calculateLosses()) total = add<Scalar>(total, penalty);
    return total;
  };
  let failure: { readonly error: unknown } | undefined;
  try {
    const { value, grads } = variableGrads(() => {
      try {
        return forward();
      } catch (error) {
        // An error that crossed the tape of TensorFlow.js would leave what the tape has saved: let it run dry first.
        failure = { error };
        return mul<Scalar>(sum(variables[0]!), 0);
      }
    }, variables);
    made = [value, ...Object.values(grads)];
    if (failure) throw failure.error;
    const clip = (): NamedTensorMap => {
      if (clipNorm === undefined) return grads;
      const clipped = clipGradients(grads, clipNorm);
      made.push(...Object.values(clipped));
      return clipped;
    };
    let number: number;
    if (optimizer instanceof AdamW && getBackend() === 'onnx') {
      // Recorded before the loss is read, the step is part of the graph that gives the loss.
      const proposal = optimizer.propose(clip());
      // Gradients that nobody holds need not be written out.
      dispose(made.filter((tensor) => tensor !== value));
      made = [value];
      number = await readScalar(value).catch((error: unknown) => {
        proposal.discard();
        throw error;
      });
      if (Number.isFinite(number)) proposal.commit();
      else proposal.discard();
    } else {
      number = await readScalar(value);
      if (Number.isFinite(number)) optimizer.applyGradients(clip());
    }
    const result = { loss: number, logits };
    logits = undefined;
    return result;
  } finally {
    dispose(made);
    logits?.dispose();
  }
}
