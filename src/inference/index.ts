export { argmaxMask } from './argmaxMask.js';
export { type PostprocessOptions, postprocess } from './postprocess.js';
export { predict } from './predict.js';
export type { PredictOptions, View } from './predictOptions.js';
export { type ThresholdMaskOptions, thresholdMask } from './thresholdMask.js';
