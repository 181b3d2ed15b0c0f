export { type AdaptedRand, adaptedRand } from './adaptedRand.js';
export { addConfusionMatrices } from './addConfusionMatrices.js';
export { addThresholdSweeps } from './addThresholdSweeps.js';
export { adjustedRandIndex } from './adjustedRandIndex.js';
export { type AggregatedJaccardIndexOptions, aggregatedJaccardIndex } from './aggregatedJaccardIndex.js';
export { type AverageInstancePrecisionOptions, averageInstancePrecision } from './averageInstancePrecision.js';
export { type AverageMetricOptions, averageMetric, type ClassMetric } from './averageMetric.js';
export { averagePrecision } from './averagePrecision.js';
export { type AverageSurfaceDistanceOptions, averageSurfaceDistance } from './averageSurfaceDistance.js';
export { balancedAccuracy } from './balancedAccuracy.js';
export { type BestThreshold, bestThreshold } from './bestThreshold.js';
export type { ScoreOptions } from './binaryScores.js';
export { type BootstrapInterval, type BootstrapOptions, bootstrapInterval } from './bootstrapInterval.js';
export { type BoundaryDistances, type BoundaryDistancesOptions, boundaryDistances } from './boundaryDistances.js';
export { type BoundaryScores, boundaryF1 } from './boundaryF1.js';
export { brierScore } from './brierScore.js';
export {
  addCalibrationBins,
  type CalibrationBins,
  type CalibrationBinsOptions,
  calibrationBins,
} from './calibrationBins.js';
export { type CalibrationCurve, calibrationCurve } from './calibrationCurve.js';
export { type CalibrationError, calibrationError } from './calibrationError.js';
export { classAccuracy } from './classAccuracy.js';
export { addClassCounts, type ClassCounts, classCounts } from './classCounts.js';
export type { ClassIds, Numbers, Scores } from './classIds.js';
export type { ClassScoreOptions } from './classScores.js';
export { type ClassRow, classTable } from './classTable.js';
export { type CohenKappaOptions, cohenKappa } from './cohenKappa.js';
export { type ConfusionMatrix, type ConfusionMatrixOptions, confusionMatrix } from './confusionMatrix.js';
export type { AbsentPolicy, MeanOptions } from './counts.js';
export { dice } from './dice.js';
export { f1 } from './f1.js';
export { falseDiscoveryRate } from './falseDiscoveryRate.js';
export { falseNegativeRate } from './falseNegativeRate.js';
export { falseOmissionRate } from './falseOmissionRate.js';
export { falsePositiveRate } from './falsePositiveRate.js';
export { type FBetaOptions, fBeta } from './fBeta.js';
export { frequencyWeightedIou } from './frequencyWeightedIou.js';
export { type GeneralizedDiceOptions, generalizedDice } from './generalizedDice.js';
export { type HausdorffDistanceOptions, hausdorffDistance } from './hausdorffDistance.js';
export { type ImageMutualInformationOptions, imageMutualInformation } from './imageMutualInformation.js';
export { addInstanceCounts, type InstanceCounts, instanceCounts } from './instanceCounts.js';
export { type InstanceScores, instanceScores } from './instanceScores.js';
export { iou } from './iou.js';
export { type LogLossOptions, logLoss } from './logLoss.js';
export { type InstanceMatch, type InstanceMatches, type InstanceOptions, matchInstances } from './matchInstances.js';
export { matthewsCorrelation } from './matthewsCorrelation.js';
export { meanDice } from './meanDice.js';
export { meanF1 } from './meanF1.js';
export { meanIou } from './meanIou.js';
export { meanPixelAccuracy } from './meanPixelAccuracy.js';
export { meanPrecision } from './meanPrecision.js';
export { meanRecall } from './meanRecall.js';
export { meanSquaredError } from './meanSquaredError.js';
export { type MultilabelCountsOptions, multilabelCounts } from './multilabelCounts.js';
export { mutualInformation } from './mutualInformation.js';
export { negativeLikelihoodRatio } from './negativeLikelihoodRatio.js';
export { negativePredictiveValue } from './negativePredictiveValue.js';
export { normalizeConfusionMatrix } from './normalizeConfusionMatrix.js';
export { normalizedMutualInformation } from './normalizedMutualInformation.js';
export { normalizedRootMeanSquareError } from './normalizedRootMeanSquareError.js';
export { otsuThreshold } from './otsuThreshold.js';
export { type DataRangeOptions, peakSignalToNoiseRatio } from './peakSignalToNoiseRatio.js';
export { pixelAccuracy } from './pixelAccuracy.js';
export { positiveLikelihoodRatio } from './positiveLikelihoodRatio.js';
export { precision } from './precision.js';
export { type PrecisionRecallCurve, precisionRecallCurve } from './precisionRecallCurve.js';
export { recall } from './recall.js';
export { rocAuc } from './rocAuc.js';
export { type RocCurve, rocCurve } from './rocCurve.js';
export { type SizeError, type SizeErrors, type SizeErrorsOptions, sizeErrors } from './sizeErrors.js';
export { specificity } from './specificity.js';
export type { DistanceMetric } from './stepDistances.js';
export { type StructuralSimilarityOptions, structuralSimilarity } from './structuralSimilarity.js';
export { type MetricsSummary, summarizeMetrics } from './summarizeMetrics.js';
export { type BoundaryToleranceOptions, surfaceDice } from './surfaceDice.js';
export { sweepCounts } from './sweepCounts.js';
export { type ThresholdSweep, type ThresholdSweepOptions, thresholdSweep } from './thresholdSweep.js';
export { type TopKAccuracyOptions, topKAccuracy } from './topKAccuracy.js';
export {
  type VariationOfInformation,
  type VariationOfInformationOptions,
  variationOfInformation,
} from './variationOfInformation.js';
