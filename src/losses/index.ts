export { type BinaryCrossEntropyLossOptions, binaryCrossEntropyLoss } from './binaryCrossEntropyLoss.js';
export { type CrossEntropyLossOptions, crossEntropyLoss } from './crossEntropyLoss.js';
export { type DiceLossOptions, diceLoss } from './diceLoss.js';
export { type FocalLossOptions, focalLoss } from './focalLoss.js';
export { jaccardLoss } from './jaccardLoss.js';
export type { Loss, LossMode } from './loss.js';
export type { OverlapLossOptions } from './overlapLoss.js';
export { sumLosses } from './sumLosses.js';
