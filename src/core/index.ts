export {
  contiguous,
  createImage,
  createLabels,
  createMask,
  createProbabilityMap,
  type Dtype,
  dtypeOf,
  type Pixels,
  pixels,
} from './arrays.js';
export { stretchContrast, toFloat32, toGrey, toUint8 } from './convert.js';
export { EngineError, FormatError } from './errors.js';
export { Random, type Seed, toRandom } from './random.js';
export type {
  Box,
  Calibration,
  Image,
  Labels,
  LengthUnit,
  Mask,
  PerAxis,
  PixelData,
  Point,
  Polygon,
  ProbabilityMap,
  Sample,
} from './types.js';
