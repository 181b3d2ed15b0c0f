import { EngineError } from '../core/errors.js';
import { hasGradients } from './abilities.js';
import { currentEngine } from './currentEngine.js';

/**
 * Throws where the active TensorFlow.js backend cannot train, before a training run spends minutes to find out; else
 * it does nothing.
 *
 * @throws EngineError where no backend is active, where it lacks the kernels of the gradients (the wasm backend does
 * unless `useEngine` prepared it), or where the gradients themselves are not registered.
 *
 * @example
 * ```ts
 * await useEngine('cpu', { training: true });
 * requireTraining();
 * ```
 */
export function requireTraining(): void {
  const { name, canTrain, reason } = currentEngine();
  if (!canTrain) {
    throw new EngineError(`${reason} Call await useEngine('${name}', { training: true }) before training.`);
  }
  if (!hasGradients()) {
    throw new EngineError(
      "The gradients of TensorFlow.js are not registered. Call await useEngine(..., { training: true }) or import '@tensorflow/tfjs-layers'.",
    );
  }
}
