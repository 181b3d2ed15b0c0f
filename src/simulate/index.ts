export type { MicrographMode, SimulateMicrographOptions } from './options.js';
export type { ParticleShape } from './outline.js';
export { type SimulateDatasetOptions, type SimulatedSample, simulateDataset } from './simulateDataset.js';
export { type SimulatedMicrograph, type SimulatedParticle, simulateMicrograph } from './simulateMicrograph.js';
