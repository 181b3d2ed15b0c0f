export type { Connectivity } from './components.js';
export { type LabelOptions, label } from './label.js';
export { type RegionPropertiesOptions, regionProperties } from './regionProperties.js';
export type {
  DefaultRegionProperty,
  IntensityProperty,
  RegionProperties,
  RegionProperty,
  RegionPropertyValues,
} from './regionPropertyValues.js';
export { type RelabelSequentialOptions, relabelSequential } from './relabelSequential.js';
