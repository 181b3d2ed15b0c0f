import { requireNumber, requireOneOf, show } from '../core/check.js';
import type { Particle } from './particle.js';
import type { WeightedSizes } from './weightedStatistics.js';

/** The lengths of a particle that may stand for its size. */
export type SizeMeasure = 'equivalentDiameter' | 'axisMajor' | 'axisMinor' | 'feretMax' | 'feretMin';

/** Particles, or their sizes as plain numbers. */
export type Sizes = readonly Particle[] | ArrayLike<number>;

/** The sizes as numbers; throws where one is negative or not finite, or the particles differ in unit. */
export function sizesOf(sizes: Sizes, measure: SizeMeasure): Float64Array {
  requireOneOf('measure', measure, ['equivalentDiameter', 'axisMajor', 'axisMinor', 'feretMax', 'feretMin']);
  if (sizes === null || typeof sizes !== 'object' || typeof sizes.length !== 'number') {
    throw new TypeError(`sizes must be particles or an array of numbers, got ${show(sizes)}.`);
  }
  const values = new Float64Array(sizes.length);
  let unit: string | undefined;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i];
    let value: number;
    if (typeof size === 'object' && size !== null) {
      unit ??= size.unit;
      if (size.unit !== unit) throw new RangeError(`sizes must have one unit, got ${unit} and ${size.unit}.`);
      value = size[measure];
      if (!isLength(value)) requireNumber(`sizes[${i}].${measure}`, value, { min: 0 });
    } else {
      value = size as number;
      if (!isLength(value)) requireNumber(`sizes[${i}]`, value, { min: 0 });
    }
    values[i] = value;
  }
  return values;
}

/** Whether a number passes without its name, which takes longer to spell out than all the rest. */
function isLength(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

/**
 * The sizes, ascending, with what each counts for: the Miles-Lantuéjoul weight of a particle that has one, else 1. Throws
 * as {@link sizesOf}.
 */
export function weightedSizesOf(sizes: Sizes, measure: SizeMeasure): WeightedSizes {
  const values = sizesOf(sizes, measure);
  const weights = new Float64Array(values.length).fill(1);
  let plain = true;
  for (let i = 0; i < values.length; i++) {
    const size = sizes[i];
    if (typeof size !== 'object' || size === null || size.weight === undefined) continue;
    requireNumber(`sizes[${i}].weight`, size.weight, { above: 0 });
    weights[i] = size.weight;
    plain = false;
  }
  if (plain) return { sorted: values.sort(), weights };
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  return { sorted: Float64Array.from(order, (i) => values[i]!), weights: Float64Array.from(order, (i) => weights[i]!) };
}
