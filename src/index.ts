export * from './core/index.js';
export { imageToTensor, tensorToImage } from './core/tensor.js';
