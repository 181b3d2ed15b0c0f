export { currentEngine } from './currentEngine.js';
export { requireTraining } from './requireTraining.js';
export type { ConsideredEngine, Engine, EngineName } from './types.js';
export { type UseEngineOptions, useEngine } from './useEngine.js';
