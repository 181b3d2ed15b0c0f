export { currentEngine } from './currentEngine.js';
export type { Preflight, PreflightOptions, PreflightSubject } from './preflight.js';
export { requireTraining } from './requireTraining.js';
export type { SlowKernel } from './slowKernels.js';
export type { ConsideredEngine, Engine, EngineName } from './types.js';
export { type UseEngineOptions, useEngine } from './useEngine.js';
