import type { Optimizer } from '@tensorflow/tfjs-core';
import { show } from '../core/check.js';

/** Returns the learning rate of any optimiser of TensorFlow.js or ours. Internal to the library. */
export function learningRateOf(optimizer: Optimizer): number {
  const rate: unknown = typeof optimizer === 'object' && optimizer !== null && Reflect.get(optimizer, 'learningRate');
  if (typeof rate !== 'number' || typeof optimizer.applyGradients !== 'function') {
    throw new TypeError(
      `optimizer must be an optimiser with a learning rate, such as adamW(3e-4), got ${show(optimizer)}.`,
    );
  }
  return rate;
}

/** Sets it: SGD and momentum keep it in a tensor, behind a setter; the others read the field at each step. */
export function setLearningRate(optimizer: Optimizer, rate: number): void {
  if (learningRateOf(optimizer) === rate) return;
  const setter: unknown = Reflect.get(optimizer, 'setLearningRate');
  if (typeof setter === 'function') setter.call(optimizer, rate);
  else Reflect.set(optimizer, 'learningRate', rate);
}
