export type { ConfidenceOptions } from './bootstrapSizes.js';
export { type ClusterParticlesOptions, clusterParticles } from './clusterParticles.js';
export type { SizeMeasure, Sizes } from './diameters.js';
export { type EstimateDriftOptions, estimateDrift } from './estimateDrift.js';
export {
  type DistributionFit,
  type DistributionKind,
  type FitDistributionOptions,
  fitDistribution,
} from './fitDistribution.js';
export type { BandwidthRule } from './kernelDensity.js';
export { type MeasureParticlesOptions, measureParticles } from './measureParticles.js';
export { nearestNeighbors } from './nearestNeighbors.js';
export type { MeasurementProfile, Particle } from './particle.js';
export { type ParticlesNeeded, type ParticlesNeededOptions, particlesNeeded } from './particlesNeeded.js';
export { type ParticlesToCsvOptions, particlesToCsv } from './particlesToCsv.js';
export { type ParticlesToJsonOptions, particlesToJson } from './particlesToJson.js';
export type { Positions } from './points.js';
export { type ProfileTable, type ProfileTableOptions, profileTable } from './profileTable.js';
export { type ProfileTableToCsvOptions, profileTableToCsv } from './profileTableToCsv.js';
export { type ProfileTableToJsonOptions, profileTableToJson } from './profileTableToJson.js';
export { type SizeCurve, type SizeCurvesOptions, sizeCurves } from './sizeCurves.js';
export { type SizeDensity, type SizeDensityOptions, sizeDensity } from './sizeDensity.js';
export { type BinRule, type SizeHistogram, type SizeHistogramOptions, sizeHistogram } from './sizeHistogram.js';
export type { SizeStatistics } from './sizeStatistics.js';
export {
  type BoundaryUncertaintyOptions,
  boundaryUncertainty,
  type ProbabilityUncertaintyOptions,
  probabilityUncertainty,
  type SizeUncertainty,
} from './sizeUncertainty.js';
export {
  type Frame,
  type SpatialStatistics,
  type SpatialStatisticsOptions,
  spatialStatistics,
} from './spatialStatistics.js';
export { type CoarseningSummary, type SummarizeCoarseningOptions, summarizeCoarsening } from './summarizeCoarsening.js';
export { type SizeSummary, type SummarizeSizesOptions, summarizeSizes } from './summarizeSizes.js';
export { type ParticleTracks, type Track, type TrackParticlesOptions, trackParticles } from './trackParticles.js';
export type { Weighting } from './weightedStatistics.js';
