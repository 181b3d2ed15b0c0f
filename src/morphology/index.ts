export type { Connectivity } from './components.js';
export { type LabelOptions, label } from './label.js';
export { type RelabelSequentialOptions, relabelSequential } from './relabelSequential.js';
