import { missingTrainingKernels, threadsOf } from './abilities.js';
import { preflight } from './preflight.js';
import { compileSecondsOf, slowKernelsOf } from './slowKernels.js';
import type { ConsideredEngine, Engine } from './types.js';

/** Describes a backend that is active. */
export function engineOf(name: string, reason: string, considered: readonly ConsideredEngine[]): Engine {
  const threads = threadsOf(name);
  return {
    name,
    canTrain: missingTrainingKernels(name).length === 0,
    reason,
    considered,
    ...(threads !== undefined && { threads }),
    slowKernels: () => slowKernelsOf(name),
    compileSeconds: () => compileSecondsOf(name),
    preflight: (subject, options) => preflight(name, subject, options),
  };
}
