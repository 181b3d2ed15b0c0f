import { getBackend } from '@tensorflow/tfjs-core';
import { EngineError } from '../core/errors.js';
import { missingTrainingKernels } from './abilities.js';
import { engineOf } from './engineOf.js';
import type { Engine } from './types.js';

/**
 * Describes the TensorFlow.js backend in use, however it was chosen: whether it can train, and on how many threads it
 * runs where it tells. `considered` is empty, since nothing is chosen here.
 *
 * @throws EngineError where no backend is active yet: call `useEngine` first.
 *
 * @example
 * ```ts
 * const engine = currentEngine();
 * engine.name; // 'cpu'
 * engine.canTrain; // true
 * ```
 */
export function currentEngine(): Engine {
  const name: string | undefined = getBackend();
  if (!name) throw new EngineError("No TensorFlow.js backend is active; call await useEngine('auto') first.");
  const missing = missingTrainingKernels(name);
  const reason =
    missing.length === 0
      ? `The active TensorFlow.js backend is ${name}.`
      : `The active TensorFlow.js backend is ${name}, which lacks ${missing.join(', ')}.`;
  return engineOf(name, reason, []);
}
