export { type BinaryCrossEntropyLossOptions, binaryCrossEntropyLoss } from './binaryCrossEntropyLoss.js';
export { type BorderWeightsOptions, borderWeights } from './borderWeights.js';
export { boundaryLoss } from './boundaryLoss.js';
export { type CrossEntropyLossOptions, crossEntropyLoss } from './crossEntropyLoss.js';
export { type DeepLoss, deepSupervision, type LevelWeight } from './deepSupervision.js';
export { type DiceLossOptions, diceLoss } from './diceLoss.js';
export { type FocalLossOptions, focalLoss } from './focalLoss.js';
export { type FocalTverskyLossOptions, focalTverskyLoss } from './focalTverskyLoss.js';
export { type GeneralizedDiceLossOptions, generalizedDiceLoss } from './generalizedDiceLoss.js';
export {
  type GeneralizedWassersteinDiceLossOptions,
  generalizedWassersteinDiceLoss,
} from './generalizedWassersteinDiceLoss.js';
export { jaccardLoss } from './jaccardLoss.js';
export { type KlDivergenceLossOptions, klDivergenceLoss } from './klDivergenceLoss.js';
export type { Loss, LossMode, LossOf, LossOptions, Unreduced, UnreducedLoss } from './loss.js';
export { type LovaszLossOptions, lovaszLoss } from './lovaszLoss.js';
export { type MccLossOptions, mccLoss } from './mccLoss.js';
export { meanAbsoluteErrorLoss } from './meanAbsoluteErrorLoss.js';
export { meanSquaredErrorLoss } from './meanSquaredErrorLoss.js';
export type { OverlapLossOptions } from './overlapLoss.js';
export { pixelWeightedLoss } from './pixelWeightedLoss.js';
export { type SmoothL1LossOptions, smoothL1Loss } from './smoothL1Loss.js';
export { sumLosses } from './sumLosses.js';
export { type TargetBorderWeightsOptions, targetBorderWeights } from './targetBorderWeights.js';
export { type TverskyLossOptions, tverskyLoss } from './tverskyLoss.js';
