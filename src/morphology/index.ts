export { type ClearBorderOptions, clearBorder } from './clearBorder.js';
export { close } from './close.js';
export type { Connectivity } from './components.js';
export { dilate } from './dilate.js';
export { disk } from './disk.js';
export { erode } from './erode.js';
export { type FillHolesOptions, fillHoles } from './fillHoles.js';
export type { FootprintOptions } from './footprint.js';
export { type BorderMode, type GaussianOptions, gaussian } from './gaussian.js';
export { type LabelOptions, label } from './label.js';
export { open } from './open.js';
export { type OtsuOptions, otsu } from './otsu.js';
export { type RegionPropertiesOptions, regionProperties } from './regionProperties.js';
export type {
  DefaultRegionProperty,
  IntensityProperty,
  RegionProperties,
  RegionProperty,
  RegionPropertyValues,
} from './regionPropertyValues.js';
export { type RelabelSequentialOptions, relabelSequential } from './relabelSequential.js';
export { type RemoveSmallHolesOptions, removeSmallHoles } from './removeSmallHoles.js';
export { type RemoveSmallObjectsOptions, removeSmallObjects } from './removeSmallObjects.js';
export { square } from './square.js';
