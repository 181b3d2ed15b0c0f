import type { LengthUnit } from '../core/types.js';
import type { MeasurementProfile } from './particle.js';

const LENGTHS: Readonly<Record<MeasurementProfile, RegExp>> = {
  segkit: /^$/,
  imagej: /^(XM?|YM?|Perim\.|BX|BY|Width|Height|Major|Minor|Feret|MinFeret)$/,
  skimage: /^(axis_|equivalent_diameter|feret_|perimeter|centroid)/,
  iso: /^(P$|x_|d_)/,
};
const AREAS: Readonly<Record<MeasurementProfile, RegExp>> = {
  segkit: /^$/,
  imagej: /^(Area|IntDen)$/,
  skimage: /^(area|inertia_tensor)/,
  iso: /^A$/,
};

/** The unit of a column in the words of a program; nothing for ratios and counts, and for segkit's columns, which name theirs. */
export function profileUnit(profile: MeasurementProfile, column: string, unit: LengthUnit): string {
  if (LENGTHS[profile].test(column)) return unit;
  if (AREAS[profile].test(column)) return `${unit}2`;
  if (profile === 'imagej' && /Angle$/.test(column)) return 'deg';
  if (profile === 'imagej' && /^Feret[XY]$/.test(column)) return 'pixels';
  if (profile === 'skimage' && column === 'orientation') return 'rad';
  if (profile === 'skimage' && column.startsWith('bbox-')) return 'pixels';
  return '';
}
