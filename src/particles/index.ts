export type { SizeMeasure, Sizes } from './diameters.js';
export { type MeasureParticlesOptions, measureParticles } from './measureParticles.js';
export type { MeasurementProfile, Particle } from './particle.js';
export { type ParticlesToCsvOptions, particlesToCsv } from './particlesToCsv.js';
export { type BinRule, type SizeHistogram, type SizeHistogramOptions, sizeHistogram } from './sizeHistogram.js';
export { type SizeSummary, type SummarizeSizesOptions, summarizeSizes } from './summarizeSizes.js';
