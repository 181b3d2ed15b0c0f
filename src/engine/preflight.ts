import { getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireKnownOptions, show } from '../core/check.js';
import { EngineError } from '../core/errors.js';
import { isSlow } from './slowKernels.js';
import { traceKernels } from './traceKernels.js';
import { trainingKernels } from './trainingKernels.js';

/** What is looked at before work starts: a model, or the training of the networks of segkit in general. */
export type PreflightSubject = LayersModel | 'training';

/** Options of `Engine.preflight`. */
export interface PreflightOptions {
  /**
   * Whether the model will be trained: its gradients are run too, and the kernels of the losses and optimisers of
   * segkit are looked up. Implied by the subject `'training'`.
   *
   * @defaultValue false
   */
  readonly training?: boolean;
}

/** What stands in the way of a computation, by the names of TensorFlow.js kernels, in alphabetical order. */
export interface Preflight {
  /** Kernels that the engine does not have: the computation will throw. Behind one, a layer may hide another. */
  readonly missing: readonly string[];
  /** Kernels that the engine runs far below its speed. */
  readonly slow: readonly string[];
}

/** See `Engine.preflight`; `name` is that of the engine that is asked. */
export function preflight(name: string, subject: PreflightSubject, options: PreflightOptions = {}): Preflight {
  requireKnownOptions('preflight', options, ['training']);
  const { training = false } = options;
  if (typeof training !== 'boolean') throw new TypeError(`training must be true or false, got ${show(training)}.`);
  if (getBackend() !== name) {
    throw new EngineError(`preflight asks the engine ${name}, but ${getBackend()} is the active one by now.`);
  }
  const generic = subject === 'training';
  if (!generic && !isModel(subject)) {
    throw new TypeError(`subject must be a LayersModel or "training", got ${show(subject)}.`);
  }
  const kernels = new Set<string>(generic || training ? trainingKernels : []);
  if (!generic) for (const kernel of traceKernels(subject, training)) kernels.add(kernel);
  const names = [...kernels].sort();
  const missing = names.filter((kernel) => !getKernel(kernel, name));
  return { missing, slow: names.filter((kernel) => !missing.includes(kernel) && isSlow(name, kernel)) };
}

function isModel(subject: unknown): subject is LayersModel {
  const { layers, predict } = (subject ?? {}) as { layers?: unknown; predict?: unknown };
  return Array.isArray(layers) && typeof predict === 'function';
}
