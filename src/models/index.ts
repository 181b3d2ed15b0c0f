export type { InputShape } from './blocks.js';
export { countParameters, type ParameterCount } from './countParameters.js';
export { inputDivisor } from './inputDivisor.js';
export type { ActivationName } from './layers/activate.js';
export { type PlainUnetOptions, plainUnet } from './plainUnet.js';
export { type SeparableUnetOptions, separableUnet } from './separableUnet.js';
export type { Upsampling } from './upsampled.js';
