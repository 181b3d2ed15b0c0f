import { requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import type { ConfidenceOptions } from './bootstrapSizes.js';
import type { SizeMeasure, Sizes } from './diameters.js';
import type { SizeStatistics } from './sizeStatistics.js';
import { summarizeSizes } from './summarizeSizes.js';
import type { Weighting } from './weightedStatistics.js';

/** Options of {@link particlesNeeded}. */
export interface ParticlesNeededOptions {
  /** Which statistic is to be known. @defaultValue 'mean' */
  readonly statistic?: keyof SizeStatistics;
  /** Half the width of its confidence interval, as a share of its value. @defaultValue 0.05 */
  readonly precision?: number;
  /** What each size counts for. @defaultValue 'number' */
  readonly weighting?: Weighting;
  /** How the interval is found; see {@link summarizeSizes}. */
  readonly confidence?: ConfidenceOptions;
  /** Which length of a particle is its size. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
}

/** When to stop counting. */
export interface ParticlesNeeded {
  /** Half the width of the interval so far, as a share of the value. */
  readonly precision: number;
  /** How many particles the wanted precision takes, about. */
  readonly needed: number;
  /** How many are still missing; 0 where it is reached. */
  readonly missing: number;
  /** In plain words, where particles are missing or too few to tell. */
  readonly warning?: string;
}

/**
 * Returns how many particles a wanted precision takes, from the bootstrap interval of those at hand, which narrows with the
 * root of their number: the rule by which to stop counting.
 *
 * @throws RangeError for a precision that is not above 0.
 *
 * @example
 * ```ts
 * const few = particlesNeeded([4, 5, 6, 5, 4, 6, 5, 4, 6, 5], { precision: 0.01 });
 * few.missing > 0; // true
 * ```
 */
export function particlesNeeded(sizes: Sizes, options: ParticlesNeededOptions = {}): ParticlesNeeded {
  requireKnownOptions('particlesNeeded', options, ['statistic', 'precision', 'weighting', 'confidence', 'measure']);
  const { statistic = 'mean', precision = 0.05, weighting = 'number', confidence = {} } = options;
  const { measure = 'equivalentDiameter' } = options;
  requireNumber('precision', precision, { above: 0 });
  const summary = summarizeSizes(sizes, { measure, weighting, confidence });
  requireOneOf('statistic', statistic, Object.keys(summary.confidence!) as Array<keyof SizeStatistics>);
  const [low, high] = summary.confidence![statistic];
  const value = summary[statistic];
  const { count } = summary;
  const level = Math.round(100 * (confidence.level ?? 0.95));
  const reached = (high - low) / 2 / Math.abs(value);
  if (count < 10 || !Number.isFinite(reached)) {
    return {
      precision: Number.NaN,
      needed: Number.NaN,
      missing: Number.NaN,
      warning: `${count} particles are too few to say how well ${statistic} is known: count at least 10, better hundreds.`,
    };
  }
  const needed = Math.max(2, Math.ceil(count * (reached / precision) ** 2));
  const missing = Math.max(0, needed - count);
  const percent = (share: number) => `${(100 * share).toPrecision(2)} %`;
  return {
    precision: reached,
    needed,
    missing,
    ...(missing === 0
      ? {}
      : {
          warning:
            `${statistic} is known to ${percent(reached)} (${level} % confidence) from ${count} particles; ` +
            `${percent(precision)} takes about ${needed}, ${missing} more.`,
        }),
  };
}
