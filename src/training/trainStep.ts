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
  tidy,
  Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { AdamW, type Proposal } from './adamW.js';
import type { Batch } from './batch.js';
import { clipGradients } from './clipGradients.js';
import { type AnyLoss, applyModel, lossOf, type SegmentationModel } from './segmentationModel.js';

/** What one step needs. Internal to the library. */
export interface TrainStepOptions {
  readonly loss: AnyLoss;
  /** Epochs done, for losses that change with them; 0 by default. */
  readonly epoch?: number;
  readonly optimizer: Optimizer;
  readonly clipNorm: number | undefined;
  readonly keepLogits: boolean;
}

/** What one step gives; `logits` only where asked for, for the caller to dispose. */
export interface TrainStepResult {
  readonly loss: number;
  readonly logits: Tensor | undefined;
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
  { loss, epoch = 0, optimizer, clipNorm, keepLogits }: TrainStepOptions,
): Promise<TrainStepResult> {
  let logits: Tensor | undefined;
  let made: Tensor[] = [];
  const forward = () => {
    const output = applyModel(target, batch.images, true);
    if (keepLogits) logits = keep(output.logits);
    let total = lossOf(loss, batch.target, output, epoch);
    for (const penalty of target.model.calculateLosses()) total = add<Scalar>(total, penalty);
    return total;
  };
  /** The loss and its gradients, clipped. */
  const differentiate = (): { value: Scalar; grads: NamedTensorMap } => {
    let failure: { readonly error: unknown } | undefined;
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
    if (clipNorm === undefined) return { value, grads };
    const clipped = clipGradients(grads, clipNorm);
    made.push(...Object.values(clipped));
    return { value, grads: clipped };
  };
  try {
    const number =
      optimizer instanceof AdamW && getBackend() === 'onnx'
        ? await moveAtOnce(differentiate, optimizer)
        : await moveByLoss(differentiate, optimizer);
    const result = { loss: number, logits };
    logits = undefined;
    return result;
  } finally {
    dispose(made);
    logits?.dispose();
  }
}

type Differentiate = () => { value: Scalar; grads: NamedTensorMap };

/** Reads the loss, then moves the weights. */
async function moveByLoss(differentiate: Differentiate, optimizer: Optimizer): Promise<number> {
  const { value, grads } = differentiate();
  const loss = (await value.data())[0]!;
  if (Number.isFinite(loss)) optimizer.applyGradients(grads);
  return loss;
}

/**
 * Records all of the step before the loss is read, in one scope, so that an engine that records runs it as one graph.
 * Gradients end with the scope: nobody holds them, so they are not written out.
 */
async function moveAtOnce(differentiate: Differentiate, optimizer: AdamW): Promise<number> {
  let proposal!: Proposal;
  const value = tidy(() => {
    const step = differentiate();
    proposal = optimizer.propose(step.grads);
    for (const tensor of proposal.tensors) keep(tensor);
    return step.value;
  });
  try {
    const loss = (await value.data())[0]!;
    if (Number.isFinite(loss)) proposal.commit();
    else proposal.discard();
    return loss;
  } catch (error) {
    proposal.discard();
    throw error;
  }
}
