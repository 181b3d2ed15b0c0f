export { argmaxMask } from './argmaxMask.js';
export type { CompiledModel } from './compiledModel.js';
export { type CompileModelOptions, compileModel } from './compileModel.js';
export { type LoadOnnxOptions, loadOnnx } from './loadOnnx.js';
export type { OnnxRuntime, OnnxRuntimeSession, OnnxRuntimeTensor } from './onnxRuntime.js';
export { type PostprocessOptions, postprocess } from './postprocess.js';
export { predict } from './predict.js';
export type { PredictOptions, View } from './predictOptions.js';
export { type ThresholdMaskOptions, thresholdMask } from './thresholdMask.js';
